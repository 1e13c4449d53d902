// biome-ignore-all lint/a11y/useSemanticElements: the rows of a virtual table are boxes in their places, no table of the browser
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the keyboard, and points at the row it is on
/** The table: virtual rows, so that twenty thousand of them scroll as smoothly as twenty. */
import { signal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isoOf } from "../dates";
import { openFrom } from "../panels/focus";
import { Commitment, KindBadge, LightBadge, Swatch } from "../panels/signs";
import { hueKey } from "../state/day";
import { hueVar } from "../state/hues";
import { isNarrow } from "../state/narrow";
import { catalogue, lang, selected, today, words } from "../state/store";
import { dateIn, nameIn, slipIn } from "../text/words";
import { type Column, isHeading, type Line, pressed, type Row } from "./rows";
import { columns, listed, orders, rows, text } from "./table";

const ROW_PX = 40;
/** Rows drawn beyond what is seen, above and below. */
const SPARE = 8;

const scrolled = signal(0);
const height = signal(600);
/** The row the keyboard is on. */
const active = signal(0);

/** Of each column: what it needs at least, in rem, and its share of what is left. */
const WIDTHS: Record<Column, readonly [least: number, share: number]> = {
  name: [13, 3],
  kind: [6, 0],
  parent: [10, 2],
  phase: [7.2, 0],
  since: [11.2, 0],
  next: [6.5, 0],
  due: [10.4, 0],
  sure: [6.5, 0],
  slip: [6.5, 0],
  moves: [5, 0],
  light: [11.5, 0],
  heard: [9.8, 0],
  unit: [9, 1],
};

/** The name stays in sight while a phone is scrolled sideways; beside it there is room for phase and light. */
const ON_A_PHONE: Partial<typeof WIDTHS> = { name: [8.5, 1], light: [7.6, 0] };

const named = (list: readonly { id: string; name_zh: string; name_en: string }[], id: string): string => {
  const one = list.find((entry) => entry.id === id);
  return one ? nameIn(lang.value, one) : id;
};

function Light(props: { row: Row }): JSX.Element | null {
  const { light, light_days, light_kept, light_milestone, next, phase } = props.row.project.properties;
  const t = words.value.card;
  if (!props.row.state || (light === "grey" && phase === "in_service")) return null;
  const late = (light === "red" || light === "amber") && light_days ? t.atLeast(light_days) : "";
  const word =
    late ||
    (light === "green" ? (light_kept ? t.lightKept : t.lightWaiting) : named(catalogue.value!.lights, light));
  const step = props.row.kind.milestones.find((one) => one.code === light_milestone);
  const waiting = light === "green" && light_kept !== true;
  // Which milestone it is of is mostly said in another column already.
  const isSaid = columns.value.includes("next") && next?.milestone === light_milestone;
  return (
    <>
      <LightBadge light={light} waiting={waiting} word={word} />
      {step && light !== "grey" && !isSaid && <small>{nameIn(lang.value, step)}</small>}
    </>
  );
}

function Cell(props: { row: Row; column: Column }): JSX.Element | string | null {
  const { row, column } = props;
  const { project, kind, state, next } = row;
  const t = text.value.table;
  switch (column) {
    case "name":
      return (
        <>
          <KindBadge kind={kind} hue={hueKey(project)} />
          <span class="cell-name">{row.name}</span>
        </>
      );
    case "kind":
      return nameIn(lang.value, kind);
    case "parent":
      return row.parent;
    case "phase":
      if (!state) return <small>{project.properties.drawn ? t.notTracked : t.parts}</small>;
      return (
        <>
          <Swatch state={state} ink={hueVar(hueKey(project))} width={24} />
          {named(catalogue.value!.phases, state.phase)}
          {state.basis === "promise" && <small>{words.value.card.promised}</small>}
        </>
      );
    case "since":
      return row.since ? dateIn(lang.value, row.since) : "";
    case "next":
      return row.step;
    case "due":
      if (!next) return null;
      return (
        <>
          {dateIn(lang.value, next.date)}
          {next.due_latest && next.due_latest < isoOf(today.value) && <small>{t.lapsed}</small>}
        </>
      );
    case "sure": {
      if (!next) return null;
      const level = catalogue.value!.commitments.findIndex((one) => one.id === next.commitment) + 1;
      return <Commitment level={level} word={named(catalogue.value!.commitments, next.commitment)} />;
    }
    case "slip":
      return next?.moves ? slipIn(lang.value, next.slip_days, false) : null;
    case "moves":
      return next?.moves ? String(next.moves) : null;
    case "light":
      return <Light row={row} />;
    case "heard":
      return project.properties.last_heard ? dateIn(lang.value, project.properties.last_heard) : null;
    case "unit":
      return row.unit;
  }
}

function Header(props: { column: Column }): JSX.Element {
  const { column } = props;
  const t = text.value.table;
  const at = orders.value.findIndex((order) => order.column === column);
  const order = orders.value[at];
  return (
    <div
      role="columnheader"
      class={column === "name" ? "th name" : "th"}
      aria-sort={order && at === 0 ? (order.down ? "descending" : "ascending") : undefined}
    >
      <button
        type="button"
        title={t.sortHow}
        aria-description={t.sortBy(t.columns[column])}
        onClick={(event) => {
          orders.value = pressed(orders.value, column, event.shiftKey);
        }}
      >
        {t.columns[column]}
        {order && orders.value.length > 1 && <span class="only-heard"> {t.place(at + 1)}</span>}
        <span class="sort-sign" aria-hidden="true">
          {order ? (order.down ? "▾" : "▴") : ""}
          {order && orders.value.length > 1 && <sub>{at + 1}</sub>}
        </span>
      </button>
    </div>
  );
}

