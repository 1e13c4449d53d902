/** Where those who may record find the form; it is fetched for them alone, so that nobody else waits for it. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Claim } from "../data/types";
import { session } from "../state/session";

type Entry = typeof import("../record/entry");
const entry = signal<Entry | null>(null);
let isComing = false;

/** The ways into the form once they are there; what did not come is asked for again where it is next wanted. */
function useEntry(): Entry | null {
  const may = session.value?.may_record ?? false;
  useEffect(() => {
    if (!may || entry.value || isComing) return;
    isComing = true;
    import("../record/entry").then(
      (found) => {
        entry.value = found;
      },
      () => {
        isComing = false;
      },
    );
  }, [may]);
  return may ? entry.value : null;
}

export function RecordHere(props: { project?: string }): JSX.Element | null {
  const found = useEntry();
  return found && <found.RecordButton project={props.project} />;
}

export function CorrectHere(props: { project: string; claim: Claim }): JSX.Element | null {
  const found = useEntry();
  return found && !props.claim.withdrawn ? <found.ClaimButtons {...props} /> : null;
}
