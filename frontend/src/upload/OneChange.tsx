/** One change in a line, and the choice about it: the same in the list and over the map. */
import { computed } from "@preact/signals";
import type { JSX } from "preact";
import type { Change, Decision } from "../data/changesets";
import { session } from "../state/session";
import { claimIn, differencesOf, kindOf } from "./reading";
import { decide, open, upload } from "./review";
import { name, text, vocabulary } from "./said";
import { work } from "./working";

/** Where in its file a change is from, counted from one: the row of a table as a spreadsheet shows it, of other files
 *  the row of what they hold; of a text of boundary points the line. */
export const rowIn = (row: number): string =>
  upload.value?.report?.format === "landpoints" ? text.value.place.line(row) : text.value.place.row(row);

/** What another project in a change is called; who has no name goes by the id. */
const called = ({ named }: Change, id: string): string => (named[id] ? name(named[id]) : id);

export const nameOf = (change: Change): string => name(change) || change.target;

/** The column of the file in which its status stood. */
const statusColumn = computed(
  () => upload.value?.report?.mapping.columns.find((one) => one.target === "status")?.field ?? null,
);

/** What a change does, in one line. */
export function gist(change: Change): string {
  const t = text.value.changes;
  const { op, after, before } = change;
  if (op === "add") {
    const kind = kindOf(change, vocabulary.value.catalogue);
    return t.newThing(kind ? name(kind) : "");
  }
  if (op === "remove") {
    const heirs = after?.successors;
    const isPublic = open.value?.state === "published";
    if (Array.isArray(heirs))
      return t.leadsTo(
        heirs.map((id) => called(change, String(id))),
        isPublic,
      );
    return upload.value ? t.gone : t.goneWithUndo(isPublic);
  }
  if (op === "claim" || op === "withdraw")
    return claimIn(after ?? before ?? {}, vocabulary.value, statusColumn.value);
  if (op === "heard") return t.heard(Object.keys((after?.days as object | undefined) ?? {}).length);
  if (op === "relate" || op === "unrelate") {
    const side = after ?? before ?? {};
    const [from, to] = [side.from, side.to].map((id) => called(change, String(id ?? "")));
    const [succeeds, partOf] = op === "relate" ? [t.succeeds, t.partOf] : [t.succeedsNoMore, t.partOfNoMore];
    return (side.type === "succeeds" ? succeeds : partOf)(from, to);
  }
  const parts = differencesOf(change, vocabulary.value).map((one) => one.name);
  if (change.reshaped) parts.unshift(t.geometry);
  return t.parts(parts);
}

export const decidable = (decision: Decision): decision is "accept" | "reject" =>
  decision === "accept" || decision === "reject";

/** Whether what is open waits for a decision, and of who looks at it. */
export const mayDecide = computed(() => open.value?.state === "staged" && session.value?.may_upload === true);

export function Verdict(props: { change: Change }): JSX.Element {
  const t = text.value.changes;
  const { decision, n } = props.change;
  if (!mayDecide.value || !decidable(decision))
    return <span class={`verdict ${decision}`}>{t.decisions[decision]}</span>;
  const about = nameOf(props.change);
  return (
    // biome-ignore lint/a11y/useSemanticElements: two buttons of one choice, inside a list
    <span class="choice" role="group">
      {(["accept", "reject"] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={decision === one}
          aria-label={one === "accept" ? t.acceptOf(about) : t.rejectOf(about)}
          disabled={work.value !== null}
          onClick={() => decision !== one && void decide({ n: [n] }, one)}
        >
          {t[one]}
        </button>
      ))}
    </span>
  );
}
