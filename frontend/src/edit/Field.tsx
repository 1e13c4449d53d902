/** A labelled field of the editor, with what is wrong about it. */
import type { ComponentChildren, JSX } from "preact";
import type { Told } from "../data/editing";
import { say } from "../upload/said";

export function Faults(props: { of: readonly Told[]; id?: string }): JSX.Element | null {
  if (!props.of.length) return null;
  return (
    <ul class="edit-wrong" id={props.id}>
      {props.of.map((one) => (
        <li key={one.pointer + one.code}>{say(one)}</li>
      ))}
    </ul>
  );
}

export function Field(props: {
  at: string;
  label: string;
  hint?: string;
  faults?: readonly Told[];
  wrong?: string;
  children: ComponentChildren;
}): JSX.Element {
  const { at, label, hint, faults = [], wrong } = props;
  return (
    <div class="edit-field">
      <label for={`edit-${at}`}>{label}</label>
      {props.children}
      {hint && <small id={`edit-${at}-hint`}>{hint}</small>}
      <Faults of={faults} />
      {wrong && <p class="edit-wrong">{wrong}</p>}
    </div>
  );
}
