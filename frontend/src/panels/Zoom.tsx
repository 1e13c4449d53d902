/** The buttons of a map: nearer, farther, and back to the whole. */
import type { JSX } from "preact";
import { words } from "../state/store";
import { Icon } from "./signs";

const STEP = 0.5;

/** `whole`: what the third button brings into view, in words; without it there are two. */
export function Zoom(props: {
  onZoom: (steps: number) => void;
  whole?: string;
  onWhole?: () => void;
}): JSX.Element {
  const t = words.value.sheet;
  const { onZoom, whole, onWhole } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that belong together, not a form
    <div class="zoom" data-obstacle role="group" aria-label={t.controls}>
      <button type="button" aria-label={t.zoomIn} title={t.zoomIn} onClick={() => onZoom(STEP)}>
        <Icon name="plus" />
      </button>
      <button type="button" aria-label={t.zoomOut} title={t.zoomOut} onClick={() => onZoom(-STEP)}>
        <Icon name="minus" />
      </button>
      {whole && (
        <button type="button" aria-label={whole} title={whole} onClick={onWhole}>
          <Icon name="home" />
        </button>
      )}
    </div>
  );
}
