/** A link to a changeset on the page that shows it. */
import type { ComponentChildren, JSX } from "preact";
import { addressOf, openChangeset } from "./review";

export function Open(props: { id: number; children: ComponentChildren }): JSX.Element {
  return (
    <a
      href={addressOf(props.id)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        void openChangeset(props.id);
      }}
    >
      {props.children}
    </a>
  );
}
