/** Every word of the trade with its sign and its sentence. */
import type { JSX } from "preact";
import { PrecisionSign } from "../panels/Precisions";
import { Commitment, LightBadge, Swatch } from "../panels/signs";
import { catalogue, lang } from "../state/store";
import { either, nameIn } from "../text/words";
import { text } from "./state";

interface Entry {
  id: string;
  sign: JSX.Element;
  explain_zh: string;
  explain_en: string;
}

function Words(props: { id: string; title: string; lede: string; entries: Entry[] }): JSX.Element {
  return (
    <section class="how-words" aria-labelledby={`words-${props.id}`}>
      <h3 id={`words-${props.id}`}>{props.title}</h3>
      <p class="lede">{props.lede}</p>
      <dl>
        {props.entries.map((entry) => (
          <div key={entry.id}>
            <dt>{entry.sign}</dt>
            <dd>{either(lang.value, entry.explain_zh, entry.explain_en)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Glossary(): JSX.Element {
  const t = text.value.words;
  const { phases, commitments, precisions, lights, tiers } = catalogue.value!;
  const phaseSigns = phases.map((one) => ({
    ...one,
    sign: (
      <>
        <Swatch phase={one.id} /> {nameIn(lang.value, one)}
      </>
    ),
  }));
  const commitmentSigns = commitments.map((one) => ({
    ...one,
    sign: <Commitment level={one.code} word={nameIn(lang.value, one)} />,
  }));
  const precisionSigns = precisions.map((one) => ({
    ...one,
    sign: (
      <>
        <PrecisionSign precision={one.id} /> {nameIn(lang.value, one)}
      </>
    ),
  }));
  const lightSigns = lights.map((one) => ({
    ...one,
    sign: <LightBadge light={one.id} waiting={false} word={nameIn(lang.value, one)} />,
  }));
  // The catalogue lists the weakest first.
  const tierSigns = [...tiers].reverse().map((one) => ({
    ...one,
    sign: <span class={`tier ${one.id}`}>{nameIn(lang.value, one)}</span>,
  }));
  return (
    <>
      <Words id="phases" title={t.phases} lede={t.phasesLede} entries={phaseSigns} />
      <Words id="commitments" title={t.commitments} lede={t.commitmentsLede} entries={commitmentSigns} />
      <Words id="lights" title={t.lights} lede={t.lightsLede} entries={lightSigns} />
      <Words id="precisions" title={t.precisions} lede={t.precisionsLede} entries={precisionSigns} />
      <Words id="tiers" title={t.tiers} lede={t.tiersLede} entries={tierSigns} />
    </>
  );
}
