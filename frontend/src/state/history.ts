/** Keeps the address of the page and the state in step, so that Back works and everything can be linked. */
import { effect } from "@preact/signals";
import { type Address, readAddress, writeAddress } from "./address";
import {
  applyAddress,
  camera,
  chosenDay,
  goToAddress,
  kindsOn,
  known,
  lang,
  phaseFilter,
  query,
  selected,
} from "./store";

// Browsers refuse more than a few hundred address changes in half a minute: a slider makes more.
const QUIET_MS = 250;

const current = (): Omit<Address, "refused"> => ({
  day: chosenDay.value,
  known: known.value,
  kinds: kindsOn.value && [...kindsOn.value],
  phases: [...phaseFilter.value],
  project: selected.value,
  at: camera.value,
  lang: lang.value,
  query: query.value,
});

const hrefOf = (search: string): string => `${location.pathname}${search ? `?${search}` : ""}`;

/** Begin: read the address, then write it whenever the state changes. */
export function followAddress(): void {
  applyAddress(readAddress(location.search));
  let timer = 0;
  let written = { project: selected.value, lang: lang.value };

  const write = (search: string): void => {
    clearTimeout(timer);
    const now = { project: selected.value, lang: lang.value };
    const step = now.project !== written.project || now.lang !== written.lang;
    written = now;
    const href = hrefOf(search);
    if (href === location.pathname + location.search) return;
    if (step) history.pushState(null, "", href);
    else timer = window.setTimeout(() => history.replaceState(null, "", href), QUIET_MS);
  };
  effect(() => write(writeAddress(current())));

  addEventListener("popstate", () => {
    clearTimeout(timer);
    const address = readAddress(location.search);
    written = { project: address.project, lang: address.lang };
    goToAddress(address);
  });
}
