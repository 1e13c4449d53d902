/** The way to the page that tells how the chart knows what it says. */
import type { ComponentChildren, JSX } from "preact";
import { chosenLang, words } from "../state/store";

/** `at`: a section of that page; `children` in place of the page's name. */
export function HowLink(props: {
  at?: "sources" | "schematic" | "unknown" | "words";
  children?: ComponentChildren;
}): JSX.Element {
  const query = chosenLang.value ? `?lang=${chosenLang.value}` : "";
  return (
    <a class="how-link" href={`/how${query}${props.at ? `#${props.at}` : ""}`}>
      {props.children ?? words.value.how}
    </a>
  );
}
