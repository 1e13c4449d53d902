/** Bringing what was chosen into the part of the sheet that nothing covers. */
import { LatLngBounds, point } from "leaflet";
import { type Bounds, boundsMeet, boundsOf, type Geometry, middleOf, type Position } from "../data/geometry";
import { catalogue } from "../state/store";
import type { Frame } from "./frame";
import type { Mark } from "./marks";
import { openBox, shareIn } from "./open";
import type { Box, Point } from "./placement";

/** Room round what is brought into view. */
const MARGIN_PX = 34;
/** A line counts as seen when this much of its course in the area is. */
const SEEN_SHARE = 0.6;
/** What was looked for is shown at this zoom at least, if it fits: there everything has its name. */
const CLOSER_ZOOM = 15;

export class Revealing {
  /** covers: the boxes of what lies over the sheet, in its pixels. */
  constructor(
    private readonly frame: Frame,
    private readonly covers: () => Box[],
  ) {}

  /** A project that is drawn, standing at a place. */
  mark(mark: Mark, standing: Position, closer: boolean): void {
    const open = this.open();
    const pixels = (line: Position[]): Point[] => line.map((position) => this.frame.pixel(position));
    const extent = extentOf(mark);
    const isSeen = (): boolean => {
      if (!mark.course.length) return this.isIn(standing, open);
      const [west, south, east, north] = extent;
      const [x0, y0] = this.frame.pixel([west, north]);
      const [x1, y1] = this.frame.pixel([east, south]);
      return shareIn(mark.course.map(pixels), open, [x0, y0, x1, y1]) > SEEN_SHARE;
    };
    this.bring(extent, open, isSeen(), closer);
  }

  /** A whole that has no shape of its own: all that is drawn of it. */
  parts(marks: readonly Mark[], closer: boolean): void {
    if (!closer || !marks.length) return;
    const all = marks.map(extentOf);
    const of = (n: 0 | 1 | 2 | 3, choose: (...values: number[]) => number): number =>
      choose(...all.map((one) => one[n]));
    const extent: Bounds = [of(0, Math.min), of(1, Math.min), of(2, Math.max), of(3, Math.max)];
    this.bring(extent, this.open(), false, true);
  }

  /** A shape that is not drawn as a project of the sheet. */
  shape(geometry: Geometry, closer: boolean): void {
    const open = this.open();
    this.bring(boundsOf(geometry), open, this.isIn(middleOf(geometry), open), closer);
  }

  private bring(extent: Bounds, open: Box, isThere: boolean, closer: boolean): void {
    const { map } = this.frame;
    const far = closer && map.getZoom() < CLOSER_ZOOM;
    const [west, south, east, north] = extent;
    const [left, top, right, bottom] = open;
    const { x: width, y: height } = map.getSize();
    const bounds = new LatLngBounds([south, west], [north, east]);
    const covered = point(width - right + left + 2 * MARGIN_PX, height - bottom + top + 2 * MARGIN_PX);
    // What is there already, and could not be shown any larger, stays where it is.
    if (isThere && !(far && map.getBoundsZoom(bounds, false, covered) > map.getZoom())) return;
    map.fitBounds(bounds, {
      paddingTopLeft: [left + MARGIN_PX, top + MARGIN_PX],
      paddingBottomRight: [width - right + MARGIN_PX, height - bottom + MARGIN_PX],
      maxZoom: far ? CLOSER_ZOOM : map.getZoom(),
      animate: false,
    });
  }

  private open(): Box {
    const { x: width, y: height } = this.frame.map.getSize();
    return openBox(width, height, this.covers());
  }

  /** Well inside a box of the sheet. */
  private isIn(place: Position, [left, top, right, bottom]: Box): boolean {
    const [x, y] = this.frame.pixel(place);
    return x > left + MARGIN_PX && x < right - MARGIN_PX && y > top + MARGIN_PX && y < bottom - MARGIN_PX;
  }
}

/** The bounds of what is drawn, of a line only its stretch in the area: the rest is on other sheets. */
function extentOf(mark: Mark): Bounds {
  const own = boundsOf(mark.project.geometry!);
  const area = catalogue.value?.area.bbox_lonlat;
  if (!mark.course.length || !area || !boundsMeet(own, area)) return own;
  return [
    Math.max(own[0], area[0]),
    Math.max(own[1], area[1]),
    Math.min(own[2], area[2]),
    Math.min(own[3], area[3]),
  ];
}
