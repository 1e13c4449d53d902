/** The document that says it: one that was cited before, found by its words, or a new one. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { type NewSource, type SourceFound, sourcesWith } from "../data/recording";
import type { TierId } from "../data/types";
import type { Found } from "../panels/Combobox";
import { catalogue, lang } from "../state/store";
import { dateIn, either, nameIn } from "../text/words";
import { newSource } from "./draft";
import { Field, Search, TextField } from "./Fields";
import { change, draft, text } from "./state";

const PAUSE_MS = 200;
/** Stands for a document that is not there yet, among those that are. */
const FRESH = "";

const titleOf = (one: SourceFound): string =>
  lang.value === "en" && one.title_en ? one.title_en : one.title;
const aboutOf = (one: SourceFound): string =>
  [
    either(lang.value, one.publisher_zh, one.publisher_en),
    one.published ? dateIn(lang.value, one.published) : "",
  ]
    .filter(Boolean)
    .join(" · ");

function Known(): JSX.Element {
  const t = text.value;
  const typed = useSignal("");
  const found = useSignal<readonly SourceFound[]>([]);
  /** Null: not answered yet. */
  const asked = useSignal<string | null>(null);
  const words = typed.value.trim();
  useEffect(() => {
    const asking = new AbortController();
    const timer = setTimeout(
      () => {
        sourcesWith(words, asking.signal).then(
          (answer) => {
            found.value = answer;
            asked.value = words;
          },
          // A new document can be cited all the same, and publishing tells that the service is away.
          () => {
            if (asking.signal.aborted) return;
            found.value = [];
            asked.value = words;
          },
        );
      },
      words ? PAUSE_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [words]);
  const chosen = draft.value.source;
  const fresh: Found = {
    id: FRESH,
    name: words && !chosen ? t.source.freshNamed(words) : t.source.fresh,
    about: "",
  };
  const known = found.value.map((one) => ({ id: one.id, name: titleOf(one), about: aboutOf(one) }));
  return (
    <Search
      at="source"
      label={t.fields.source}
      hint={t.fields.sourceHint}
      also={chosen && aboutOf(chosen)}
      typed={chosen ? titleOf(chosen) : typed.value}
      find={() => (asked.value === typed.value.trim() ? [...known, fresh] : null)}
      none={words && asked.value === words && !known.length ? t.source.none : ""}
      onType={(said) => {
        typed.value = said;
        if (chosen) change({ source: null });
      }}
      onPick={(id) => {
        if (id === FRESH) change({ source: null, fresh: newSource(chosen ? "" : words) });
        else change({ source: found.value.find((one) => one.id === id) ?? null, fresh: null });
      }}
    />
  );
}

function Fresh(props: { fresh: NewSource }): JSX.Element {
  const { fresh } = props;
  const t = text.value.source;
  const set = (some: Partial<NewSource>): void => change({ fresh: { ...fresh, ...some } });
  useLayoutEffect(() => {
    document.getElementById(`record-source-${fresh.title ? "publisher_zh" : "title"}`)?.focus();
  }, []);
  return (
    <fieldset class="record-fresh">
      <legend>{t.legend}</legend>
      <button type="button" class="quiet" onClick={() => change({ fresh: null })}>
        {t.change}
      </button>
      <TextField at="source/title" label={t.title} value={fresh.title} onType={(title) => set({ title })} />
      <TextField
        at="source/publisher_zh"
        label={t.publisher}
        value={fresh.publisher_zh}
        onType={(publisher_zh) => set({ publisher_zh })}
      />
      <Field at="source/tier" label={t.tier}>
        {(described) => (
          <select
            {...described}
            value={fresh.tier}
            onChange={(event) => set({ tier: event.currentTarget.value as TierId })}
          >
            <option value="">{text.value.fields.choose}</option>
            {(catalogue.value?.tiers ?? []).map((one) => (
              <option key={one.id} value={one.id}>
                {nameIn(lang.value, one)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextField
        at="source/published"
        label={t.published}
        hint={t.publishedHint}
        value={fresh.published}
        onType={(published) => set({ published })}
      />
      <TextField
        at="source/document_number"
        label={t.number}
        value={fresh.document_number}
        onType={(document_number) => set({ document_number })}
      />
      <TextField
        at="source/address"
        label={t.address}
        hint={t.either}
        mode="url"
        value={fresh.address}
        onType={(address) => set({ address })}
      />
    </fieldset>
  );
}

export function SourceField(): JSX.Element {
  const { fresh } = draft.value;
  return fresh ? <Fresh fresh={fresh} /> : <Known />;
}
