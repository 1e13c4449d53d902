/** How promised dates moved: for each milestone the day it was promised for, over the day on which that was said. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Progress, Said, SlipGroup, SlipSeries } from "../data/progress";
import { type Day, dayOf } from "../dates";
import { catalogue, kindById, lang } from "../state/store";
import { dateIn, nameIn, slipIn } from "../text/words";
import { progressWords } from "./asked";
import { ChartFrame, type Point, Points, type Table, useWidth } from "./chart-parts";
import { openClaim } from "./claim";
import { linear, yearsRound, yearTicks } from "./scales";

const HEIGHT = 300;
const TOP = 12;
const FOOT = 40;
const LEFT = 46;
const RIGHT = 14;
const POINT_PX = 24;
const MOST_WIDE = 760;
/** The lines differ in their strokes too. */
const DASHES = ["", "7 3", "2 3", "10 3 2 3"];

const commitmentName = (id: string): string => {
  const found = catalogue.value!.commitments.find((one) => one.id === id);
  return found ? nameIn(lang.value, found) : id;
};
const wordsOf = (told: { words_zh: string; words_en: string }): string =>
  lang.value === "zh" ? told.words_zh : told.words_en;
const saidDay = (said: Said): Day => dayOf(said.said_latest);
const dueDay = (said: Said): Day => dayOf(said.due.latest ?? said.said_latest);

const seriesName = (one: SlipSeries): string =>
  `${nameIn(lang.value, one.project)} · ${nameIn(lang.value, one.milestone)}`;
function groupName(group: SlipGroup): string {
  if (group.parent) return progressWords.value.slips.group(nameIn(lang.value, group.parent));
  const kind = kindById.value.get(group.kind ?? "");
  return kind ? nameIn(lang.value, kind) : (group.kind ?? "");
}
const pointWords = (one: SlipSeries, said: Said): string =>
  progressWords.value.slips.point(
    seriesName(one),
    dateIn(lang.value, said.said_on),
    wordsOf(said.due),
    commitmentName(said.commitment),
  );

