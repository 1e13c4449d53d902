/** What is typed to record a fact or to correct one: as few fields as carry it, in the order of reading. */
import { batch } from "@preact/signals";
import type { JSX } from "preact";
import type { KindInfo, Project } from "../data/types";
import { catalogue, kindOf, lang, nameOf } from "../state/store";
import { dateIn, either, nameIn } from "../text/words";
import { type Choice, choicesOf, hasValue, headOf, unitOf } from "./draft";
import { commitmentName } from "./Effect";
import { Field, TextField } from "./Fields";
import { ProjectField } from "./ProjectField";
import { SourceField } from "./SourceField";
import {
  change,
  chooseCommitment,
  datesNamed,
  doing,
  draft,
  faults,
  kind,
  looked,
  needsReason,
  project,
  proposal,
  searched,
  target,
  text,
} from "./state";

/** So many dates of the words are offered. */
const MOST_NAMED = 3;

function chooseProject(found: Project): void {
  const choices = Object.values(choicesOf(kindOf(found))).flat();
  const { property } = draft.value;
  const isTaken = !property.includes(":") || choices.some((one) => one.property === property);
  batch(() => {
    target.value = found.id;
    if (!isTaken) change({ property: "", value: "", unit: "" });
  });
  // The next thing to say; it is there once this has been drawn.
  requestAnimationFrame(() => document.getElementById("record-property")?.focus());
}

function Options(props: { label: string; choices: readonly Choice[] }): JSX.Element | null {
  if (!props.choices.length) return null;
  return (
    <optgroup label={props.label}>
      {props.choices.map((one) => (
        <option key={one.property} value={one.property}>
          {nameIn(lang.value, one)}
        </option>
      ))}
    </optgroup>
  );
}

function What(props: { kind: KindInfo }): JSX.Element {
  const t = text.value.fields;
  const { milestones, measures, shares } = choicesOf(props.kind);
  const others: Choice[] = (["phase", "activity", "mention"] as const).map((property) => ({
    property,
    name_zh: t[property],
    name_en: t[property],
  }));
  const all = [...milestones, ...measures, ...shares, ...others];
  const now = doing.value;
  const claim = now?.act === "correct" ? now.claim : null;
  // What is corrected may be a thing that is no longer offered.
  const own: Choice[] =
    claim && !all.some((one) => one.property === claim.property)
      ? [{ property: claim.property, name_zh: claim.label_zh, name_en: claim.label_en }]
      : [];
  return (
    <Field at="property" label={t.property}>
      {(described) => (
        <select
          {...described}
          value={draft.value.property}
          onChange={(event) => {
            const property = event.currentTarget.value;
            const sameHead = headOf(property) === headOf(draft.value.property);
            change({
              property,
              value: sameHead ? draft.value.value : "",
              unit: unitOf(props.kind, property),
            });
          }}
        >
          <option value="">{t.choose}</option>
          {own.map((one) => (
            <option key={one.property} value={one.property}>
              {nameIn(lang.value, one)}
            </option>
          ))}
          <Options label={t.milestones} choices={milestones} />
          <Options label={t.measures} choices={measures} />
          <Options label={t.other} choices={others} />
          <Options label={t.shares} choices={shares} />
        </select>
      )}
    </Field>
  );
}

