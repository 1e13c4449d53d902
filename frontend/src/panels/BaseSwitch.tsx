/** The switch of the optional background, when the service has one. */
import type { JSX } from "preact";
import { base, baseFailing, catalogue, lang, setBase, words } from "../state/store";
import { either, nameIn } from "../text/words";

/** Which background, where there are several. */
function Choice(): JSX.Element | null {
  const { basemaps } = catalogue.value!;
  if (basemaps.length < 2 || !base.value) return null;
  return (
    <label class="pick">
      <span>{words.value.base.which}</span>
      <select value={base.value.id} onChange={(event) => setBase(event.currentTarget.value)}>
        {basemaps.map((one) => (
          <option key={one.id} value={one.id}>
            {nameIn(lang.value, one)}
          </option>
        ))}
      </select>
    </label>
  );
}

export function BaseSwitch(): JSX.Element | null {
  const { basemaps } = catalogue.value!;
  if (!basemaps.length) return null;
  const t = words.value.base;
  const shown = base.value;
  const on = shown !== null;
  const credit = shown && either(lang.value, shown.credit_zh, shown.credit_en);
  return (
    <div class="base-switch">
      <p class={`layer plain${on ? "" : " off"}`}>
        <label for="base">{t.title}</label>
        <input id="base" type="checkbox" checked={on} onChange={() => setBase(on ? null : basemaps[0].id)} />
        <span class="switch" aria-hidden="true" />
      </p>
      <Choice />
      {credit && <p class="lede">{credit}</p>}
      {baseFailing.value && (
        <p class="lede" role="status">
          {t.failing}
        </p>
      )}
    </div>
  );
}
