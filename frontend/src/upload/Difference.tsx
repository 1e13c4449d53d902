/** One change in full: each field before and after, what a claim cites, and how far a shape moved. */
import type { JSX } from "preact";
import type { Change } from "../data/changesets";
import { chosenLang } from "../state/store";
import { dateIn, either } from "../text/words";
import { Outline } from "./Outline";
import { differencesOf, metresIn, movement } from "./reading";
import { shapes } from "./review";
import { text, vocabulary } from "./said";

/** A shape that moved less than this is told as another shape. */
const MOVED_M = 0.05;
/** So many rows are read; a change that many projects were heard of has more. */
const MOST_ROWS = 40;

const TAKEN = ["remove", "withdraw", "unrelate"];

/** Who says so, where, and when. */
function Citation(props: { change: Change; columns: number }): JSX.Element | null {
  const t = text.value.changes;
  const { lang } = vocabulary.value;
  const { change, columns } = props;
  const said = change.after ?? change.before ?? {};
  const { cited } = change;
  if (!cited) return null;
  const title = either(lang, cited.title ?? "", cited.title_en ?? "") || cited.id;
  const publisher = either(lang, cited.publisher_zh ?? "", cited.publisher_en ?? "");
  const when = said.said_on ? t.saidOn(dateIn(lang, String(said.said_on))) : "";
  const rest = [publisher, String(said.locator ?? ""), when, said.verbatim === false ? t.summary : ""];
  const address = /^https?:\/\//.test(cited.address ?? "") ? cited.address! : "";
  return (
    <tr>
      <th scope="row">{t.source}</th>
      <td colSpan={columns}>
        {address ? (
          <a href={address} target="_blank" rel="noopener noreferrer">
            {title}
          </a>
        ) : (
          title
        )}
        <small>{rest.filter(Boolean).join(" · ")}</small>
      </td>
    </tr>
  );
}

/** `apart`: no map shows it, so its outline is drawn here, with a way to the map. */
export function Difference(props: { change: Change; apart: boolean }): JSX.Element {
  const t = text.value.changes;
  const { change, apart } = props;
  const differences = differencesOf(change, vocabulary.value);
  const isTaken = TAKEN.includes(change.op);
  const hasBefore = change.op === "change" || change.op === "heard" || isTaken;
  const hasAfter = !isTaken;
  const its = shapes.value && (shapes.value.n === change.n || shapes.value.about === change.about);
  const drawn = shapes.value?.n === change.n ? movement(shapes.value) : null;
  const query = new URLSearchParams({ project: change.about });
  if (chosenLang.value) query.set("lang", chosenLang.value);
  return (
    <div class="difference-of">
      <table class="difference">
        <thead>
          <tr>
            <td />
            {hasBefore && <th scope="col">{t.before}</th>}
            {hasAfter && <th scope="col">{t.after}</th>}
          </tr>
        </thead>
        <tbody>
          {drawn && (
            <tr>
              <th scope="row">{t.geometry}</th>
              <td>{t.shape(drawn.points[0])}</td>
              {hasAfter && (
                <td>
                  {t.shape(drawn.points[1])}
                  <small>
                    {[
                      drawn.hectares && t.resized(...drawn.hectares),
                      !drawn.isCut &&
                        drawn.metres >= MOVED_M &&
                        t.moved(metresIn(drawn.metres), drawn.bearing),
                    ]
                      .filter(Boolean)
                      .join(" · ") || t.reshaped}
                  </small>
                </td>
              )}
            </tr>
          )}
          {differences.slice(0, MOST_ROWS).map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              {hasBefore && <td class="before">{one.before || t.empty}</td>}
              {hasAfter && <td>{one.after || t.empty}</td>}
            </tr>
          ))}
          <Citation change={change} columns={Number(hasBefore) + Number(hasAfter)} />
        </tbody>
      </table>
      {differences.length > MOST_ROWS && <p class="lede">{t.moreDays(differences.length - MOST_ROWS)}</p>}
      {apart && its && <Outline of={shapes.value!} />}
      {apart && change.about && (
        <a class="to-map" href={`/?${query}`}>
          {t.onMap}
        </a>
      )}
    </div>
  );
}
