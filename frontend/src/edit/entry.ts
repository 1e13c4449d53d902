/** What the page that offers the editor needs of it. */
import { atStake, leaving } from "./state";

export { Editor } from "./Editor";

/** Whether there is something to lose; then the editor asks. */
export function holdsBack(): boolean {
  leaving.value = atStake.value;
  return atStake.value;
}
