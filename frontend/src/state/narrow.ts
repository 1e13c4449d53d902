/** Whether the page is as narrow as a phone, where words have to be fewer. */
import { signal } from "@preact/signals";

const narrow = matchMedia("(max-width: 47.5em)");
export const isNarrow = signal(narrow.matches);
narrow.addEventListener("change", (event) => {
  isNarrow.value = event.matches;
});
