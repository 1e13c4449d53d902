/** A file that was not taken: one question to answer, or all of its faults, by row and on the map. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Fault, Problem } from "../data/fetch";
import { goOn } from "./again";
import { answers, answerWith, chooseFile, chosenBefore, file, form, precision, refusal, send } from "./flow";
import { ReviewSheet } from "./ReviewSheet";
import { type Offer, offersOf, placeIn, placeOf } from "./reading";
import { StatusWords } from "./StatusWords";
import { say, sayProblem, text, vocabulary } from "./said";

/** What is asked by a code when no answer is offered, or another may be given. */
const ASKS_CRS = new Set(["projected-coordinates", "crs-unknown", "crs-conflict", "axis-unknown"]);
const ENCODINGS = ["utf-8", "gb18030", "utf-16"];
const LINES = 100;

function take({ field, value, axis }: Offer): void {
  if (field === "dataset") form.value = { ...form.value, dataset: value };
  const { mapping } = answers.value;
  const kept = { field: value, target: "keep", unit: "", how: "user", also: [] };
  if (field === "leave")
    answerWith({ mapping: { ...mapping, columns: [...(mapping?.columns ?? []), kept] } });
  else answerWith(field === "dataset" ? {} : { [field]: value, ...(axis && { axis }) });
}

function Offers(props: { offers: readonly Offer[] }): JSX.Element | null {
  const t = text.value.refused;
  if (!props.offers.length || !file.value) return null;
  return (
    <section>
      <h2>{t.offers}</h2>
      <ul class="offers">
        {props.offers.map((one) => (
          <li key={`${one.value} ${one.axis}`}>
            <button type="button" class="button" onClick={() => take(one)}>
              <span>
                <b>{one.name}</b>
                {one.axis && <small>{t.offer.axis[one.axis]}</small>}
                {one.lands !== null && <small>{t.offer.lands(one.lands, one.of ?? 0)}</small>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OwnCrs(): JSX.Element {
  const t = text.value.refused;
  const code = useSignal("");
  return (
    <form
      class="field own-crs"
      onSubmit={(event) => {
        event.preventDefault();
        const said = code.value.trim();
        if (said) answerWith({ crs: /^\d+$/.test(said) ? `EPSG:${said}` : said });
      }}
    >
      <label for="own-crs">{t.ownCrs}</label>
      <span class="with-button">
        <input
          id="own-crs"
          value={code.value}
          aria-describedby="own-crs-hint"
          onInput={(event) => {
            code.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="button">
          {t.use}
        </button>
      </span>
      <small id="own-crs-hint">{t.ownCrsHint}</small>
    </form>
  );
}

/** A word of a status that no row is understood by. */
function Unknown(): JSX.Element {
  const words = useSignal<Record<string, string>>({});
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        answerWith({ mapping: { ...answers.value.mapping, words: words.value } });
      }}
    >
      <StatusWords
        words={words.value}
        onChange={(said) => {
          words.value = said;
        }}
      />
      {Object.keys(words.value).length > 0 && (
        <button type="submit" class="button">
          {text.value.refused.use}
        </button>
      )}
    </form>
  );
}

function Encodings(): JSX.Element {
  const t = text.value.refused;
  return (
    <section>
      <h2>{t.encoding}</h2>
      <p class="choices">
        {ENCODINGS.map((encoding) => (
          <button key={encoding} type="button" class="button" onClick={() => answerWith({ encoding })}>
            {encoding.toUpperCase()}
          </button>
        ))}
      </p>
    </section>
  );
}

function Faults(props: { problem: Problem; faults: readonly Fault[] }): JSX.Element | null {
  const t = text.value.refused;
  const { said } = props.problem;
  const { faults } = props;
  if (!faults.length) return null;
  const table = said.instance && `${said.instance}/faults.csv`;
  const isText = /\.txt$/i.test(file.value?.name ?? chosenBefore.value);
  return (
    <section>
      <h2>{t.faults(faults.length, said.errors_total ?? faults.length)}</h2>
      <ol class="faults">
        {faults.map((fault, i) => (
          <li key={i}>
            <small>{placeOf(fault, isText, text.value)}</small>
            <p>{say(fault)}</p>
          </li>
        ))}
      </ol>
      {table && (
        <a class="button small" href={table} download>
          {t.csv}
        </a>
      )}
    </section>
  );
}

export function Asking(props: { problem: Problem }): JSX.Element {
  const t = text.value.refused;
  const { problem } = props;
  const offers = offersOf(problem, vocabulary.value);
  const faults = (problem.said.errors ?? []).slice(0, LINES);
  const places = faults.flatMap((one) => {
    const at = placeIn(one);
    return at ? [{ ...at, said: say(one) }] : [];
  });
  const left = offers.filter((one) => one.field === "leave").map((one) => one.value);
  const unknownWord = faults.some(
    (one) => one.code.startsWith("vocabulary") && !left.includes(one.field ?? ""),
  );
  const asks = offers.length > 0 || ASKS_CRS.has(problem.code);
  // Nothing about the file is wrong: it did not arrive, or its turn has not come.
  const isOfFile = problem.status !== null && [413, 415, 422].includes(problem.status);
  const busy = problem.said.upload;
  return (
    <main class={`upload-asking${places.length ? " with-map" : ""}`}>
      <div class="asking">
        <p class="lede">{file.value?.name ?? chosenBefore.value}</p>
        <h1>{asks ? t.question : t.title}</h1>
        <p class="wrong" role="alert">
          {sayProblem(problem)}
        </p>
        <Offers offers={offers} />
        {problem.code === "choose-layer" && <p class="lede">{text.value.more.oneByOne}</p>}
        {ASKS_CRS.has(problem.code) && file.value && <OwnCrs />}
        {unknownWord && file.value && <Unknown />}
        {problem.code.startsWith("charset") && file.value && <Encodings />}
        <Faults problem={problem} faults={faults} />
        {isOfFile && !asks && <p class="lede">{t.fix}</p>}
        {asks && !file.value && <p class="lede">{t.chooseAgain}</p>}
        <p class="choices">
          {isOfFile && (
            <label class="button primary">
              {text.value.start.another}
              <input
                class="only-heard"
                type="file"
                onChange={(event) => {
                  const [one] = event.currentTarget.files ?? [];
                  if (!one) return;
                  chooseFile(one);
                  // Another file than before has its own form to fill in.
                  if (precision.value) void send();
                  else refusal.value = null;
                }}
              />
            </label>
          )}
          {!isOfFile && file.value && (
            <button type="button" class="button primary" onClick={() => void send()}>
              {t.retry}
            </button>
          )}
          {busy !== undefined && problem.code === "dataset-busy" && (
            <button type="button" class="button" onClick={() => void goOn(busy)}>
              {t.open}
            </button>
          )}
          <button
            type="button"
            class="button"
            onClick={() => {
              refusal.value = null;
            }}
          >
            {t.back}
          </button>
        </p>
      </div>
      {places.length > 0 && <ReviewSheet places={places} />}
    </main>
  );
}
