/** Hand the answer on: by the phone's own way of sharing, as a link, on paper. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { lang } from "../state/store";
import { answer } from "./ask";
import { text } from "./said";

const told = signal<"" | "copied" | "copyFailed">("");

async function share(): Promise<void> {
  const near = answer.value?.near;
  const said = lang.value === "zh" ? near?.summary_zh : near?.summary_en;
  told.value = "";
  if (navigator.share) {
    try {
      await navigator.share({ title: document.title, text: said, url: location.href });
      return;
    } catch (error) {
      // Whoever changes their mind wants nothing copied.
      if (error instanceof DOMException && error.name === "AbortError") return;
    }
  }
  try {
    await navigator.clipboard.writeText(location.href);
    told.value = "copied";
  } catch {
    told.value = "copyFailed";
  }
}

export function Share(): JSX.Element {
  const t = text.value.share;
  return (
    <p class="share">
      <button type="button" class="button" onClick={() => void share()}>
        {typeof navigator.share === "function" ? t.share : t.copy}
      </button>
      <button type="button" class="button" onClick={() => window.print()}>
        {t.print}
      </button>
      <span role="status">{told.value && t[told.value]}</span>
    </p>
  );
}
