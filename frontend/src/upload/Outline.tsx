/** The shape of a change without a map: before dashed, after solid, in one small picture. */
import type { JSX } from "preact";
import type { ChangeShapes } from "../data/changesets";
import { type Geometry, linesOf, type Position, pointsOf, polygonsOf } from "../data/geometry";
import { text } from "./said";

const WIDTH = 240;
const HEIGHT = 120;
const MARGIN = 12;
const DOT = 4;

const ringsOf = (geometry: Geometry): Position[][] => [...linesOf(geometry), ...polygonsOf(geometry).flat()];

export function Outline(props: { of: ChangeShapes }): JSX.Element | null {
  const { geometry_before: before, geometry_after: after } = props.of;
  const sides = [before, after].filter((one): one is Geometry => one !== null);
  const all = sides.flatMap((one) => [...pointsOf(one), ...ringsOf(one).flat()]);
  if (!all.length) return null;
  const [lons, lats] = [all.map(([lon]) => lon), all.map(([, lat]) => lat)];
  // Not by spreading: a shape may have more points than a call has arguments.
  const least = (of: number[]): number => of.reduce((a, b) => Math.min(a, b));
  const most = (of: number[]): number => of.reduce((a, b) => Math.max(a, b));
  const [west, east, south, north] = [least(lons), most(lons), least(lats), most(lats)];
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const [wide, high] = [(east - west) * narrow, north - south];
  const scale = Math.min((WIDTH - 2 * MARGIN) / (wide || 1e-9), (HEIGHT - 2 * MARGIN) / (high || 1e-9));
  const at = ([lon, lat]: Position): [number, number] => [
    wide || high ? WIDTH / 2 + ((lon - west) * narrow - wide / 2) * scale : WIDTH / 2,
    wide || high ? HEIGHT / 2 - (lat - south - high / 2) * scale : HEIGHT / 2,
  ];
  const path = (of: Geometry): string =>
    ringsOf(of)
      .map(
        (ring) =>
          `M${ring
            .map((one) =>
              at(one)
                .map((n) => n.toFixed(1))
                .join(" "),
            )
            .join("L")}`,
      )
      .join("");
  const side = (of: Geometry | null, name: string): JSX.Element | null =>
    of && (
      <g class={`${name}${polygonsOf(of).length ? " area" : ""}`}>
        <path d={path(of)} />
        {pointsOf(of).map((one, i) => (
          <circle key={i} cx={at(one)[0]} cy={at(one)[1]} r={DOT} />
        ))}
      </g>
    );
  return (
    <svg
      class="outline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={text.value.changes.outline}
    >
      {side(before, "before")}
      {side(after, "after")}
    </svg>
  );
}
