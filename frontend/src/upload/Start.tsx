/** The beginning: a file, what it is, and the lists of what waits, was published and was sent. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { LEDGER } from "../data/changesets";
import { catalogue, lang } from "../state/store";
import { Before } from "./Before";
import { followBefore } from "./before";
import { edit } from "./Editing";
import {
  answers,
  chooseFile,
  chosenBefore,
  file,
  form,
  isLedger,
  namedByHand,
  PRECISIONS,
  precision,
  send,
  uploads,
} from "./flow";
import { Lists } from "./Lists";
import { sizeIn } from "./reading";
import { SourceFields } from "./SourceFields";
import { explained, name, text } from "./said";
import { unsent } from "./sent";
import { work } from "./working";

const ACCEPTED = ".geojson,.json,.csv,.tsv,.txt,.xlsx,.kml,.kmz,.zip,.gpkg,application/geo+json,text/csv";

function FileField(props: { missing: boolean }): JSX.Element {
  const t = text.value.start;
  const input = useRef<HTMLInputElement>(null);
  const over = useSignal(false);
  const chosen = file.value;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped here; the button does the same
    <div
      class={`drop${over.value ? " over" : ""}${props.missing ? " missing" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        const dropped = event.dataTransfer?.files[0];
        if (dropped) chooseFile(dropped);
      }}
    >
      <input
        ref={input}
        id="file"
        class="only-heard"
        type="file"
        accept={ACCEPTED}
        aria-label={t.choose}
        tabIndex={-1}
        onChange={(event) => {
          const [one] = event.currentTarget.files ?? [];
          if (one) chooseFile(one);
          // The same file, mended, can be chosen again.
          event.currentTarget.value = "";
        }}
      />
      {chosen ? (
        <p class="chosen-file" role="status">
          <b>{chosen.name}</b>
          <span>{t.size(sizeIn(chosen.size))}</span>
        </p>
      ) : (
        <p class="drop-here">{t.drop}</p>
      )}
      {chosen && /\.(dxf|dwg)$/i.test(chosen.name) && (
        <p class="wrong" role="alert">
          {t.drawing}
        </p>
      )}
      {answers.value.layer && (
        <p role="status">
          {chosen ? t.layer(answers.value.layer) : t.layerAgain(chosenBefore.value, answers.value.layer)}
        </p>
      )}
      <button
        type="button"
        class={`button${chosen ? "" : " primary"}`}
        onClick={() => input.current?.click()}
      >
        {chosen ? t.another : t.choose}
      </button>
      <small>{t.formats}</small>
    </div>
  );
}

function KindField(props: { missing: boolean }): JSX.Element {
  const t = text.value.start;
  const { groups, kinds } = catalogue.value!;
  const id = form.value.kind;
  return (
    <div class="field">
      <label for="kind">{t.kind}</label>
      <select
        id="kind"
        value={id}
        aria-invalid={props.missing}
        onChange={(event) => {
          form.value = { ...form.value, kind: event.currentTarget.value };
        }}
      >
        <option value="">{t.kindChoose}</option>
        <option value={LEDGER}>{t.ledger}</option>
        {groups.map((group) => (
          <optgroup key={group.id} label={name(group)}>
            {kinds
              .filter((kind) => kind.group === group.id)
              .map((kind) => (
                <option key={kind.id} value={kind.id}>
                  {name(kind)}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      {id === LEDGER && <small>{t.ledgerHint}</small>}
      {id && id !== LEDGER && (
        <small class="templates">
          {t.templates}
          {(["csv", "geojson"] as const).map((format) => (
            <a key={format} href={`/api/templates/${id}.${format}`} download>
              {FORMATS[format]}
            </a>
          ))}
        </small>
      )}
    </div>
  );
}
const FORMATS = { csv: "CSV", geojson: "GeoJSON" };

function Fields(props: { missing: readonly string[] }): JSX.Element {
  const t = text.value.start;
  const known = [...new Set(uploads.value.map((one) => one.dataset))];
  const set = (more: Partial<typeof form.value>): void => {
    form.value = { ...form.value, ...more };
  };
  return (
    <>
      <KindField missing={props.missing.includes("kind")} />
      <div class="field">
        <label for="dataset">{t.dataset}</label>
        <input
          id="dataset"
          value={form.value.dataset}
          maxLength={80}
          list="datasets"
          autocomplete="off"
          aria-describedby="dataset-hint"
          aria-invalid={props.missing.includes("dataset") || props.missing.includes("name")}
          onInput={(event) => {
            namedByHand.value = event.currentTarget.value.trim() !== "";
            set({ dataset: event.currentTarget.value });
          }}
        />
        <datalist id="datasets">
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <small id="dataset-hint">{t.datasetHint}</small>
      </div>
      {!isLedger() && (
        <>
          <Before />
          <Places missing={props.missing} />
        </>
      )}
      <SourceFields missing={props.missing} />
      <div class="field">
        <label for="data-date">{isLedger() ? t.ledgerDate : t.date}</label>
        <input
          id="data-date"
          type="date"
          lang={lang.value}
          value={form.value.data_date}
          max={catalogue.value!.today}
          aria-describedby="date-hint"
          onInput={(event) => set({ data_date: event.currentTarget.value })}
        />
        <small id="date-hint">{isLedger() ? t.ledgerDateHint : t.dateHint}</small>
      </div>
    </>
  );
}

/** What is asked of a file that holds places, or whole projects. */
function Places(props: { missing: readonly string[] }): JSX.Element {
  const t = text.value.start;
  return (
    <>
      <fieldset class="field">
        <legend>{t.mode}</legend>
        {(["merge", "replace"] as const).map((mode) => (
          <label key={mode} class="radio">
            <input
              type="radio"
              name="mode"
              checked={form.value.mode === mode}
              onChange={() => {
                form.value = { ...form.value, mode };
              }}
            />
            <span>
              {t[mode]} <small>{mode === "merge" ? t.mergeHint : t.replaceHint}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="precision">{t.precision}</label>
        <select
          id="precision"
          value={precision.value}
          aria-describedby="precision-hint"
          aria-invalid={props.missing.includes("precision")}
          onChange={(event) => {
            precision.value = event.currentTarget.value as typeof precision.value;
          }}
        >
          <option value="">{t.precisionChoose}</option>
          {PRECISIONS.map((id) => {
            const found = catalogue.value!.precisions.find((one) => one.id === id);
            return (
              <option key={id} value={id}>
                {found && `${name(found)} · ${explained(found)}`}
              </option>
            );
          })}
        </select>
        <small id="precision-hint">{t.precisionHint}</small>
      </div>
    </>
  );
}

/** What the service takes as the name of a dataset. */
const DATASET = /^[\p{L}\p{N}_\-. (),:、·《》]{1,80}$/u;

export function Start(): JSX.Element {
  const t = text.value.start;
  const tried = useSignal(false);
  useEffect(followBefore, []);
  const missing = [
    !file.value && ("file" as const),
    !form.value.kind && ("kind" as const),
    !form.value.dataset.trim() && ("dataset" as const),
    form.value.dataset.trim() &&
      !DATASET.test(form.value.dataset.normalize("NFKC").trim()) &&
      ("name" as const),
    !isLedger() && !precision.value && ("precision" as const),
    !form.value.tier && ("tier" as const),
  ].filter((one) => one !== false && one !== "");
  const submit = (event: Event): void => {
    event.preventDefault();
    tried.value = missing.length > 0;
    if (!missing.length) void send();
  };
  const told = tried.value ? missing : [];
  return (
    <main class="upload-start">
      <form onSubmit={submit} noValidate>
        <h1>{t.title}</h1>
        <p class="lede">{t.lede}</p>
        <button type="button" class="button" onClick={() => edit("new")}>
          {t.draw}
        </button>
        {unsent.value && (
          <p class="wrong" role="alert">
            {text.value.work.unsent(unsent.value)}
          </p>
        )}
        <FileField missing={told.includes("file")} />
        <Fields missing={told} />
        {told.length > 0 && (
          <ul class="wrong" role="alert">
            {told.map((one) => (
              <li key={one}>{t.missing[one]}</li>
            ))}
          </ul>
        )}
        <button type="submit" class="button primary large" disabled={work.value !== null}>
          {t.send}
        </button>
      </form>
      <Lists />
    </main>
  );
}
