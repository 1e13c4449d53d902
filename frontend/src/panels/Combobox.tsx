/** A field that searches, with the list of what it found. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** What a control of a field says of itself. */
export interface Described {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
}

export interface Found {
  id: string;
  name: string;
  about: string;
}

/** Type, then choose with the arrows and Enter, or with a finger. */
export function Combobox(props: {
  described: Described;
  /** What the list is called. */
  options: string;
  typed: string;
  /** Asked when a key is pressed, too: it may come before the list is drawn anew. Null while nobody knows yet. */
  find: () => readonly Found[] | null;
  /** Said where nothing was found. */
  none: string;
  onType: (typed: string) => void;
  onPick: (id: string) => void;
  /** Somebody is through with the field. */
  onLeave?: () => void;
}): JSX.Element {
  const { described } = props;
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
    <div class="combobox">
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
          props.onLeave?.();
        }}
        onKeyDown={onKey}
      />
      <div
        class="combobox-options"
        id={`${described.id}-list`}
        role="listbox"
        aria-label={props.options}
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
      {open.value && props.none && <p class="combobox-none">{props.none}</p>}
    </div>
  );
}
