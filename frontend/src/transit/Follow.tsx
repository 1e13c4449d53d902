/** Subscriptions: to what changed, and to what is due; near the place asked about, and everywhere. */
import type { JSX } from "preact";
import { lang } from "../state/store";
import { shown } from "./ask";
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
  const round = new URLSearchParams();
  if (near) {
    round.set("lon", String(near.centre.lon));
    round.set("lat", String(near.centre.lat));
    round.set("radius_m", String(near.radius_m));
  }
  const place = near && (near.place ? name(near.place) : text.value.answer.thisPoint);
  return (
    <section class="follow" aria-labelledby="follow-title">
      <h2 id="follow-title">{t.title}</h2>
      <p class="lede">{t.lede}</p>
      <ul>
        {near && <Feeds label={text.value.answer.ofPlace(place!, reach(near.radius_m))} query={round} />}
        <Feeds label={t.all} query={new URLSearchParams()} />
      </ul>
      <p class="lede">{t.how}</p>
    </section>
  );
}
