/** On the form: who publishes the file, and which kind of source it is. */
import type { JSX } from "preact";
import type { Tier } from "../data/changesets";
import { catalogue } from "../state/store";
import { sourceByHand } from "./before";
import { form, isLedger } from "./flow";
import { answersText, explained, name, text } from "./said";

export function SourceFields(props: { missing: readonly string[] }): JSX.Element {
  const t = answersText.value.source;
  const { publisher, publisherHint } = isLedger() ? text.value.start : t;
  const tiers = [...catalogue.value!.tiers].reverse();
  const set = (more: { publisher?: string; tier?: Tier | "" }): void => {
    sourceByHand.value = true;
    form.value = { ...form.value, ...more };
  };
  return (
    <>
      <div class="field">
        <label for="publisher">{publisher}</label>
        <input
          id="publisher"
          value={form.value.publisher ?? ""}
          maxLength={200}
          aria-describedby="publisher-hint"
          onInput={(event) => set({ publisher: event.currentTarget.value })}
        />
        <small id="publisher-hint">{publisherHint}</small>
      </div>
      <div class="field">
        <label for="tier">{t.tier}</label>
        <select
          id="tier"
          value={form.value.tier}
          aria-describedby="tier-hint"
          aria-invalid={props.missing.includes("tier")}
          onChange={(event) => set({ tier: event.currentTarget.value as Tier | "" })}
        >
          <option value="">{t.tierChoose}</option>
          {tiers.map((one) => (
            <option key={one.id} value={one.id}>
              {`${name(one)} · ${explained(one)}`}
            </option>
          ))}
        </select>
        <small id="tier-hint">{t.tierHint}</small>
      </div>
    </>
  );
}