function RowLine(props: { row: Row; at: number }): JSX.Element {
  const { row, at } = props;
  const { id } = row.project;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keyboard, as the pattern asks
    <div
      role="row"
      id={`row-${at}`}
      class={`tr${selected.value === id ? " on" : ""}${active.value === at ? " active" : ""}`}
      aria-rowindex={at + 2}
      aria-selected={selected.value === id}
      style={{ top: `${at * ROW_PX}px` }}
      onClick={(event) => {
        active.value = at;
        openFrom({ currentTarget: event.currentTarget.closest(".grid-body") }, id);
      }}
    >
      {columns.value.map((column) => (
        <div key={column} role={column === "name" ? "rowheader" : "gridcell"} class={`td ${column}`}>
          <Cell row={row} column={column} />
        </div>
      ))}
    </div>
  );
}

const lineAt = (at: number): Line | undefined => listed.value[at];

export function Table(): JSX.Element {
  const t = text.value.table;
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = body.current!;
    const measure = new ResizeObserver(() => {
      height.value = host.clientHeight;
    });
    measure.observe(host);
    return () => measure.disconnect();
  }, []);
  const show = (at: number): void => {
    const host = body.current;
    if (!host) return;
    const top = at * ROW_PX;
    if (top < host.scrollTop + ROW_PX) host.scrollTop = Math.max(0, top - ROW_PX);
    else if (top + ROW_PX > host.scrollTop + host.clientHeight)
      host.scrollTop = top + ROW_PX - host.clientHeight;
  };
  // Chosen elsewhere, on the map or in the search: bring its row into sight.
  useSignalEffect(() => {
    const id = selected.value;
    if (!id) return;
    const at = listed.peek().findIndex((line) => !isHeading(line) && line.project.id === id);
    if (at < 0) return;
    active.value = at;
    show(at);
  });
  const go = (to: number): void => {
    const last = listed.value.length - 1;
    let at = Math.max(0, Math.min(last, to));
    const by = to < active.value ? -1 : 1;
    while (at >= 0 && at <= last && isHeading(listed.value[at])) at += by;
    if (at < 0 || at > last) return;
    active.value = at;
    show(at);
  };
  const onKey = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(height.value / ROW_PX) - 1);
    const steps: Record<string, number> = {
      ArrowDown: active.value + 1,
      ArrowUp: active.value - 1,
      PageDown: active.value + page,
      PageUp: active.value - page,
      Home: 0,
      End: listed.value.length - 1,
    };
    if (event.key in steps) go(steps[event.key]);
    else if (event.key === "Enter" || event.key === " ") {
      const line = lineAt(active.value);
      if (line && !isHeading(line)) openFrom({ currentTarget: body.current }, line.project.id);
    } else return;
    event.preventDefault();
  };
  const first = Math.max(0, Math.floor(scrolled.value / ROW_PX) - SPARE);
  const end = Math.min(listed.value.length, Math.ceil((scrolled.value + height.value) / ROW_PX) + SPARE);
  const widths = columns.value.map((column) => (isNarrow.value && ON_A_PHONE[column]) || WIDTHS[column]);
  const template = widths
    .map(([least, share]) => (share ? `minmax(${least}rem, ${share}fr)` : `${least}rem`))
    .join(" ");
  const whole = widths.reduce((sum, [least]) => sum + least, 0);
  const drawn = listed.value.slice(first, end);
  const isDrawn = active.value >= first && active.value < end;
  return (
    <div class="board-grid" style={{ "--columns": template, "--table": `${whole}rem` }}>
      <div
        class="grid-body"
        ref={body}
        role="grid"
        tabIndex={0}
        aria-label={t.title}
        aria-description={t.keys}
        aria-rowcount={listed.value.length + 1}
        aria-colcount={columns.value.length}
        aria-activedescendant={isDrawn ? `row-${active.value}` : undefined}
        onScroll={(event) => {
          scrolled.value = event.currentTarget.scrollTop;
        }}
        onKeyDown={onKey}
      >
        <div class="thead" role="row" aria-rowindex={1}>
          {columns.value.map((column) => (
            <Header key={column} column={column} />
          ))}
        </div>
        <div class="tbody" role="rowgroup" style={{ height: `${listed.value.length * ROW_PX}px` }}>
          {drawn.map((line, i) =>
            isHeading(line) ? (
              <div
                key={`heading-${line.heading}`}
                id={`row-${first + i}`}
                class="tr group-heading"
                role="row"
                aria-rowindex={first + i + 2}
                style={{ top: `${(first + i) * ROW_PX}px` }}
              >
                <div role="gridcell" class="td" aria-colspan={columns.value.length}>
                  <b>{line.heading}</b> <span class="number">{line.count}</span>
                </div>
              </div>
            ) : (
              <RowLine key={line.project.id} row={line} at={first + i} />
            ),
          )}
        </div>
        {!rows.value.length && <p class="empty">{t.empty}</p>}
      </div>
    </div>
  );
}
