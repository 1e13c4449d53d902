/** A labelled field with what is wrong or odd about it, and a field that searches. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Told } from "../data/recording";
import { lang } from "../state/store";
import { at, fieldId } from "./draft";
import { body, faults, text, warnings } from "./state";

export const sayTold = (one: Told): string => (lang.value === "zh" ? one.detail_zh : one.detail_en);

/** A fault in the words of the service; of what is empty it is enough to say that it is wanted. */
function sayFault(one: Told): string {
  const isEmpty = !at(body.value, one.pointer) && one.code !== "address-missing";
  return isEmpty ? text.value.fields.wanted : sayTold(one);
}

/** What a control of a field says of itself. */
export interface Described {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
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

export interface Found {
  id: string;
  name: string;
  about: string;
}

/** A field that searches: type, then choose with the arrows and Enter, or with a finger. */
export function Search(props: {
  at: string;
  label: string;
  hint?: string;
  also?: ComponentChildren;
  typed: string;
  /** Asked when a key is pressed, too: it may come before the list is drawn anew. Null while nobody knows yet. */
  find: () => readonly Found[] | null;
  /** Said where nothing was found. */
  none: string;
  onType: (typed: string) => void;
  onPick: (id: string) => void;
}): JSX.Element {
  const open = useSignal(false);
  const active = useSignal(-1);
  const list = useRef<HTMLDivElement>(null);
  const found = props.find() ?? [];
  useEffect(() => {
    list.current?.children[active.value]?.scrollIntoView({ block: "nearest" });
  }, [active.value]);
  useEffect(() => {
    if (open.value) list.current?.scrollIntoView({ block: "nearest" });
  }, [open.value, found.length]);
  const pick = (one: Found | undefined): void => {
    if (!one) return;
    open.value = false;
    active.value = -1;
    props.onPick(one.id);
  };
  const step = (by: number): void => {
    open.value = true;
    const n = props.find()?.length ?? 0;
    active.value = n ? (Math.max(active.value, by > 0 ? -1 : 0) + by + n) % n : -1;
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter") pick(open.value ? props.find()?.[Math.max(0, active.value)] : undefined);
    else if (event.key === "Escape" && open.value) {
      open.value = false;
      event.stopPropagation();
    } else return;
    event.preventDefault();
  };
  return (
    <Field {...props} class="record-search">
      {(described) => (
        <>
          <input
            {...described}
            type="text"
            role="combobox"
            aria-expanded={open.value && found.length > 0}
            aria-controls={`${described.id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={
              open.value && active.value >= 0 ? `${described.id}-option-${active.value}` : undefined
            }
            autocomplete="off"
            spellcheck={false}
            value={props.typed}
            onInput={(event) => {
              open.value = true;
              active.value = -1;
              props.onType(event.currentTarget.value);
            }}
            onFocus={(event) => {
              open.value = true;
              event.currentTarget.select();
            }}
            onBlur={() => {
              open.value = false;
            }}
            onKeyDown={onKey}
          />
          <div
            class="record-options"
            id={`${described.id}-list`}
            role="listbox"
            aria-label={text.value.options}
            hidden={!open.value || !found.length}
            ref={list}
          >
            {found.map((one, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keyboard, as the pattern asks
              // biome-ignore lint/a11y/useFocusableInteractive: options are pointed at by aria-activedescendant
              <div
                key={one.id}
                id={`${described.id}-option-${i}`}
                role="option"
                aria-selected={active.value === i}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => pick(one)}
              >
                {one.name}
                {one.about && <small>{one.about}</small>}
              </div>
            ))}
          </div>
          {open.value && props.none && <p class="record-none">{props.none}</p>}
        </>
      )}
    </Field>
  );
}
