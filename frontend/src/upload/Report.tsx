/** What a file was read as and what was found in it, and the columns, which can be told otherwise. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Changeset, Column, IssueCount, Mapping, Upload } from "../data/changesets";
import { catalogue } from "../state/store";
import { checkAgain } from "./flow";
import { More } from "./More";
import { lookAtColumns, Notes } from "./Notes";
import { became, comparedIn, isNothing, projectsOf, wayOf } from "./reading";
import { narrow, open, part, upload } from "./review";
import { StatusWords } from "./StatusWords";
import { answersText, name, say, targetIn, text } from "./said";
import { work } from "./working";

/** What formats are called everywhere. */
const PROPER: Record<string, string> = {
  geojson: "GeoJSON",
  shapefile: "Shapefile",
  geopackage: "GeoPackage",
};

/** What is asked of a reader, or, once it is decided, what was decided. */
function Badge({ of }: { of: IssueCount }): JSX.Element {
  const t = text.value.report;
  const { state } = open.value!;
  const isTaken = of.severity === "warn" && of.accepted > 0;
  const said =
    state === "staged" ? t.severity[of.severity] : state === "published" ? t.decided(isTaken) : t.undecided;
  return <b class={`badge ${state === "staged" ? of.severity : "settled"}`}>{said}</b>;
}

/** The words of the status that were recognised, and what each became. */
function Recognised({ of }: { of: Upload }): JSX.Element | null {
  const t = text.value.words;
  const found = of.report?.status_words ?? [];
  if (!found.length) return null;
  const phaseOf = (id: string): string => {
    const phase = catalogue.value!.phases.find((one) => one.id === id);
    return id === "unknown" || !phase ? t.nothing : name(phase);
  };
  return (
    <section>
      <h2>
        {t.recognised} <span class="number">{found.length}</span>
      </h2>
      <ul class="recognised" aria-label={t.recognised}>
        {found.map((one) => (
          <li key={`${one.word} ${one.phase}`}>
            <span>{became(one.word, phaseOf(one.phase))}</span>
            <span class="number">{text.value.head.rows(one.rows)}</span>
          </li>
        ))}
      </ul>
      {open.value!.state === "staged" && (
        <p class="lede">
          {t.wrong}{" "}
          <button type="button" class="quiet" onClick={lookAtColumns}>
            {t.mend}
          </button>
        </p>
      )}
    </section>
  );
}

