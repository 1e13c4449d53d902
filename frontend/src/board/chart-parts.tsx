/** What the charts have in common: their frame, the points that a keyboard reaches, the table behind them. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { progressWords } from "./asked";

/** The width of an element in pixels, followed as it changes. */
export function useWidth(usual: number): [(element: HTMLElement | null) => void, number] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(usual);
  useLayoutEffect(() => {
    if (!element) return;
    const measure = (): void => setWidth(Math.max(240, Math.round(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, width];
}

export interface Point {
  key: string;
  label: string;
  /** Where it lies in the chart, in the units of its drawing. */
  left: number;
  top: number;
  width: number;
  height: number;
  onPress(event: { currentTarget: EventTarget | null }): void;
}

/**
 * Buttons over a drawing of a width and a height, one for each point. Tab comes to one of them, arrow keys go on
 * from there. `onShow` tells which one is pointed at or has the keyboard.
 */
export function Points(props: {
  points: readonly Point[];
  size: readonly [number, number];
  label: string;
  start?: number;
  onShow?: (at: number | null) => void;
}): JSX.Element {
  const { points, size, label, onShow } = props;
  const [chosen, setChosen] = useState<number | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const at = Math.max(0, Math.min(points.length - 1, chosen ?? props.start ?? 0));
  const go = (to: number): void => {
    const next = Math.max(0, Math.min(points.length - 1, to));
    setChosen(next);
    host.current?.querySelectorAll("button")[next]?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: points.length - 1,
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    go(steps[event.key]);
  };
  const share = (value: number, of: number): string => `${(value / of) * 100}%`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: points of one drawing that belong together, not a form
    <div class="chart-points" role="group" aria-label={label} ref={host}>
      {points.map((point, i) => (
        <button
          key={point.key}
          type="button"
          class="chart-point"
          aria-label={point.label}
          title={point.label}
          tabIndex={i === at ? 0 : -1}
          style={{
            left: share(point.left, size[0]),
            top: share(point.top, size[1]),
            width: share(point.width, size[0]),
            height: share(point.height, size[1]),
          }}
          onClick={point.onPress}
          onKeyDown={onKey}
          onFocus={() => {
            setChosen(i);
            onShow?.(i);
          }}
          onBlur={() => onShow?.(null)}
          onMouseEnter={() => onShow?.(i)}
          onMouseLeave={() => onShow?.(null)}
        />
      ))}
    </div>
  );
}

export interface Table {
  head: string[];
  /** The first of a row is its name. */
  rows: (string | number)[][];
}

function DataTable(props: { table: Table; caption: string }): JSX.Element {
  const { head, rows } = props.table;
  const isAmount = head.map((_, at) => rows.every((row) => typeof row[at] === "number"));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a place to scroll in, named by what it holds
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must scroll it
    <div class="chart-table" role="region" aria-label={props.caption} tabIndex={0}>
      <table>
        <caption class="only-heard">{props.caption}</caption>
        <thead>
          <tr>
            {head.map((name, at) => (
              <th key={name} scope="col" class={isAmount[at] ? "amount" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) =>
                j ? (
                  <td key={j} class={typeof cell === "number" ? "amount" : undefined}>
                    {cell}
                  </td>
                ) : (
                  <th key={j} scope="row">
                    {cell}
                  </th>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A chart: its title, what it shows in a sentence, the drawing, what it leaves out, the numbers behind it. */
export function ChartFrame(props: {
  id: string;
  title: string;
  says: string;
  leftOut: readonly { words: string; n: number | null }[];
  table: Table;
  children: ComponentChildren;
}): JSX.Element {
  const { id, title, says, leftOut, table, children } = props;
  const t = progressWords.value;
  const [open, setOpen] = useState(false);
  const told = leftOut.filter(({ n }) => n !== 0);
  return (
    <section class="chart" aria-labelledby={`chart-${id}`}>
      <h3 id={`chart-${id}`}>{title}</h3>
      <p class="lede">{says}</p>
      {children}
      {told.length > 0 && (
        <ul class="left-out">
          {told.map(({ words, n }) => (
            <li key={words}>{t.without(n === null ? words : t.counted(words, n))}</li>
          ))}
        </ul>
      )}
      {table.rows.length > 0 && (
        <details class="behind" onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t.table}</summary>
          {open && <DataTable table={table} caption={`${title}: ${t.table}`} />}
        </details>
      )}
    </section>
  );
}