/** The amount of a figure with its unit; the phase that was seen; whether it is worked on. */
function Value(): JSX.Element {
  const t = text.value.fields;
  const { property, value, unit } = draft.value;
  const head = headOf(property);
  if (head === "measure")
    return (
      <div class="record-pair">
        <TextField
          at="value"
          label={t.value}
          hint={t.valueHint}
          mode="decimal"
          value={value}
          onType={(typed) => change({ value: typed })}
        />
        <TextField at="unit" label={t.unit} value={unit} onType={(typed) => change({ unit: typed })} />
      </div>
    );
  const states: readonly (readonly [string, string])[] =
    head === "phase"
      ? (catalogue.value?.phases ?? [])
          .filter((one) => one.code > 0)
          .map((one) => [one.id, nameIn(lang.value, one)] as const)
      : [
          ["active", t.active],
          ["suspended", t.suspended],
        ];
  return (
    <Field at="value" label={head === "phase" ? t.observed : t.state}>
      {(described) => (
        <select
          {...described}
          value={value}
          onChange={(event) => change({ value: event.currentTarget.value })}
        >
          <option value="">{t.choose}</option>
          {states.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** What a date text means, once the service has read it. */
function meaning(of: "date" | "said_on"): string {
  const seen = looked.value;
  const meant = seen?.answer[of];
  if (!meant || !draft.value[of] || seen.body[of] !== draft.value[of]) return "";
  const t = text.value;
  const said = lang.value === "zh" ? meant.date_zh : meant.date_en;
  const { earliest, latest } = meant;
  if (!earliest || !latest || earliest === latest) return t.meansDay(said);
  return t.means(said, dateIn(lang.value, earliest), dateIn(lang.value, latest));
}

/** Why a commitment is proposed, and the way to take it where another one was chosen. */
function Proposed(): JSX.Element | null {
  const t = text.value;
  const found = proposal.value;
  if (!found) return null;
  const name = commitmentName(found.commitment);
  if (found.commitment === draft.value.commitment) return <span>{t.proposed(found.word, name)}</span>;
  return (
    <>
      <span>{t.proposes(found.word, name)}</span>{" "}
      <button type="button" class="quiet" onClick={() => chooseCommitment(found.commitment)}>
        {t.takeProposal}
      </button>
    </>
  );
}

function Commitment(): JSX.Element {
  const t = text.value.fields;
  return (
    <Field at="commitment" label={t.commitment} also={proposal.value && <Proposed />}>
      {(described) => (
        <select
          {...described}
          value={draft.value.commitment}
          onChange={(event) => chooseCommitment(event.currentTarget.value)}
        >
          <option value="">{t.choose}</option>
          {(catalogue.value?.commitments ?? []).map((one) => (
            <option key={one.id} value={one.id}>
              {nameIn(lang.value, one)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function More(): JSX.Element {
  const t = text.value.fields;
  const { said_on, verbatim, note } = draft.value;
  const isWrong = faults.value.some((one) => ["/body/said_on", "/body/note"].includes(one.pointer));
  return (
    <details class="record-more" open={doing.value?.act === "correct" || isWrong}>
      <summary>{t.more}</summary>
      <TextField
        at="said_on"
        label={t.saidOn}
        hint={t.saidOnHint}
        also={meaning("said_on")}
        value={said_on}
        onType={(typed) => change({ said_on: typed })}
      />
      <label class="record-check">
        <input
          type="checkbox"
          checked={verbatim}
          onChange={(event) => change({ verbatim: event.currentTarget.checked })}
        />
        {t.verbatim}
      </label>
      <TextField at="note" label={t.note} rows={2} value={note} onType={(typed) => change({ note: typed })} />
    </details>
  );
}

/** Why a claim is corrected or withdrawn. */
export function Reason(props: { label: string }): JSX.Element {
  const t = text.value.fields;
  return (
    <TextField
      at="reason"
      label={props.label}
      hint={t.reasonHint}
      wrong={needsReason.value ? t.noReason : undefined}
      rows={2}
      value={draft.value.reason}
      onType={(typed) => change({ reason: typed })}
    />
  );
}

/** The dates that the quote names, to be taken as the date. */
function Named(): JSX.Element | null {
  const t = text.value;
  if (!datesNamed.value.length) return null;
  return (
    <div class="record-named" role="status">
      {datesNamed.value.slice(0, MOST_NAMED).map((one) => (
        <button
          type="button"
          class="button"
          key={one.words}
          onClick={() => {
            change({ date: one.words });
            document.getElementById("record-date")?.focus();
          }}
        >
          {t.takeDate(one.words, either(lang.value, one.date_zh, one.date_en))}
        </button>
      ))}
    </div>
  );
}

export function Form(): JSX.Element {
  const t = text.value.fields;
  const { date, quote, locator, property } = draft.value;
  return (
    <div class="record-fields">
      {searched.value ? (
        <ProjectField onPick={chooseProject} />
      ) : (
        project.value && <p class="record-of">{nameOf(project.value)}</p>
      )}
      {kind.value && (
        <>
          <What kind={kind.value} />
          {hasValue(property) && <Value />}
          <TextField
            at="date"
            label={t.date}
            hint={t.dateHint}
            also={meaning("date")}
            value={date}
            onType={(typed) => change({ date: typed })}
          />
          <TextField
            at="quote"
            label={t.quote}
            hint={t.quoteHint}
            class="record-quote"
            rows={2}
            value={quote}
            onType={(typed) => change({ quote: typed })}
          />
          <Named />
          <Commitment />
          <SourceField />
          <TextField
            at="locator"
            label={t.locator}
            hint={t.locatorHint}
            value={locator}
            onType={(typed) => change({ locator: typed })}
          />
          {doing.value?.act === "correct" && <Reason label={t.reason} />}
          <More />
        </>
      )}
    </div>
  );
}
