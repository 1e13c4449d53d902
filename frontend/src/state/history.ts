/** Keeps the address of the page and the state in step, so that Back works and everything can be linked. */
import { effect } from "@preact/signals";
import { type Address, readAddress, writeAddress } from "./address";
import {
  applyAddress,
  camera,
  chart,
  chosenBase,
  chosenDay,
  chosenLang,
  compared,
  goToAddress,
  kindsOn,
  known,
  marked,
  phaseFilter,
  query,
  range,
  selected,
} from "./store";

// Browsers refuse more than a few hundred address changes in half a minute: a slider makes more.
const QUIET_MS = 250;
/** Filters set and letters typed within this time are one step back. */
const PAUSE_MS = 700;

const current = (): Omit<Address, "refused"> => ({
  day: chosenDay.value,
  known: known.value,
  compared: compared.value,
  range: range.value,
  kinds: kindsOn.value && [...kindsOn.value],
  phases: [...phaseFilter.value],
  project: selected.value,
  at: camera.value,
  lang: chosenLang.value,
  query: query.value,
  marked: [...marked.value],
  base: chosenBase.value,
});

type Written = Omit<Address, "refused">;
const hrefOf = (search: string): string => `${location.pathname}${search ? `?${search}` : ""}`;
const leaps = (address: Written): string => JSON.stringify([address.project, address.lang]);
const choices = ({ kinds, phases, query: typed }: Written): string => JSON.stringify([kinds, phases, typed]);

/** What a page of its own adds to the address: how it is read, and its parts as they stand. */
export interface More {
  take(search: string): void;
  parts(): [string, string][];
}
const NOTHING_MORE: More = { take: () => undefined, parts: () => [] };

/** Begin: read the address, then write it whenever the state changes. */
export function followAddress(more: More = NOTHING_MORE): void {
  applyAddress(readAddress(location.search));
  more.take(location.search);
  let timer = 0;
  let written = current();
  let returning = false;

  const push = (href: string, address: Written): void => {
    written = address;
    history.pushState(null, "", href);
  };
  const write = (address: Written, search: string): void => {
    clearTimeout(timer);
    const href = hrefOf(search);
    // What came with an address and was corrected, or came back with it, is no step of the reader.
    const settled = chart.peek().status === "ready" && !returning;
    if (!settled) written = address;
    if (href === location.pathname + location.search) return;
    if (leaps(address) !== leaps(written)) push(href, address);
    else if (choices(address) !== choices(written))
      timer = window.setTimeout(() => push(href, address), PAUSE_MS);
    else timer = window.setTimeout(() => history.replaceState(null, "", href), QUIET_MS);
  };
  effect(() => {
    const address = current();
    const own = more
      .parts()
      .map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",")}`);
    write(address, [writeAddress(address), ...own].filter(Boolean).join("&"));
  });

  addEventListener("popstate", () => {
    clearTimeout(timer);
    returning = true;
    goToAddress(readAddress(location.search));
    more.take(location.search);
    returning = false;
  });
}
