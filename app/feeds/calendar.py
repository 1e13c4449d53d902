"""A calendar of whole days as RFC 5545 and RFC 7986 have it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, vText
from icalendar import Event as Component

from app.params import LonLat

MEDIA_TYPE = "text/calendar; charset=utf-8"
MAKER = "-//Guatu//Chart//ZH"
REFRESHED_EVERY = timedelta(days=1)

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Event:
    """first: its earliest day. after: the day after its latest. done: it has happened; else it is promised.
    changed: when what is told of it last changed, with its offset. sequence: rises whenever it is told anew.
    lonlat: degrees, WGS84, where it is located as a point."""

    uid: str
    first: date
    after: date
    title: str
    description: str
    category: str
    page: str
    done: bool
    sequence: int
    changed: datetime
    lonlat: LonLat | None


def calendar_bytes(title: str, about: str, lang: str, address: str, events: Sequence[Event]) -> bytes:
    """UTF-8, lines of at most 75 octets. about: what it holds. address: absolute, of the calendar itself."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # The library takes these for unknown and would leave what they hold as it stands.
    calendar.add("name", vText(_line(title)), parameters={"LANGUAGE": lang})
    calendar.add("x-wr-calname", vText(_line(title)))
    calendar.add("description", about)
    calendar.add("source", address, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(_component(event))
    return bytes(calendar.to_ical())


def _component(event: Event) -> Component:
    component = Component()
    component.add("uid", event.uid)
    component.add("dtstamp", event.changed.astimezone(UTC))
    component.add("last-modified", event.changed.astimezone(UTC))
    component.add("sequence", event.sequence)
    component.add("dtstart", event.first)
    component.add("dtend", event.after)
    component.add("summary", _line(event.title))
    component.add("description", _sound(event.description))
    component.add("categories", [_line(event.category)])
    component.add("url", event.page)
    component.add("status", "CONFIRMED" if event.done else "TENTATIVE")
    component.add("transp", "TRANSPARENT")
    if event.lonlat is not None:
        lon, lat = event.lonlat
        component.add("geo", (round(lat, 6), round(lon, 6)))
    return component


def _line(text: str) -> str:
    return " ".join(_sound(text).split())


def _sound(text: str) -> str:
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
