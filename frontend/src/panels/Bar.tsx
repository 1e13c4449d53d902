/** The top bar: product, views, search, language, theme. */
import type { JSX } from "preact";
import { chosenLang, lang, words } from "../state/store";
import { toggleTheme } from "../state/theme";
import { Account } from "./Account";
import { Mark } from "./Mark";
import { Search } from "./Search";

export function Bar(): JSX.Element {
  const t = words.value;
  return (
    <header class="bar">
      <h1 class="logo">
        <Mark />
        <b lang="zh">{t.product}</b>
        <span>{t.productAlt}</span>
      </h1>
      <nav class="views" aria-label={t.nav.main}>
        <a href="/" aria-current="page" onClick={(event) => event.preventDefault()}>
          {t.nav.map}
        </a>
      </nav>
      <Search />
      <div class="bar-tools">
        <Account />
        <button
          type="button"
          class="tool"
          lang={lang.value === "zh" ? "en" : "zh"}
          onClick={() => {
            chosenLang.value = lang.value === "zh" ? "en" : "zh";
          }}
        >
          {t.otherLanguage}
        </button>
        <button type="button" class="tool" aria-label={t.theme} title={t.theme} onClick={toggleTheme}>
          <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
            <circle cx="9" cy="9" r="6.2" fill="none" stroke="currentColor" stroke-width="1.5" />
            <path d="M9 2.800a6.200 6.200 0 0 1 0 12.400z" fill="currentColor" />
          </svg>
        </button>
      </div>
    </header>
  );
}
