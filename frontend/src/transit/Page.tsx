/** The page as a whole: bar, question and answer, map, lines, subscriptions. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { BarTools } from "../panels/BarTools";
import { closeCard } from "../panels/focus";
import { Mark } from "../panels/Mark";
import { Views } from "../panels/Views";
import { catalogue, lang, selected, words } from "../state/store";
import { nameIn } from "../text/words";
import { Answer } from "./Answer";
import { Ask } from "./Ask";
import { shown } from "./ask";
import { Follow } from "./Follow";
import { CardOver, Side } from "./Side";
import { Strips } from "./Strips";
import { name, text } from "./said";

function onEscape(event: KeyboardEvent): void {
  if (event.key === "Escape" && !event.defaultPrevented && selected.value) closeCard();
}

function Foot(): JSX.Element {
  const all = catalogue.value;
  const site = all?.site;
  const footer = site && (lang.value === "zh" ? site.footer_zh : site.footer_en);
  return (
    <footer class="page-foot">
      <p class="only-paper">{[all?.today, location.href].filter(Boolean).join(" · ")}</p>
      <p>
        <a href={`/how${lang.value === "en" ? "?lang=en" : ""}`}>{text.value.know}</a>
      </p>
      <p>{(all?.credits ?? []).map((credit) => (lang.value === "zh" ? credit.zh : credit.en)).join(" · ")}</p>
      {footer && <p>{footer}</p>}
      {site?.map_approval && <p>{site.map_approval}</p>}
    </footer>
  );
}

export function Page(): JSX.Element {
  useSignalEffect(() => {
    const t = text.value;
    const place = shown.value?.place;
    const area = catalogue.value?.area;
    document.documentElement.lang = words.value.htmlLang;
    const where = place ? name(place) : area ? nameIn(lang.value, area) : "";
    document.title = [where, t.title, words.value.titleName].filter(Boolean).join(" · ");
  });
  useEffect(() => {
    addEventListener("keydown", onEscape);
    return () => removeEventListener("keydown", onEscape);
  }, []);
  const t = words.value;
  return (
    <>
      <a class="skip" href="#strips-title">
        {text.value.strips.title}
      </a>
      <header class="bar">
        <p class="logo">
          <Mark />
          <b lang="zh">{t.product}</b>
          <span>{t.productAlt}</span>
        </p>
        <Views current="transit" />
        <BarTools />
      </header>
      <main class={`transit${selected.value ? " with-card" : ""}`}>
        <div class="near">
          <Ask />
          <Answer />
        </div>
        <div class="beside">
          <Side />
          <Strips />
          <Follow />
        </div>
      </main>
      <CardOver />
      <Foot />
    </>
  );
}
