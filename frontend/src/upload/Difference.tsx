/** One change in full: each field before and after, and how far its shape moved. */
import type { JSX } from "preact";
import type { Change } from "../data/changesets";
import { differencesOf, metresIn, movement } from "./reading";
import { shapes } from "./review";
import { text, vocabulary } from "./said";

/** A shape that moved less than this is told as another shape. */
const MOVED_M = 0.05;

export function Difference(props: { change: Change }): JSX.Element {
  const t = text.value.changes;
  const { change } = props;
  const differences = differencesOf(change, vocabulary.value);
  const both = change.op === "change" || change.op === "remove";
  const drawn = shapes.value?.n === change.n ? movement(shapes.value) : null;
  return (
    <table class="difference">
      <thead>
        <tr>
          <td />
          {both && <th scope="col">{t.before}</th>}
          {change.op !== "remove" && <th scope="col">{t.after}</th>}
        </tr>
      </thead>
      <tbody>
        {drawn && (
          <tr>
            <th scope="row">{t.geometry}</th>
            <td>{t.shape(drawn.points[0])}</td>
            <td>
              {t.shape(drawn.points[1])}
              <small>
                {drawn.metres >= MOVED_M ? t.moved(metresIn(drawn.metres), drawn.bearing) : t.reshaped}
              </small>
            </td>
          </tr>
        )}
        {differences.map((one) => (
          <tr key={one.name}>
            <th scope="row">{one.name}</th>
            {both && <td class="before">{one.before || t.empty}</td>}
            {change.op !== "remove" && <td>{one.after || t.empty}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
