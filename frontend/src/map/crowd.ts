/** Symbols that would cover one another step aside. Pure. */

export interface Standing {
  x: number;
  y: number;
  /** Half the width it needs. */
  reach: number;
  /** It marks a known place and stays there. */
  fixed: boolean;
  /**
   * Stations give way to nothing but one another, and no further than it takes to tell them apart: of two
   * known places both, otherwise the one that nobody measured.
   */
  station?: boolean;
}

/** The whole district on a hand's breadth: symbols shrink below this zoom, down to this share of their size. */
const FULL_SIZE_ZOOM = 12.75;
const LEAST_SIZE = 0.65;

/** How large symbols are drawn at a zoom, as a share of their usual size. */
export const symbolScale = (zoom: number): number =>
  Math.min(1, Math.max(LEAST_SIZE, 1 - (FULL_SIZE_ZOOM - zoom) * 0.2));

const ROUNDS = 90;
const EASE = 0.6;
/** Two stations of one place may near each other to this share of what they need. */
const STATION_SHARE = 0.85;
/** Symbols with their signs are some 36 pixels wide: only those of neighbouring cells can meet. */
const CELL = 40;

/** Push overlapping things apart, in place, until they stand clear or patience ends. */
export function spread(all: Standing[]): void {
  const stations = all.filter((one) => one.station);
  const close = stations.map((one) => ({ ...one, reach: one.reach * STATION_SHARE }));
  settle(close, true);
  stations.forEach((one, i) => {
    Object.assign(one, { x: close[i].x, y: close[i].y, fixed: true });
  });
  settle(all, false);
}

/** `both`: of two that are fixed both move, instead of neither. */
function settle(all: Standing[], both: boolean): void {
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    for (const [i, j] of neighbours(all)) if (push(all[i], all[j], i, both)) moved = true;
    if (!moved) return;
  }
}

/** Pairs that stand near enough to meet, each once, always in the same order. */
function neighbours(all: Standing[]): [number, number][] {
  const cells = new Map<string, number[]>();
  const column = (one: Standing): number => Math.floor(one.x / CELL);
  const row = (one: Standing): number => Math.floor(one.y / CELL);
  all.forEach((one, i) => {
    const key = `${column(one)} ${row(one)}`;
    const cell = cells.get(key);
    if (cell) cell.push(i);
    else cells.set(key, [i]);
  });
  const pairs: [number, number][] = [];
  all.forEach((one, i) => {
    for (let x = column(one) - 1; x <= column(one) + 1; x++)
      for (let y = row(one) - 1; y <= row(one) + 1; y++)
        for (const j of cells.get(`${x} ${y}`) ?? []) if (j > i) pairs.push([i, j]);
  });
  return pairs;
}

function push(a: Standing, b: Standing, i: number, both: boolean): boolean {
  const alike = a.fixed === b.fixed;
  if (a.fixed && b.fixed && !both) return false;
  const need = a.reach + b.reach;
  let dx = b.x - a.x;
  let dy = b.y - a.y;
  if (Math.abs(dx) > need || Math.abs(dy) > need) return false;
  let distance = Math.hypot(dx, dy);
  if (distance >= need - 0.2) return false;
  if (distance < 0.1) {
    // Exactly on top of each other: any direction, but always the same.
    [dx, dy, distance] = [i % 2 ? 0.7 : -0.7, 0.7, 1];
  }
  const share = (((need - distance) / distance) * EASE) / (alike ? 2 : 1);
  if (alike || !a.fixed) {
    a.x -= dx * share;
    a.y -= dy * share;
  }
  if (alike || !b.fixed) {
    b.x += dx * share;
    b.y += dy * share;
  }
  return true;
}
