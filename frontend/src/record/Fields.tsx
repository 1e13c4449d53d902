/** A labelled field with what is wrong or odd about it, and a field that searches. */
import type { ComponentChildren, JSX } from "preact";
import type { Told } from "../data/recording";
import { Combobox, type Described, type Found } from "../panels/Combobox";
import { lang } from "../state/store";
import { at, fieldId } from "./draft";
import { body, faults, text, warnings } from "./state";

export const sayTold = (one: Told): string => (lang.value === "zh" ? one.detail_zh : one.detail_en);

/** A fault in the words of the service; of what is empty it is enough to say that it is wanted. */
function sayFault(one: Told): string {
  const isEmpty = !at(body.value, one.pointer) && one.code !== "address-missing";
  return isEmpty ? text.value.fields.wanted : sayTold(one);
}

/** `at`: the pointer of the field in what is sent, without `/body/`. `wrong`: what the page itself finds. */
export function Field(props: {
  at: string;
  label: string;
  hint?: string;
  wrong?: string;
  class?: string;
  also?: ComponentChildren;
  children: (described: Described) => JSX.Element;
}): JSX.Element {
  const pointer = `/body/${props.at}`;
  const id = fieldId(pointer);
  const wrong = faults.value.filter((one) => one.pointer === pointer).map(sayFault);
  if (props.wrong) wrong.push(props.wrong);
  const odd = warnings.value.filter((one) => one.pointer === pointer).map(sayTold);
  // Once something is said of what was typed nobody needs an example.
  const hint = props.also ? undefined : props.hint;
  const parts = [hint && "hint", wrong.length && "wrong", odd.length && "odd", props.also && "also"];
  const described = parts.filter(Boolean).map((part) => `${id}-${part}`);
  return (
    <div class={`record-field ${props.class ?? ""}`}>
      <label for={id}>{props.label}</label>
      {props.children({
        id,
        "aria-describedby": described.join(" ") || undefined,
        "aria-invalid": wrong.length > 0 || undefined,
      })}
      {wrong.length > 0 && (
        <p class="record-wrong" id={`${id}-wrong`}>
          {wrong.join(" · ")}
        </p>
      )}
      {odd.length > 0 && (
        <p class="record-odd" id={`${id}-odd`}>
          {odd.join(" · ")}
        </p>
      )}
      {props.also && (
        <div class="record-also" id={`${id}-also`}>
          {props.also}
        </div>
      )}
      {hint && (
        <small class="record-hint" id={`${id}-hint`}>
          {hint}
        </small>
      )}
    </div>
  );
}

export function TextField(props: {
  at: string;
  label: string;
  hint?: string;
  wrong?: string;
  class?: string;
  also?: ComponentChildren;
  value: string;
  rows?: number;
  mode?: "decimal" | "url";
  onType: (typed: string) => void;
}): JSX.Element {
  const onInput = (event: { currentTarget: { value: string } }): void =>
    props.onType(event.currentTarget.value);
  return (
    <Field {...props}>
      {(described) =>
        props.rows ? (
          <textarea {...described} rows={props.rows} value={props.value} onInput={onInput} />
        ) : (
          <input
            {...described}
            type="text"
            inputMode={props.mode}
            autocomplete="off"
            spellcheck={false}
            value={props.value}
            onInput={onInput}
          />
        )
      }
    </Field>
  );
}

/** A field that searches. */
export function Search(props: {
  at: string;
  label: string;
  hint?: string;
  also?: ComponentChildren;
  typed: string;
  find: () => readonly Found[] | null;
  none: string;
  onType: (typed: string) => void;
  onPick: (id: string) => void;
}): JSX.Element {
  const { typed, find, none, onType, onPick } = props;
  return (
    <Field {...props} class="record-search">
      {(described) => (
        <Combobox {...{ described, typed, find, none, onType, onPick }} options={text.value.options} />
      )}
    </Field>
  );
}
