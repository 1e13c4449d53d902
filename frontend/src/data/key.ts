/** A key that makes a repeated request harmless. */
export function newKey(): string {
  // Not randomUUID: an office network without https has none.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}