function Drawing(props: { group: SlipGroup }): JSX.Element {
  const { group } = props;
  const t = progressWords.value.slips;
  const [host, width] = useWidth(MOST_WIDE);
  const [shown, setShown] = useState<number | null>(null);
  const said = group.series.flatMap((one) => one.points.map((point) => ({ one, point })));
  const actuals = group.series.flatMap((one) => (one.actual?.latest ? [dayOf(one.actual.latest)] : []));
  const saidDays = said.map(({ point }) => saidDay(point));
  const across = yearsRound(saidDays, Math.max(...saidDays));
  const dues = said.map(({ point }) => dueDay(point));
  const upward = yearsRound([...dues, ...actuals], dues[0]);
  const x = linear(across, [LEFT, width - RIGHT]);
  const y = linear(upward, [HEIGHT - FOOT, TOP]);
  // Where a promise falls due on the day on which it is said.
  const [low, high] = [Math.max(across[0], upward[0]), Math.min(across[1], upward[1])];
  const points: Point[] = said.map(({ one, point }, i) => ({
    key: `${one.project.id} ${one.milestone.code} ${i}`,
    label: pointWords(one, point),
    left: x(saidDay(point)) - POINT_PX / 2,
    top: y(dueDay(point)) - POINT_PX / 2,
    width: POINT_PX,
    height: POINT_PX,
    onPress: (event) => openClaim(event, one.project.id, point.due.claim),
  }));
  return (
    <>
      <div class="drawing slip-drawing" ref={host}>
        <svg viewBox={`0 0 ${width} ${HEIGHT}`} width="100%" aria-hidden="true">
          {yearTicks(...across, width / 70).map(({ year, day }) => (
            <g key={year}>
              <line class="grid-line" x1={x(day)} x2={x(day)} y1={TOP} y2={HEIGHT - FOOT} />
              <text class="tick" x={x(day)} y={HEIGHT - FOOT + 14}>
                {day < across[1] && year}
              </text>
            </g>
          ))}
          {yearTicks(...upward, 7).map(({ year, day }) => (
            <g key={year}>
              <line class="grid-line" x1={LEFT} x2={width - RIGHT} y1={y(day)} y2={y(day)} />
              <text class="tick right" x={LEFT - 5} y={y(day) + 4}>
                {year}
              </text>
            </g>
          ))}
          <text class="tick right" x={width - RIGHT} y={HEIGHT - 6}>
            {t.saidOn} →
          </text>
          <text class="tick" x={4} y={HEIGHT - 6}>
            ↑ {t.dueOn}
          </text>
          {low < high && (
            <g>
              <line class="slip-even" x1={x(low)} y1={y(low)} x2={x(high)} y2={y(high)} />
              <text class="tick" x={x(low + (high - low) / 2) + 6} y={y(low + (high - low) / 2) + 14}>
                {t.onTime}
              </text>
            </g>
          )}
          {group.series.map((one, at) => {
            const done = one.actual?.latest ? dayOf(one.actual.latest) : null;
            return (
              <g key={`${one.project.id} ${one.milestone.code}`}>
                <polyline
                  class="slip-line"
                  stroke-dasharray={DASHES[at % DASHES.length]}
                  points={one.points.map((point) => `${x(saidDay(point))},${y(dueDay(point))}`).join(" ")}
                />
                {done !== null && (
                  <g>
                    <line class="slip-actual" x1={LEFT} x2={width - RIGHT} y1={y(done)} y2={y(done)} />
                    <text class="tick right" x={width - RIGHT} y={y(done) - 4}>
                      {t.done(wordsOf(one.actual!))}
                    </text>
                  </g>
                )}
                {one.points.map((point, i) => (
                  <g key={i}>
                    {point.due.earliest && (
                      <line
                        class="slip-span"
                        x1={x(saidDay(point))}
                        x2={x(saidDay(point))}
                        y1={y(Math.max(upward[0], dayOf(point.due.earliest)))}
                        y2={y(dueDay(point))}
                      />
                    )}
                    <circle class="slip-dot" cx={x(saidDay(point))} cy={y(dueDay(point))} r={4.5} />
                  </g>
                ))}
              </g>
            );
          })}
        </svg>
        <Points points={points} size={[width, HEIGHT]} label={groupName(group)} onShow={setShown} />
      </div>
      <p class="readout">
        {pointWords(said[shown ?? said.length - 1].one, said[shown ?? said.length - 1].point)}
      </p>
      <ul class="chart-key">
        {group.series.map((one, at) => (
          <li key={`${one.project.id} ${one.milestone.code}`}>
            <svg width="26" height="14" viewBox="0 0 26 14" aria-hidden="true">
              <line
                class="slip-line"
                stroke-dasharray={DASHES[at % DASHES.length]}
                x1="1"
                x2="25"
                y1="7"
                y2="7"
              />
              <circle class="slip-dot" cx="13" cy="7" r="4" />
            </svg>
            {seriesName(one)}
            {one.moves > 0 && ` · ${slipIn(lang.value, one.slip_days, one.slip_exact === true)}`}
          </li>
        ))}
      </ul>
    </>
  );
}

function tableOf(groups: readonly SlipGroup[]): Table {
  const { plan } = progressWords.value;
  return {
    head: [plan.project, plan.milestone, plan.said, plan.promised, plan.commitment, plan.actual],
    rows: groups.flatMap((group) =>
      group.series.flatMap((one) =>
        one.points.map((point) => [
          nameIn(lang.value, one.project),
          nameIn(lang.value, one.milestone),
          dateIn(lang.value, point.said_on),
          wordsOf(point.due),
          commitmentName(point.commitment),
          one.actual ? wordsOf(one.actual) : plan.notYet,
        ]),
      ),
    ),
  };
}

export function SlipChart(props: { progress: Progress }): JSX.Element {
  const { slips, plan } = props.progress;
  const t = progressWords.value.slips;
  const drawn = slips.reduce((sum, group) => sum + group.series.length, 0);
  return (
    <ChartFrame
      id="slips"
      title={t.title}
      says={t.says}
      leftOut={[
        { words: t.once, n: plan.count - drawn },
        { words: progressWords.value.plan.undated, n: plan.undated },
      ]}
      table={tableOf(slips)}
    >
      {!slips.length && <p>{t.none}</p>}
      {slips.map((group) => (
        <section key={group.parent?.id ?? group.kind} class="slip-group">
          <h4>
            {groupName(group)} <small>{t.moved(group.moved, group.series.length)}</small>
          </h4>
          <Drawing group={group} />
        </section>
      ))}
    </ChartFrame>
  );
}
