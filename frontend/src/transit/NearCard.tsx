/** The card of the map page over this page; closing it gives the focus back to what opened it. */
import type { JSX } from "preact";
import { Card } from "../panels/Card";
import { selected } from "../state/store";

export function NearCard(): JSX.Element | null {
  const id = selected.value;
  if (!id) return null;
  return (
    <div class="card-over">
      <Card key={id} id={id} />
    </div>
  );
}
