/** Symbols that would cover one another step aside. Pure. */

export interface Standing {
  x: number;
  y: number;
  /** Half the width it needs. */
  reach: number;
  /** It marks a known place and stays there. */
  fixed: boolean;
}

const ROUNDS = 90;
const EASE = 0.6;

/** Push overlapping things apart, in place, until they stand clear or patience ends. */
export function spread(all: Standing[]): void {
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    for (let i = 0; i < all.length; i++)
      for (let j = i + 1; j < all.length; j++) if (push(all[i], all[j], i)) moved = true;
    if (!moved) return;
  }
}

function push(a: Standing, b: Standing, i: number): boolean {
  if (a.fixed && b.fixed) return false;
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
  const share = (((need - distance) / distance) * EASE) / (a.fixed || b.fixed ? 1 : 2);
  if (!a.fixed) {
    a.x -= dx * share;
    a.y -= dy * share;
  }
  if (!b.fixed) {
    b.x += dx * share;
    b.y += dy * share;
  }
  return true;
}
