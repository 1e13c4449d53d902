/** Numbers in texts. */

/** A count as both languages write it: 50,605. */
export const grouped = (n: number): string => n.toLocaleString("en");
