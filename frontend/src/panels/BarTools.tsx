/** At the end of the bar of every page: who is signed in, the other language, the theme. */
import type { JSX } from "preact";
import { lang, speak, words } from "../state/store";
import { toggleTheme } from "../state/theme";
import { Account } from "./Account";

export function BarTools(): JSX.Element {
  const t = words.value;
  const other = lang.value === "zh" ? "en" : "zh";
  return (
    <div class="bar-tools">
      <Account />
      <button type="button" class="tool" lang={other} onClick={() => speak(other)}>
        {t.otherLanguage}
      </button>
      <button type="button" class="tool" aria-label={t.theme} title={t.theme} onClick={toggleTheme}>
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
          <circle cx="9" cy="9" r="6.2" fill="none" stroke="currentColor" stroke-width="1.5" />
          <path d="M9 2.800a6.200 6.200 0 0 1 0 12.400z" fill="currentColor" />
        </svg>
      </button>
    </div>
  );
}
