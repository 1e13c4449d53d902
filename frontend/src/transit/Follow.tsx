/** Subscriptions: to what changed, and to what is due; near the place asked about, and everywhere. */
import type { JSX } from "preact";
import { catalogue, lang } from "../state/store";
import { listIn } from "../text/words";
import { shown } from "./ask";
import { USUAL } from "./question";
import { name, reach, text } from "./said";

function Feeds(props: { label: string; query: URLSearchParams }): JSX.Element {
  const t = text.value.follow;
  const query = new URLSearchParams([...props.query, ["lang", lang.value]]);
  return (
    <li>
      <b>{props.label}</b>
      <a href={`/api/changes.atom?${query}`} type="application/atom+xml">
        {t.atom}
      </a>
      <a href={`/api/changes.ics?${query}`} type="text/calendar">
        {t.calendar}
      </a>
    </li>
  );
}

export function Follow(): JSX.Element {
  const t = text.value.follow;
  const near = shown.value;
  // What the page is set to show, wherever it is.
  const shownGroups: readonly string[] = near?.group ?? USUAL;
  const groups = (catalogue.value?.groups ?? []).filter((group) => shownGroups.includes(group.id));
  const kinds = (catalogue.value?.kinds ?? []).filter((kind) => shownGroups.includes(kind.group));
  const ofKinds = new URLSearchParams(kinds.map((kind) => ["kind", kind.id]));
  const round = new URLSearchParams();
  if (near) {
    round.set("lon", String(near.centre.lon));
    round.set("lat", String(near.centre.lat));
    round.set("radius_m", String(near.radius_m));
    for (const kind of kinds) round.append("kind", kind.id);
  }
  const place = near && (near.place ? name(near.place) : text.value.answer.thisPoint);
  return (
    <section class="follow" aria-labelledby="follow-title">
      <h2 id="follow-title">{t.title}</h2>
      <p class="lede">{t.lede}</p>
      <ul>
        {near && <Feeds label={text.value.answer.ofPlace(place!, reach(near.radius_m))} query={round} />}
        {kinds.length > 0 && <Feeds label={listIn(lang.value, groups.map(name))} query={ofKinds} />}
        <Feeds label={t.all} query={new URLSearchParams()} />
      </ul>
      <p class="lede">{t.how}</p>
    </section>
  );
}
