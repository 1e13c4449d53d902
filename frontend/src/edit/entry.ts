/** What the page that offers the editor needs of it. */
import { dirty, leaving } from "./state";

export { Editor } from "./Editor";

/** Whether there is something to lose; then the editor asks. */
export function holdsBack(): boolean {
  leaving.value = dirty.value;
  return dirty.value;
}
