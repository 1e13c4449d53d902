/** The language that somebody chose in this browser: for pages whose address says none. */
import type { Lang } from "../text/words";

const KEY = "guatu-lang";

export function keptLang(): Lang | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "zh" || value === "en" ? value : null;
  } catch {
    // Storage may be forbidden; then the browser's own languages count.
    return null;
  }
}

export function keepLang(lang: Lang): void {
  try {
    localStorage.setItem(KEY, lang);
  } catch {
    // As above: the address still has it.
  }
}
