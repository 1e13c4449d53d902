/** A table as a file that office programs open. Pure. */

/** A cell that a program would take for a formula is kept as words. */
const plain = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

const quoted = (cell: string | number): string => {
  const text = typeof cell === "number" ? String(cell) : plain(cell);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};

/** Lines as RFC 4180 has them, with the mark by which Excel knows UTF-8. */
export const csvOf = (rows: readonly (readonly (string | number)[])[]): string =>
  `\uFEFF${rows.map((row) => row.map(quoted).join(",")).join("\r\n")}\r\n`;
