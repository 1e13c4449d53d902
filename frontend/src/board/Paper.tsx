/** What a part of the board says of itself on paper: whose it is, when it was made, whom it owes its facts to. */
import type { JSX } from "preact";
import { isoOf } from "../dates";
import { catalogue, lang, today } from "../state/store";
import { dateIn, nameIn } from "../text/words";
import { progressWords } from "./asked";

/** Above what is printed; not on the screen. The address opens what was printed. */
export function PaperHead(): JSX.Element {
  const { area, revision } = catalogue.value!;
  const t = progressWords.value.compare;
  const within = lang.value === "zh" ? area.within_zh : area.within_en;
  const made = t.made(dateIn(lang.value, isoOf(today.value)), revision);
  return (
    <p class="on-paper">
      {nameIn(lang.value, area)} · {within} · {made}
      <br />
      {location.origin + location.pathname + decodeURI(location.search)}
    </p>
  );
}

export function Credits(): JSX.Element {
  const { credits, site } = catalogue.value!;
  const zh = lang.value === "zh";
  const footer = zh ? site.footer_zh : site.footer_en;
  return (
    <p class="credits">
      {progressWords.value.compare.credits}: {credits.map((one) => (zh ? one.zh : one.en)).join(" · ")}
      {footer && ` · ${footer}`}
    </p>
  );
}
