/** What else is in the file of an upload: its other layers, and rows of other kinds, each one press away. */
import type { JSX } from "preact";
import type { ListedUpload, Upload } from "../data/changesets";
import { catalogue } from "../state/store";
import { bringMore, uploads } from "./flow";
import { name, text } from "./said";
import { work } from "./working";

const BROUGHT = new Set(["staged", "published", "nothing"]);

/** Whether a layer of the same file was brought already, as a kind or as any. */
const isBrought = (of: Upload, layer: string, kind: string | null): boolean =>
  uploads.value.some(
    (one: ListedUpload) =>
      one.name === of.name &&
      one.size === of.size &&
      (one.layer ?? "") === layer &&
      (kind === null || one.kind === kind) &&
      BROUGHT.has(one.changeset_state ?? ""),
  );

export function More({ of }: { of: Upload }): JSX.Element | null {
  const t = text.value.more;
  const { layers = [], layer = "", other_kinds = [] } = of.report ?? {};
  const others = layers.filter((one) => one !== layer);
  if (!others.length && !other_kinds.length) return null;
  const kindOf = (id: string): string => {
    const kind = catalogue.value!.kinds.find((one) => one.id === id);
    return kind ? name(kind) : id;
  };
  const asked = of.answers.layer ?? "";
  const row = (key: string, said: string, brought: boolean, bring: () => void): JSX.Element => (
    <li key={key}>
      <span>{said}</span>
      {brought ? (
        <small>{t.brought}</small>
      ) : (
        <button
          type="button"
          class="button small"
          aria-label={t.bringOf(said)}
          disabled={work.value !== null}
          onClick={bring}
        >
          {t.bring}
        </button>
      )}
    </li>
  );
  return (
    <section class="more" aria-label={t.title}>
      <h2>{t.title}</h2>
      <p>{layers.length > 1 ? t.readLayer(layer, kindOf(of.kind)) : t.readKind(kindOf(of.kind))}</p>
      <ul>
        {other_kinds.map(({ kind, rows }) =>
          row(`kind ${kind}`, t.ofKind(kindOf(kind), rows), isBrought(of, asked, kind), () => {
            void bringMore(of, { kind });
          }),
        )}
        {others.map((one) =>
          row(`layer ${one}`, t.layer(one), isBrought(of, one, null), () => {
            void bringMore(of, { layer: one });
          }),
        )}
      </ul>
    </section>
  );
}
