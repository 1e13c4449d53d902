/** How surely things are placed: a sign for each precision, and what each of them means. */
import type { JSX } from "preact";
import { precisionCounts } from "../state/day";
import { catalogue, lang, words } from "../state/store";
import { tiledView } from "../state/tiled";
import { either, nameIn } from "../text/words";
import { HowLink } from "./HowLink";

export function PrecisionSign(props: { precision: string }): JSX.Element {
  const { precision } = props;
  const soft =
    "M15 6.500c5-.5 8.500 3 8.200 8.300-.2 5-3.600 8.600-8.600 8.400-5-.1-8-3.700-7.800-8.600.2-4.600 3.500-7.700 8.200-8.100z";
  return (
    <svg width="30" height="30" viewBox="0 0 30 30" aria-hidden="true">
      {precision === "schematic" && (
        <>
          <circle cx="15" cy="15" r="14" fill="var(--c)" opacity=".1" />
          <circle cx="15" cy="15" r="10.5" fill="var(--c)" opacity=".14" />
          <path d={soft} fill="none" stroke="var(--c)" stroke-width="1.3" />
        </>
      )}
      {precision === "unlocated" && (
        <path d="M9 21L21 9M24 15a9 9 0 1 1-.01-.5" fill="none" stroke="var(--ink-3)" stroke-width="1.4" />
      )}
      {precision === "approximate" && (
        <path
          d="M7 22V8h16v14z"
          fill="none"
          stroke="var(--c)"
          stroke-width="1.8"
          stroke-dasharray="5 2.500"
        />
      )}
      {(precision === "digitised" || precision === "surveyed") && (
        <>
          <path d="M7 22V8h16v14z" fill="none" stroke="var(--c)" stroke-width="1.8" />
          {[7, 23].map((x) =>
            [8, 22].map((y) => <circle key={`${x} ${y}`} cx={x} cy={y} r="2" fill="var(--c)" />),
          )}
        </>
      )}
    </svg>
  );
}

/** Each precision that occurs among what is shown, with how many are placed so and what that means. */
export function Precisions(): JSX.Element | null {
  const t = words.value.precisions;
  const counts = precisionCounts.value;
  // What comes as tiles is not counted, but what of it is in view is explained as well.
  const inTiles = tiledView.value.precisions;
  const present = catalogue.value!.precisions.filter((one) => counts.has(one.id) || inTiles.has(one.id));
  if (!present.length) return null;
  return (
    <section class="block precisions">
      <h2>
        {t.title}
        <small>{t.lede}</small>
      </h2>
      <ul aria-label={t.title}>
        {present.map((one) => (
          <li key={one.id}>
            <PrecisionSign precision={one.id} />
            <div>
              <b>{nameIn(lang.value, one)}</b>{" "}
              {counts.has(one.id) && <span class="number">{counts.get(one.id)}</span>}
              <p>{either(lang.value, one.explain_zh, one.explain_en)}</p>
            </div>
          </li>
        ))}
      </ul>
      <p class="how-line">
        <HowLink at="schematic">{t.why}</HowLink>
      </p>
    </section>
  );
}