function ReadAs(props: { of: Upload }): JSX.Element | null {
  const t = text.value.report;
  const { report } = props.of;
  if (!report) return null;
  const { source } = report;
  const { source: ts, crs: tc } = answersText.value;
  const tier = source && catalogue.value!.tiers.find((one) => one.id === source.tier);
  const publisher = { name_zh: source?.publisher_zh ?? "", name_en: source?.publisher_en ?? "" };
  const knownBy = props.of.answers.source_crs
    ? tc.said(props.of.answers.source_crs)
    : t.knownBy[report.crs_known_by];
  const blocked = projectsOf(open.value!.counts, null, "blocked");
  // Rows of other kinds are no faults of theirs: they wait for their turn.
  const others = Math.min(
    blocked,
    (report.other_kinds ?? []).reduce((sum, one) => sum + one.rows, 0),
  );
  const isPublic = open.value!.state === "published";
  const facts: [string, string][] = [
    [t.format, t.formats[report.format] ?? PROPER[report.format] ?? report.format.toUpperCase()],
    ...(report.crs
      ? ([
          [t.encoding, report.encoding.toUpperCase()],
          [t.crs, `${name(report.crs_names)} · ${report.crs} · ${knownBy ?? ""}`],
        ] as [string, string][])
      : []),
    ...(source && tier ? ([[ts.term, `${name(publisher)} · ${name(tier)}`]] as [string, string][]) : []),
    [t.compared, comparedIn(open.value!, report.counts.same, text.value)],
  ];
  return (
    <section>
      <h2>{t.readAs}</h2>
      <dl class="facts">
        {facts.map(([term, said]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
      {source?.is_public && <p class="lede">{ts.already}</p>}
      {blocked > others && <p class="strong">{t.blocked(blocked - others, isPublic)}</p>}
      {others > 0 && <p class="lede">{t.otherKinds(others)}</p>}
      {report.heard > 0 && <p class="lede">{t.heard(report.heard)}</p>}
    </section>
  );
}

function Issues(): JSX.Element {
  const t = text.value.report;
  const found = open.value!.counts.issues;
  return (
    <section>
      <h2>
        {t.issues} <span class="number">{found.length}</span>
      </h2>
      {!found.length && <p class="empty">{t.noIssues}</p>}
      <ul class="issues">
        {found.map((one) => (
          <li key={`${one.code} ${one.severity}`}>
            <button
              type="button"
              onClick={() => {
                narrow({ issue: one.code, op: undefined, decision: undefined });
                part.value = "changes";
              }}
            >
              <Badge of={one} /> <b>{t.count(one.count, upload.value !== null)}</b>
              <span>
                {one.count > 1 && <small>{t.example}</small>} {say(one)}
                {open.value!.state === "published" && one.accepted > 0 && one.accepted < one.count && (
                  <small> {t.leftOut(one.count - one.accepted)}</small>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function hasUnit(target: string, kindId: string): boolean {
  const kind = catalogue.value!.kinds.find((one) => one.id === kindId);
  return Boolean(kind?.fields.find((one) => `attr:${one.code}` === target)?.unit);
}

function ColumnRow(props: {
  column: Column;
  of: Upload;
  disabled: boolean;
  onChange: (more: Partial<Column>) => void;
}): JSX.Element {
  const t = text.value.report;
  const { column, of, disabled, onChange } = props;
  return (
    <tr class={["keep", "ignore"].includes(column.target) ? "kept" : undefined}>
      <th scope="row">{column.field}</th>
      <td>
        <select
          aria-label={t.becomesOf(column.field)}
          disabled={disabled}
          value={column.target}
          onChange={(event) => onChange({ target: event.currentTarget.value, how: "user" })}
        >
          {of.report!.targets.map((target) => (
            <option key={target} value={target}>
              {targetIn(target, of.kind)}
            </option>
          ))}
        </select>
        {hasUnit(column.target, of.kind) && (
          <input
            aria-label={t.unitOf(column.field)}
            placeholder={t.unit}
            disabled={disabled}
            value={column.unit}
            onInput={(event) => onChange({ unit: event.currentTarget.value })}
          />
        )}
      </td>
    </tr>
  );
}

function MappingForm(props: { of: Upload }): JSX.Element | null {
  const t = text.value.report;
  const { of } = props;
  const before = of.report!.mapping;
  const mapping = useSignal<Mapping>(before);
  const isOpen = open.value!.state === "staged" || isNothing(open.value!);
  const same = JSON.stringify(mapping.value) === JSON.stringify(before);
  const flagged = new Set(
    open
      .value!.counts.issues.filter((one) => one.code.startsWith("personal-data"))
      .flatMap((one) => one.fields),
  );
  const set = (i: number, more: Partial<Column>): void => {
    const columns = mapping.value.columns.map((one, j) => (i === j ? { ...one, ...more } : one));
    mapping.value = { ...mapping.value, columns };
  };
  const clear = (target: string, on: boolean): void => {
    const rest = mapping.value.cleared.filter((one) => one !== target);
    mapping.value = { ...mapping.value, cleared: on ? [...rest, target].sort() : rest };
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void checkAgain(of, { mapping: mapping.value });
  };
  return (
    <details class="mapping">
      <summary>
        {t.mapping} <span class="number">{mapping.value.columns.length}</span>
      </summary>
      <form onSubmit={submit}>
        <p class="lede">{isOpen ? t.mappingLede : t.mappingDone}</p>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.column}</th>
              <th scope="col">{t.becomes}</th>
            </tr>
          </thead>
          <tbody>
            {mapping.value.columns.map((column, i) => (
              <ColumnRow
                key={column.field}
                column={column}
                of={of}
                disabled={!isOpen}
                onChange={(more) => set(i, more)}
              />
            ))}
          </tbody>
        </table>
        <label class="field">
          <span>{t.precision}</span>
          <select
            value={mapping.value.precision}
            disabled={!isOpen}
            onChange={(event) => {
              mapping.value = { ...mapping.value, precision: event.currentTarget.value };
            }}
          >
            {catalogue
              .value!.precisions.filter((one) => one.id !== "unlocated")
              .map((one) => (
                <option key={one.id} value={one.id}>
                  {name(one)}
                </option>
              ))}
          </select>
        </label>
        {mapping.value.columns
          .filter((one) => flagged.has(one.field) && !["keep", "ignore"].includes(one.target))
          .map((one) => (
            <label key={one.field} class="radio">
              <input
                type="checkbox"
                disabled={!isOpen}
                checked={mapping.value.cleared.includes(one.target)}
                onChange={(event) => clear(one.target, event.currentTarget.checked)}
              />
              {t.cleared(one.field)}
            </label>
          ))}
        {mapping.value.columns.some((one) => one.target === "status") && (
          <StatusWords
            words={mapping.value.words}
            disabled={!isOpen}
            onChange={(said) => {
              mapping.value = { ...mapping.value, words: said };
            }}
          />
        )}
        {isOpen && (
          <button type="submit" class="button" disabled={same || work.value !== null}>
            {t.apply}
          </button>
        )}
      </form>
    </details>
  );
}

/** Of what came by no file: how, by whom and why. */
function Unfiled({ of }: { of: Changeset }): JSX.Element {
  const t = text.value.report;
  return (
    <p class="empty">
      {t.none[wayOf(of)]}
      {of.state === "staged" && of.created_by && of.reason && (
        <>
          <br />
          {t.why(of.created_by, of.reason)}
        </>
      )}
    </p>
  );
}

export function Report(): JSX.Element {
  const t = text.value.report;
  const of = upload.value;
  return (
    <section class="review-left" aria-label={t.title}>
      <h2 class="part-title">{t.title}</h2>
      {of?.report ? (
        <>
          <More of={of} />
          <Notes of={of} />
          <Issues />
          <Recognised of={of} />
          <ReadAs of={of} />
          {of.report.mapping.columns.length > 0 && <MappingForm key={of.id} of={of} />}
          <p class="choices">
            <a class="button small" href={`/api/uploads/${of.id}/faults.csv`} download>
              {t.faultsCsv}
            </a>
            {open.value?.state === "staged" && (
              <a class="button small" href={`/api/uploads/${of.id}/file`} download={of.name}>
                {t.file}
              </a>
            )}
          </p>
        </>
      ) : (
        <>
          <Unfiled of={open.value!} />
          {open.value!.counts.issues.length > 0 ? <Issues /> : <p class="empty">{t.fine}</p>}
        </>
      )}
    </section>
  );
}
