/** Which phases were asked for and which layers are off, in words. */
import type { JSX } from "preact";
import type { Named } from "../data/types";
import { catalogue, kindIsOn, lang, phaseFilter, words } from "../state/store";
import { listIn, nameIn } from "../text/words";

const named = (all: Named[]): string =>
  listIn(
    lang.value,
    all.map((one) => nameIn(lang.value, one)),
  );

export function FilteredBy(): JSX.Element {
  const t = words.value.filters;
  const { phases, kinds } = catalogue.value!;
  const asked = phases.filter((phase) => phaseFilter.value.has(phase.id));
  const off = kinds.filter((kind) => !kindIsOn(kind.id));
  return (
    <>
      {asked.length > 0 && <p>{t.phases(named(asked))}</p>}
      {off.length === kinds.length && <p>{t.allOff}</p>}
      {off.length > 0 && off.length < kinds.length && <p>{t.layersOff(named(off))}</p>}
    </>
  );
}
