/** The tools, each with what it does; and the neighbours that can be merged. */
import type { JSX } from "preact";
import { shapeOf } from "../data/geometry";
import type { Tool } from "../map/edit";
import { isNarrow } from "../state/narrow";
import { name } from "../upload/said";
import { mergeable } from "./near";
import { sizeOf, sizeSoFar } from "./sizes";
import {
  canRedo,
  canUndo,
  draft,
  forms,
  kind,
  projectsAfter,
  redo,
  sketch,
  take,
  text,
  toggleOther,
  tool,
  undo,
} from "./state";
import { isDrawn } from "./Unfinished";

/** A finger has no second button. */
const byTouch = matchMedia("(pointer: coarse)").matches;

function ToolButton(props: { of: Exclude<Tool, "none">; off?: boolean }): JSX.Element {
  return (
    <button
      type="button"
      class="button small"
      aria-pressed={tool.value === props.of}
      disabled={props.off}
      onClick={() => take(props.of)}
    >
      {text.value.tool[props.of]}
    </button>
  );
}

/** How large the shape is: while it is drawn about, then as the service measures it. */
function Size(): JSX.Element {
  const t = text.value.measures;
  const at = sketch.value;
  const { geometry, id } = draft.value;
  const isArea =
    tool.value === "area" ||
    (tool.value !== "line" && tool.value !== "cut" && geometry !== null && shapeOf(geometry) === "area");
  const own = projectsAfter.value.find((one) => one.id === id) ?? projectsAfter.value[0];
  const measured = own && sizeOf(own);
  const is = own?.precision === "surveyed" || own?.precision === "digitised";
  const said = at?.length
    ? `${t.points(at.length)} · ${sizeSoFar(at, isArea)}`
    : geometry
      ? measured || (own && !is && shapeOf(geometry) !== "point" ? t.unmeasured : "")
      : t.none;
  return <output class="edit-size">{said}</output>;
}

export function Tools(): JSX.Element {
  const t = text.value;
  const { geometry, id, remove } = draft.value;
  const form = geometry && shapeOf(geometry);
  const waits = !kind.value;
  const hint = waits
    ? t.hints.kind
    : byTouch && tool.value === "vertices"
      ? t.hints.touched
      : t.hints[tool.value];
  const byKeys = !waits && !byTouch && isDrawn(tool.value);
  return (
    <div class="edit-tools">
      <div class="edit-bar" role="toolbar" aria-label={t.tools}>
        <div class="edit-buttons">
          {forms.value.map((one) => (
            <ToolButton key={one} of={one} off={remove} />
          ))}
          <ToolButton of="vertices" off={!geometry || remove} />
          <ToolButton of="move" off={!geometry || remove} />
          {id && <ToolButton of="cut" off={!form || form === "point" || remove} />}
          {id && <ToolButton of="merge" off={!form || form === "point" || remove} />}
        </div>
        <div class="edit-steps">
          <button
            type="button"
            class="button small"
            disabled={!canUndo.value}
            aria-keyshortcuts="Control+Z Backspace"
            aria-label={t.undo}
            onClick={undo}
          >
            {isNarrow.value ? t.undoShort : t.undo}
          </button>
          <button
            type="button"
            class="button small"
            disabled={!canRedo.value}
            aria-keyshortcuts="Control+Y"
            aria-label={t.redo}
            onClick={redo}
          >
            {isNarrow.value ? t.redoShort : t.redo}
          </button>
        </div>
      </div>
      <p class="edit-hint">
        <span>
          {hint}
          {byKeys && ` ${t.hints.keys}`}
        </span>
        <Size />
      </p>
    </div>
  );
}

export function Others(): JSX.Element | null {
  const t = text.value.fields;
  if (tool.value !== "merge" && !draft.value.others.length) return null;
  return (
    <fieldset class="edit-others">
      <legend>{t.others}</legend>
      {!mergeable.value.length && <p>{t.noOthers}</p>}
      {mergeable.value.map((one) => (
        <label key={one.id} class="check">
          <input
            type="checkbox"
            checked={draft.value.others.includes(one.id)}
            onChange={() => toggleOther(one.id)}
          />
          {name(one.properties)}
        </label>
      ))}
    </fieldset>
  );
}
