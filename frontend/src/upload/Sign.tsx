/** The sign of what a change does, the same in lists, legend and map: form first, then colour. */
import type { JSX } from "preact";
import type { Look } from "../data/changesets";

const FORMS: Record<Look, JSX.Element> = {
  added: <path d="M7 2v10M2 7h10" />,
  changed: <path d="M7 1.500L12.500 7 7 12.500 1.500 7z" class="full" />,
  removed: <path d="M3 3l8 8M11 3l-8 8" />,
  blocked: <path d="M7 2v6M7 11v1" />,
  rejected: <circle cx="7" cy="7" r="4" />,
  said: <path d="M2 3h10v6H6l-2.500 2.500V9H2z" class="thin" />,
};

export function Sign(props: { look: Look }): JSX.Element {
  return (
    <svg class={`sign ${props.look}`} width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      {FORMS[props.look]}
    </svg>
  );
}
