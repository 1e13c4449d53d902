/** Names, precision, parent, source and reason; and coordinates as text, for those who cannot drag. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { Told } from "../data/editing";
import type { PrecisionId } from "../data/types";
import { catalogue } from "../state/store";
import { explained, name } from "../upload/said";
import { renamed, textOf } from "./acts";
import { Faults, Field } from "./Field";
import { Parent } from "./Parent";
import {
  begun,
  change,
  draft,
  faultsOf,
  kind,
  lacksShape,
  pieces,
  takeText,
  text,
  tool,
  tried,
  typedFault,
} from "./state";

type Texts = "name_zh" | "name_en" | "source" | "reason" | "part";

function Line(props: {
  at: Texts;
  label: string;
  hint?: string;
  faults?: readonly Told[];
  wrong?: string;
  most: number;
}): JSX.Element {
  const { at, hint, faults = [], wrong } = props;
  return (
    <Field at={at} label={props.label} hint={hint} faults={faults} wrong={wrong}>
      <input
        id={`edit-${at}`}
        value={draft.value[at]}
        maxLength={props.most}
        autocomplete="off"
        aria-describedby={hint && `edit-${at}-hint`}
        aria-invalid={faults.length > 0 || Boolean(wrong)}
        onInput={({ currentTarget: { value } }) =>
          change(at === "name_zh" ? renamed(begun.value, draft.value, value) : { [at]: value }, false)
        }
      />
    </Field>
  );
}

function Kinds(): JSX.Element {
  const t = text.value.fields;
  const { groups, kinds } = catalogue.value!;
  return (
    <Field at="kind" label={t.kind} wrong={tried.value && !draft.value.kind ? t.noKind : ""}>
      <select
        id="edit-kind"
        value={draft.value.kind}
        onChange={(event) => change({ kind: event.currentTarget.value }, false)}
      >
        <option value="">{t.choose}</option>
        {groups.map((group) => (
          <optgroup key={group.id} label={name(group)}>
            {kinds
              .filter((one) => one.group === group.id && one.geometry.length)
              .map((one) => (
                <option key={one.id} value={one.id}>
                  {name(one)}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </Field>
  );
}

function Precision(): JSX.Element {
  const t = text.value.fields;
  const faults = faultsOf("precision");
  const { precisions } = catalogue.value!;
  const now = precisions.find((one) => one.id === draft.value.precision);
  const none = precisions.find((one) => one.id === "unlocated");
  const wrong = tried.value && lacksShape.value ? t.noShape(none ? name(none) : "") : "";
  return (
    <Field at="precision" label={t.precision} hint={now && explained(now)} faults={faults} wrong={wrong}>
      <select
        id="edit-precision"
        value={draft.value.precision}
        aria-invalid={faults.length > 0 || wrong !== ""}
        aria-describedby="edit-precision-hint"
        onChange={(event) => change({ precision: event.currentTarget.value as PrecisionId })}
      >
        {precisions
          .filter((one) => one.id !== "unlocated" || !draft.value.geometry)
          .map((one) => (
            <option key={one.id} value={one.id}>
              {name(one)}
            </option>
          ))}
      </select>
    </Field>
  );
}

export function Form(): JSX.Element {
  const t = text.value.fields;
  return (
    <>
      {!draft.value.id && <Kinds />}
      <Line at="name_zh" label={t.nameZh} faults={faultsOf("name_zh")} most={200} />
      <Line at="name_en" label={t.nameEn} hint={t.nameEnHint} faults={faultsOf("name_en")} most={200} />
      <Precision />
      <Line at="source" label={t.source} hint={t.sourceHint} most={500} />
      <Parent />
      <Line
        at="reason"
        label={t.reason}
        hint={t.reasonHint}
        most={500}
        wrong={tried.value && !draft.value.reason.trim() ? t.noReason : ""}
      />
    </>
  );
}

/** What is cut off, and how the parts are called. */
export function Cutting(): JSX.Element | null {
  const t = text.value.fields;
  if (!draft.value.cut) return null;
  return (
    <fieldset class="edit-cut">
      <legend>{text.value.tool.cut}</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.value.keeps}
          onChange={(event) => change({ keeps: event.currentTarget.checked }, false)}
        />
        {t.keeps}
      </label>
      {draft.value.keeps && pieces.value.length < 3 && (
        <Line at="part" label={t.part} most={200} faults={faultsOf("parts")} />
      )}
      <button type="button" class="button small" onClick={() => change({ cut: null })}>
        {text.value.cancel}
      </button>
    </fieldset>
  );
}

/** The shape, or the cut, as text. */
export function Coordinates(): JSX.Element {
  const t = text.value.coordinates;
  const isCut = tool.value === "cut";
  const { cut, geometry } = draft.value;
  const now = isCut ? (typeof cut === "string" ? cut : textOf(cut)) : textOf(geometry);
  const typed = useSignal(now);
  useLayoutEffect(() => {
    typed.value = now;
  }, [now]);
  const waits = !kind.value;
  return (
    <details class="edit-coordinates">
      <summary>{t.title}</summary>
      <label for="edit-coordinates">{isCut ? t.cutLabel : t.label}</label>
      <textarea
        id="edit-coordinates"
        rows={6}
        spellcheck={false}
        value={typed.value}
        aria-describedby="edit-coordinates-hint"
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
      />
      <small id="edit-coordinates-hint">{waits ? text.value.fields.noKind : t.hint}</small>
      {typedFault.value && <Faults of={[typedFault.value]} />}
      <button
        type="button"
        class="button small"
        disabled={waits || !typed.value.trim()}
        onClick={() => void takeText(typed.value)}
      >
        {t.take}
      </button>
    </details>
  );
}
