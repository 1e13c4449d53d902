/** The change that was pressed on the map, where the list is not beside it or does not reach so far. */
import type { JSX } from "preact";
import { lookOf } from "../data/changesets";
import { Icon } from "../panels/signs";
import { gist, nameOf, Verdict } from "./OneChange";
import { changes, choose, chosen, shapes } from "./review";
import { Sign } from "./Sign";
import { say, text } from "./said";

export function ChosenCard(): JSX.Element | null {
  const change = shapes.value;
  if (!change || chosen.value === null) return null;
  const isListed = changes.value.some((one) => one.n === chosen.value);
  return (
    <div class={`chosen-card${isListed ? " listed" : ""}`} role="status">
      <Sign look={lookOf(change.op, change.decision)} />
      <p>
        <b>{nameOf(change)}</b>
        <small>{gist(change)}</small>
        {change.issues.map((issue, i) => (
          <small key={i}>{say(issue)}</small>
        ))}
      </p>
      <button
        type="button"
        class="icon-button"
        aria-label={text.value.map.close}
        onClick={() => void choose(null)}
      >
        <Icon name="close" />
      </button>
      <Verdict change={change} />
    </div>
  );
}
