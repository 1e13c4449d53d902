/** On a phone the card is a sheet at the bottom with three heights: drag its grip, press it, or use the arrows. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { words } from "../state/store";
import { closeCard } from "./focus";

/** From low to high. At the lowest the map and the time bar are free. */
const STOPS = ["peek", "half", "full"] as const;
export type Stop = (typeof STOPS)[number];

export const stop = signal<Stop>("half");

/** A finger that moves less than this presses. */
const PRESS_PX = 6;
/** A drag that goes so far means the next height, though it ends nearer to the one it came from. */
const FLICK_PX = 36;

function moveBy(steps: number): void {
  const at = STOPS.indexOf(stop.value) + steps;
  if (at < 0) closeCard();
  else stop.value = STOPS[Math.min(at, STOPS.length - 1)];
}

/** Where the upper edge of the card is at each height, from low to high, in pixels of the window. */
function edges(card: HTMLElement): number[] {
  const now = stop.value;
  const found = STOPS.map((one) => {
    card.classList.replace(stopOf(card), one);
    return card.getBoundingClientRect().top;
  });
  card.classList.replace(stopOf(card), now);
  return found;
}

const stopOf = (card: HTMLElement): Stop => STOPS.find((one) => card.classList.contains(one))!;

/** The height that a drag ends at, from where it began and how far it went (down is positive). */
export function landing(tops: readonly number[], from: number, by: number): number {
  const to = tops[from] + by;
  const distances = tops.map((top) => Math.abs(top - to));
  const nearest = distances.indexOf(Math.min(...distances));
  const isFlick = nearest === from && Math.abs(by) >= FLICK_PX;
  return isFlick ? from - Math.sign(by) : nearest;
}

interface Drag {
  card: HTMLElement;
  y: number;
  height: number;
  tops: number[];
}

export function Grip(): JSX.Element {
  const t = words.value.card;
  const drag = useRef<Drag | null>(null);
  const moved = useRef(false);
  const begin = (event: PointerEvent): void => {
    const button = event.currentTarget as HTMLElement;
    const card = button.closest<HTMLElement>(".card")!;
    button.setPointerCapture(event.pointerId);
    moved.current = false;
    card.classList.add("dragged");
    drag.current = { card, y: event.clientY, height: card.offsetHeight, tops: edges(card) };
  };
  const follow = (event: PointerEvent): void => {
    if (!drag.current) return;
    const { card, y, height } = drag.current;
    if (Math.abs(event.clientY - y) >= PRESS_PX) moved.current = true;
    if (moved.current) card.style.height = `${Math.max(0, height - event.clientY + y)}px`;
  };
  const end = (event: PointerEvent): void => {
    if (!drag.current) return;
    const { card, y, tops } = drag.current;
    drag.current = null;
    card.classList.remove("dragged");
    card.style.height = "";
    if (!moved.current || event.type === "pointercancel") return;
    const from = STOPS.indexOf(stop.value);
    moveBy(landing(tops, from, event.clientY - y) - from);
  };
  return (
    <button
      type="button"
      class="grip"
      aria-label={t.resize(t.stops[stop.value])}
      onPointerDown={begin}
      onPointerMove={follow}
      onPointerUp={end}
      onPointerCancel={end}
      onClick={(event) => {
        // The press at the end of a drag is none; one of the keyboard (0 presses) always is.
        if (event.detail > 0 && moved.current) return;
        // Past the highest it begins anew at the lowest.
        moveBy(stop.value === "full" ? 1 - STOPS.length : 1);
      }}
      onKeyDown={(event) => {
        const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (!steps) return;
        event.preventDefault();
        if (steps > 0 || stop.value !== "peek") moveBy(steps);
      }}
    />
  );
}
