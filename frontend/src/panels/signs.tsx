/** The small signs that stand beside words: phase swatch, kind badge, light, commitment. */
import type { JSX } from "preact";
import type { KindInfo, LightId, PhaseId } from "../data/types";
import { lineStrokes } from "../map/strokes";
import type { PhaseState } from "../phases";
import { hueVar } from "../state/hues";

const FACT = (phase: PhaseId): PhaseState => ({
  phase,
  basis: phase === "unknown" ? "none" : "fact",
  maybe: null,
});

/** A piece of line in the pattern of a phase. */
export function Swatch(props: {
  state?: PhaseState;
  phase?: PhaseId;
  ink?: string;
  width?: number;
}): JSX.Element {
  const { ink = "currentColor", width = 32 } = props;
  const strokes = lineStrokes(props.state ?? FACT(props.phase ?? "unknown"), 5);
  return (
    <svg class="swatch" width={width} height={12} viewBox={`0 0 ${width} 12`} aria-hidden="true">
      {strokes.map((stroke, i) => (
        <line
          key={i}
          x1={2}
          x2={width - 2}
          y1={6}
          y2={6}
          stroke={stroke.ink === "hue" ? ink : "var(--paper)"}
          stroke-width={stroke.width}
          stroke-dasharray={stroke.dash}
          stroke-opacity={stroke.opacity ?? 1}
          stroke-linecap={stroke.round ? "round" : "butt"}
        />
      ))}
    </svg>
  );
}

/** The kind's glyph on a disc of its hue. */
export function KindBadge(props: { kind: KindInfo; hue?: string }): JSX.Element {
  return (
    <span class="kind-badge" style={{ "--c": hueVar(props.hue ?? props.kind.id) }} aria-hidden="true">
      <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
        <path d={props.kind.style.glyph} />
      </svg>
    </span>
  );
}

const LIGHT_SHAPES: Record<LightId, JSX.Element> = {
  green: (
    <>
      <circle cx="6" cy="6" r="5" />
      <path d="M3.5 6.2l1.8 1.8 3.3-3.8" class="cut" />
    </>
  ),
  amber: (
    <>
      <path d="M6 .8l5.6 10.2H.4z" />
      <path d="M6 4.2v3M6 8.6v.9" class="cut" />
    </>
  ),
  red: (
    <>
      <path d="M3.6.5h4.800l3.1 3.1v4.8l-3.1 3.1H3.600L.5 8.4V3.6z" />
      <path d="M6 2.9v3.6M6 8.2v1" class="cut" />
    </>
  ),
  silent: (
    <>
      <circle cx="6" cy="6" r="4.6" class="line" />
      <path d="M6 3.400v3l1.8 1.4" class="line" />
    </>
  ),
  grey: (
    <>
      <circle cx="6" cy="6" r="4.6" class="line" />
      <path d="M3.5 6h5" class="line" />
    </>
  ),
};

/** A date that has not come yet: nothing is done, so there is no tick. */
const WAITING_SHAPE = <circle cx="6" cy="6" r="4.6" class="line" />;

/** The timing light: a shape and a word, never colour alone. */
export function LightBadge(props: { light: LightId; waiting: boolean; word: string }): JSX.Element {
  return (
    <span class={`light ${props.waiting ? "waiting" : props.light}`}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {props.waiting ? WAITING_SHAPE : LIGHT_SHAPES[props.light]}
      </svg>
      <span>{props.word}</span>
    </span>
  );
}

/** Five steps of commitment with its word; below `done`. */
export function Commitment(props: { level: number; word: string }): JSX.Element {
  return (
    <span class="commitment">
      <svg width="20" height="10" viewBox="0 0 20 10" aria-hidden="true">
        {[0, 1, 2, 3, 4].map((i) => (
          <rect
            key={i}
            x={i * 4 + 0.4}
            y={8 - i * 2}
            width="2.6"
            height={2 + i * 2 - 0.4}
            class={i < props.level ? "full" : ""}
          />
        ))}
      </svg>
      {props.word}
    </span>
  );
}

const ICONS = {
  close: "M4 4l8 8 M12 4l-8 8",
  search: "M7 2.5a4.5 4.5 0 1 0 .01 0 M10.4 10.4L14 14",
  play: "M4.5 2.5v11l9-5.5z",
  pause: "M5 3v10 M11 3v10",
  plus: "M8 3v10 M3 8h10",
  minus: "M3 8h10",
  home: "M2.5 6V2.500H6 M10 2.500h3.500V6 M13.500 10v3.500H10 M6 13.500H2.500V10",
  chevron: "M6 4l4 4-4 4",
  external: "M9 3h4v4 M13 3L7.500 8.500 M11.500 9.500v3.500h-8.500v-8.500h3.500",
} as const;

export function Icon(props: { name: keyof typeof ICONS; size?: number; filled?: boolean }): JSX.Element {
  const size = props.size ?? 16;
  return (
    <svg
      class={`icon${props.filled ? " filled" : ""}`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={ICONS[props.name]} />
    </svg>
  );
}
