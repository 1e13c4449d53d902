/** Whose words something rests on: in a line, with the words themselves. */
import type { JSX } from "preact";
import type { Cited, IndicatorRef, ProjectRef } from "../data/planning";
import { openFrom } from "../panels/focus";
import { lang } from "../state/store";
import { dateIn, nameIn } from "../text/words";
import { part } from "./table";

export function CitedLine(props: { said: Cited | null }): JSX.Element | null {
  const { said } = props;
  if (!said) return null;
  const zh = lang.value === "zh";
  const who = zh ? said.publisher_zh : said.publisher_en;
  const quote = zh ? said.quote_zh : said.quote_en;
  return (
    <p class="cited">
      {said.verbatim ? <q lang="zh">{said.quote_zh}</q> : <span>{quote}</span>}{" "}
      <small>
        {who}, {dateIn(lang.value, said.said_on)}
      </small>
    </p>
  );
}

/** What an entry is about: a project, whose card it opens, or a figure. */
export function Subject(props: {
  project: ProjectRef | null;
  indicator: IndicatorRef | null;
}): JSX.Element | null {
  const { project, indicator } = props;
  if (project)
    return (
      <button type="button" class="subject" onClick={(event) => openFrom(event, project.id)}>
        {nameIn(lang.value, project)}
      </button>
    );
  if (indicator)
    return (
      <button
        type="button"
        class="subject"
        onClick={() => {
          part.value = "indicators";
        }}
      >
        {nameIn(lang.value, indicator)}
      </button>
    );
  return null;
}
