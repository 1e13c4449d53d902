/** Finding again, after the page was loaded anew, the file that was being sent or is still being checked. */
import { batch } from "@preact/signals";
import { session } from "../state/session";
import { asProblem } from "../state/store";
import { uploadsOf } from "./api";
import { checked, chosenBefore, form, formOf, refusal } from "./flow";
import { openChangeset, showUpload } from "./review";
import { forgetSending, lastSending, unsent } from "./sent";
import { pause, work } from "./working";

const MOST_LOOKS = 4;
const LOOK_MS = 700;

/** What the page had begun to send before it was loaded anew: go on with it, or say that it did not arrive. */
export async function findSent(): Promise<void> {
  const sent = lastSending();
  if (!sent || work.value) return;
  forgetSending();
  // What had gone completely may still be on its way into the list.
  for (let looks = 0; looks < MOST_LOOKS && !work.value; looks++) {
    const { uploads } = await uploadsOf(null).catch(() => ({ uploads: [] }));
    const found = uploads.find(
      (one) => one.id > sent.after && one.size === sent.size && one.account === session.value?.name,
    );
    if (found) return goOn(found.id);
    await pause(LOOK_MS);
  }
  if (!work.value) unsent.value = sent.name;
}

/** Go on showing an upload that is being checked, until it is staged or refused. */
export async function goOn(id: number): Promise<void> {
  if (work.value) return;
  batch(() => {
    refusal.value = null;
    unsent.value = null;
    work.value = { stage: "waiting", done: 0, total: 0 };
  });
  showUpload(id);
  try {
    const upload = await checked(`/api/uploads/${id}`, (found) => {
      // The same file, mended, has its form still.
      chosenBefore.value = found.name;
      form.value = formOf(found);
    });
    showUpload(null);
    await openChangeset(upload.changeset!);
  } catch (error) {
    showUpload(null);
    refusal.value = asProblem(error);
  } finally {
    work.value = null;
  }
}
