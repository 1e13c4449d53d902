/** Light or dark: as the system has it until the reader says otherwise. */
import { effect, signal } from "@preact/signals";

export type Theme = "light" | "dark";
const KEY = "guatu-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
    return null;
  }
}

const chosen = signal<Theme | null>(stored());
const fromSystem = signal<Theme>(system.matches ? "dark" : "light");
export const theme = signal<Theme>(chosen.value ?? fromSystem.value);

export function toggleTheme(): void {
  chosen.value = theme.value === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, chosen.value);
  } catch {
    // As above.
  }
}

export function followTheme(): void {
  system.addEventListener("change", (event) => {
    fromSystem.value = event.matches ? "dark" : "light";
  });
  effect(() => {
    theme.value = chosen.value ?? fromSystem.value;
    document.documentElement.dataset.theme = theme.value;
  });
}
