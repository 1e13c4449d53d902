/** The top bar: product, views, search, language, theme. */
import type { JSX } from "preact";
import { words } from "../state/store";
import { BarTools } from "./BarTools";
import { Mark } from "./Mark";
import { Search } from "./Search";
import { type View, Views } from "./Views";

export function Bar(props: { current?: View }): JSX.Element {
  const t = words.value;
  return (
    <header class="bar">
      <h1 class="logo">
        <Mark />
        <b lang="zh">{t.product}</b>
        <span>{t.productAlt}</span>
      </h1>
      <Views current={props.current ?? "map"} />
      <Search />
      <BarTools />
    </header>
  );
}
