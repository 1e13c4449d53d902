/** The top bar: product, views, search, language, theme. */
import type { JSX } from "preact";
import { chosenLang, lang, words } from "../state/store";
import { toggleTheme } from "../state/theme";
import { Search } from "./Search";

export function Bar(): JSX.Element {
  const t = words.value;
  return (
    <header class="bar">
      <h1 class="logo">
        <svg width="26" height="28" viewBox="0 0 26 28" aria-hidden="true">
          <path
            d="M13 1.500L6.500 6.500M13 1.500l6.500 5"
            stroke="currentColor"
            stroke-width="1.4"
            fill="none"
          />
          <rect x="1.5" y="6" width="23" height="3" rx="1.5" fill="currentColor" />
          <path d="M4 9h18v13.5H4z" fill="none" stroke="currentColor" stroke-width="1.6" />
          <path
            d="M4 18.500c4-4.500 6 1 9.500-2.500S18 11 22 12.500"
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
          />
          <circle cx="13.2" cy="16.2" r="1.9" fill="currentColor" />
          <rect x="3" y="22.5" width="20" height="2.4" rx="1.2" fill="currentColor" />
        </svg>
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
