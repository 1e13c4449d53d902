/** The sign of the product: a chart that hangs on its string. */
import type { JSX } from "preact";

export function Mark(): JSX.Element {
  return (
    <svg width="26" height="28" viewBox="0 0 26 28" aria-hidden="true">
      <path d="M13 1.500L6.500 6.500M13 1.500l6.500 5" stroke="currentColor" stroke-width="1.4" fill="none" />
      <rect x="1.5" y="6" width="23" height="3" rx="1.5" fill="currentColor" />
      <path d="M4 9h18v13.5H4z" fill="none" stroke="currentColor" stroke-width="1.6" />
      <path
        d="M4 18.500c4-4.500 6 1 9.500-2.500S18 11 22 12.500"
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
      />
      <circle cx="13.2" cy="16.2" r="1.9" fill="currentColor" />
      <rect x="3" y="22.5" width="20" height="2.4" rx="1.2" fill="currentColor" />
    </svg>
  );
}
