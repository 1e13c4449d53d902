/** What of the log is asked for: how it came, how it stands, by whom, when, and of which project. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { projects } from "../state/store";
import { addressWith, asked, go, isStaff, nameOf, narrow, type Part, projectsCalled, text } from "./log";

const KINDS = ["upload", "edit", "revert", "seed"] as const;
const STATES = ["published", "staged", "discarded"] as const;

function Choice(props: {
  part: "kind" | "state";
  label: string;
  options: readonly string[];
  names: Record<string, string>;
}): JSX.Element {
  const { part, label, options, names } = props;
  const now = asked.value[part] ?? "";
  // What the address holds is shown, also where it is none of these: the log says what is wrong with it.
  const all = now && !options.includes(now) ? [...options, now] : options;
  return (
    <label class="field">
      <span>{label}</span>
      <select value={now} onChange={(event) => narrow({ [part]: event.currentTarget.value })}>
        <option value="">{text.value.any}</option>
        {all.map((one) => (
          <option key={one} value={one}>
            {names[one] ?? one}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A field that asks when it is left or Enter is pressed. */
function Field(props: { part: Part; label: string; type: "date" | "text" }): JSX.Element {
  const { part, label, type } = props;
  const now = asked.value[part] ?? "";
  // A month or a year is an answer too, which a field for days cannot show.
  const isDay = type === "date" && (!now || /^\d{4}-\d{2}-\d{2}$/.test(now));
  const change = (event: { currentTarget: HTMLInputElement }): void =>
    narrow({ [part]: event.currentTarget.value.trim() });
  return (
    <div class="field">
      <label for={`history-${part}`}>{label}</label>
      {isDay ? (
        <input key={now} id={`history-${part}`} type="date" defaultValue={now} onChange={change} />
      ) : (
        <input
          key={now}
          id={`history-${part}`}
          type="text"
          defaultValue={now}
          maxLength={100}
          onChange={change}
        />
      )}
    </div>
  );
}

function ProjectField(): JSX.Element {
  const t = text.value;
  const unknown = useSignal<{ said: string; offers: { id: string; name: string }[] } | null>(null);
  const now = asked.value.project ?? "";
  const choose = (said: string): void => {
    const found = said ? projectsCalled(said) : { id: "", offers: [] };
    unknown.value = found.id === null ? { said, offers: found.offers } : null;
    if (found.id !== null) narrow({ project: found.id });
  };
  return (
    <div class="field history-project">
      <label for="history-project">{t.project}</label>
      <input
        key={now}
        id="history-project"
        list="history-projects"
        type="search"
        maxLength={100}
        defaultValue={now && nameOf(now)}
        placeholder={t.projectHint}
        aria-describedby={unknown.value ? "history-unknown" : undefined}
        onChange={(event) => choose(event.currentTarget.value.trim())}
      />
      <datalist id="history-projects">
        {projects.value.map(({ properties: { id } }) => (
          <option key={id} value={nameOf(id)} />
        ))}
      </datalist>
      {unknown.value && (
        <p id="history-unknown" class="wrong" role="alert">
          {unknown.value.offers.length ? t.whichProject(unknown.value.said) : t.noProject(unknown.value.said)}{" "}
          {unknown.value.offers.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              class="quiet"
              onClick={() => {
                unknown.value = null;
                narrow({ project: id });
              }}
            >
              {name}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}

export function Filters(): JSX.Element {
  const t = text.value;
  const isOn = Object.keys(asked.value).length > 0;
  return (
    <form class="history-filters" aria-label={t.filters} onSubmit={(event) => event.preventDefault()}>
      <Choice part="kind" label={t.kind} options={KINDS} names={t.kinds} />
      {isStaff.value && <Choice part="state" label={t.state} options={STATES} names={t.states} />}
      {isStaff.value && <Field part="who" label={t.who} type="text" />}
      <Field part="from" label={t.from} type="date" />
      <Field part="to" label={t.to} type="date" />
      <ProjectField />
      {isOn && (
        <button
          type="button"
          class="button small"
          onClick={() => go(addressWith({ kind: "", state: "", who: "", from: "", to: "", project: "" }))}
        >
          {t.clear}
        </button>
      )}
    </form>
  );
}
