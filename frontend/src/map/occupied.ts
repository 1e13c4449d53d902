/** What is taken on the sheet, found by a grid: asking costs the same for ten things and for thousands. */

/** Left, top, right, bottom, in pixels of the sheet. */
export type Box = [number, number, number, number];

const CELL = 40;

export class Occupied {
  private readonly cells: (Box[] | undefined)[] = [];
  private readonly columns: number;
  private readonly rows: number;

  constructor(width: number, height: number) {
    this.columns = Math.max(1, Math.ceil(width / CELL));
    this.rows = Math.max(1, Math.ceil(height / CELL));
  }

  /** Take a box. What lies off the sheet is in nobody's way. */
  add(box: Box): void {
    this.cellsOf(box, (at) => {
      const cell = this.cells[at];
      if (cell) cell.push(box);
      else this.cells[at] = [box];
      return false;
    });
  }

  /** Whether something taken and this box have more than an edge in common. */
  meets(box: Box): boolean {
    return this.cellsOf(box, (at) => {
      const cell = this.cells[at];
      if (!cell) return false;
      for (const t of cell) if (box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1]) return true;
      return false;
    });
  }

  /** Visit the cells under a box until one answers true. */
  private cellsOf([left, top, right, bottom]: Box, visit: (at: number) => boolean): boolean {
    const [x0, x1] = [
      Math.max(0, Math.floor(left / CELL)),
      Math.min(this.columns - 1, Math.floor(right / CELL)),
    ];
    const [y0, y1] = [
      Math.max(0, Math.floor(top / CELL)),
      Math.min(this.rows - 1, Math.floor(bottom / CELL)),
    ];
    for (let y = y0; y <= y1; y++)
      for (let x = x0; x <= x1; x++) if (visit(y * this.columns + x)) return true;
    return false;
  }
}
