/** What is told of a whole file, each with the answer that would change it, one press away. */
import type { JSX } from "preact";
import type { Answers, Issue, Mapping, Upload } from "../data/changesets";
import { checkAgain, checkAnew } from "./flow";
import { takes } from "./former";
import { isAssumed } from "./reading";
import { open } from "./review";
import { answersText, say, text } from "./said";
import { work } from "./working";

/** What is told of a whole file and can be answered by converting. */
const SUSPECTS = new Set(["datum-suspected", "position-shift"]);
const SHIFTED = ["GCJ-02", "BD-09"];

/** The datum that a note suspects: its field names it, or the shift is that of GCJ-02. */
const datumOf = (note: Issue): string => (note.code === "datum-suspected" ? note.field : "GCJ-02");

const isStaged = (): boolean => open.value?.state === "staged";

function Button(props: { of: Upload; more: Answers; primary?: boolean; children: string }): JSX.Element {
  return (
    <button
      type="button"
      class={props.primary ? "button primary" : "button"}
      disabled={work.value !== null}
      onClick={() => void checkAgain(props.of, props.more)}
    >
      {props.children}
    </button>
  );
}

/** Nothing says in which system the places are: what was assumed, and what it most likely is instead. */
function Assumed({ of }: { of: Upload }): JSX.Element {
  const t = answersText.value.crs;
  return (
    <li class="suspect">
      <b>{t.title}</b>
      <p>{t.lede}</p>
      <p class="choices">
        <Button of={of} more={{ source_crs: "WGS84" }}>
          {t.right}
        </Button>
        {SHIFTED.map((datum) => (
          <Button key={datum} of={of} more={{ source_crs: datum }}>
            {t.shifted[datum]}
          </Button>
        ))}
      </p>
    </li>
  );
}

/** To the columns below, opened. */
export function lookAtColumns(): void {
  const columns = document.querySelector<HTMLDetailsElement>("details.mapping");
  if (!columns) return;
  columns.open = true;
  columns.querySelector("summary")?.focus();
  columns.scrollIntoView({ block: "start" });
}

function AsBefore({ of }: { of: Upload }): JSX.Element {
  const t = answersText.value.before;
  return (
    <p class="choices">
      <button type="button" class="button" onClick={lookAtColumns}>
        {t.look}
      </button>
      <button
        type="button"
        class="button"
        disabled={work.value !== null}
        onClick={() => {
          takes.value = false;
          void checkAnew(of);
        }}
      >
        {t.anew}
      </button>
    </p>
  );
}

/** The mapping with another target for one column; null when another column is that already. */
function withTarget(mapping: Mapping, field: string, target: string): Mapping | null {
  if (target !== "keep" && mapping.columns.some((one) => one.target === target)) return null;
  const columns = mapping.columns.map((one) => (one.field === field ? { ...one, target, how: "user" } : one));
  return { ...mapping, columns };
}

function Remark({ note, of }: { note: Issue; of: Upload }): JSX.Element | null {
  const t = answersText.value.remark;
  const mapping = of.report!.mapping;
  const column = mapping.columns.find((one) => one.field === note.field);
  const publishes = note.code === "remark-kept";
  const changed = column?.remark && withTarget(mapping, column.field, publishes ? column.remark : "keep");
  if (!changed) return null;
  return (
    <Button of={of} more={{ mapping: changed }}>
      {publishes ? t.publish(note.field) : t.keep(note.field)}
    </Button>
  );
}

/** What the file does not say of a unit, or its shapes contradict: amounts may be wrong ten thousand times. */
const OF_UNITS = new Set(["unit-assumed", "unit-suspected"]);

function Note(props: { note: Issue; of: Upload; first: boolean }): JSX.Element {
  const t = text.value.report;
  const { note, of, first } = props;
  const isSuspect = SUSPECTS.has(note.code) && isStaged();
  const isOpen = isStaged();
  const asksUnit = OF_UNITS.has(note.code) && isOpen;
  return (
    <li class={isSuspect || asksUnit ? "suspect" : undefined}>
      <p>{say(note)}</p>
      {/* Two signs of one shift ask one question. */}
      {isSuspect && first && (
        <>
          <Button of={of} more={{ source_crs: datumOf(note) }} primary>
            {t.suspect(datumOf(note))}
          </Button>
          <small>{t.suspectNot}</small>
        </>
      )}
      {asksUnit && (
        <button type="button" class="button" onClick={lookAtColumns}>
          {answersText.value.before.look}
        </button>
      )}
      {isOpen && note.code === "as-before" && <AsBefore of={of} />}
      {isOpen && note.code.startsWith("remark-") && <Remark note={note} of={of} />}
    </li>
  );
}

export function Notes({ of }: { of: Upload }): JSX.Element | null {
  const t = text.value.report;
  const notes = of.report?.notes ?? [];
  const firstSuspect = notes.find((note) => SUSPECTS.has(note.code));
  const asks = isAssumed(of) && isStaged() && !firstSuspect;
  if (!notes.length && !asks) return null;
  return (
    <section>
      <h2>{open.value?.state === "published" ? t.notesThen : t.notes}</h2>
      <ul class="file-notes">
        {asks && <Assumed of={of} />}
        {notes.map((note, i) => (
          <Note key={i} note={note} of={of} first={note === firstSuspect} />
        ))}
      </ul>
    </section>
  );
}
