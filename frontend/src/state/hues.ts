/** The colours of the kinds, as custom properties that the style sheets and the map read. */
import { effect } from "@preact/signals";
import { printing } from "./paper";
import { catalogue } from "./store";
import { theme } from "./theme";

const COLOUR = /^#[0-9a-f]{3,8}$/i;
const token = (key: string): string => key.replace(/[^\w-]/g, "_");

/** `var(…)` of a hue; the key is that of `hueKey`. */
export const hueVar = (key: string): string => `var(--k-${token(key)})`;
/** `var(…)` of the colour that text takes on a hue. */
export const onHueVar = (key: string): string => `var(--on-k-${token(key)}, var(--paper))`;

export function followHues(): void {
  effect(() => {
    const style = document.documentElement.style;
    // Paper is white, whatever the screen is.
    const dark = theme.value === "dark" && printing.value === null;
    const set = (name: string, value: string): void => {
      if (COLOUR.test(value)) style.setProperty(name, value);
    };
    for (const kind of catalogue.value?.kinds ?? []) {
      set(`--k-${token(kind.id)}`, dark ? kind.style.dark : kind.style.light);
      for (const [value, hue] of Object.entries(kind.style.values ?? {})) {
        const key = token(`${kind.id}-${value}`);
        set(`--k-${key}`, dark ? hue.dark : hue.light);
        set(`--on-k-${key}`, dark ? hue.on_dark : hue.on_light);
      }
    }
  });
}
