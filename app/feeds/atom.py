"""A feed as RFC 4287 has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
GENERATOR = "Guatu 挂图"
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """page: the absolute address for people. category: the id of the kind and its label. sources: where those
    who said it can be read; what is no http address in it is left out."""

    id: str
    title: str
    summary: str
    published: datetime
    page: str
    category: tuple[str, str]
    sources: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """author: who publishes the chart. address, home: absolute, of the feed itself and of the chart."""

    id: str
    title: str
    author: str
    rights: str
    updated: datetime
    address: str
    home: str
    lang: str
    entries: Sequence[Entry]


def atom_bytes(feed: Feed) -> bytes:
    """UTF-8. Characters that XML cannot hold are replaced."""
    # Declared by hand: the library's own default namespace allows no plain attribute.
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": LANGUAGE_TAGS[feed.lang]})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(feed.updated))
    _link(root, "self", feed.address, MEDIA_TYPE)
    _link(root, "alternate", feed.home, "text/html")
    _text(ET.SubElement(root, "author"), "name", feed.author)
    _text(root, "generator", GENERATOR)
    _text(root, "rights", feed.rights)
    for entry in feed.entries:
        _entry(root, entry)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(root: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(root, "entry")
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "published", _moment(entry.published))
    _text(element, "updated", _moment(entry.published))
    _link(element, "alternate", entry.page, "text/html")
    for address in dict.fromkeys(found for source in entry.sources for found in _ADDRESS.findall(source)):
        ET.SubElement(element, "link", {"rel": "via", "href": address})
    term, label = entry.category
    ET.SubElement(element, "category", {"term": _sound(term), "label": _sound(label)})
    _text(element, "summary", entry.summary)


def _text(parent: ET.Element, name: str, value: str) -> None:
    ET.SubElement(parent, name).text = _sound(value)


def _link(parent: ET.Element, rel: str, address: str, media_type: str) -> None:
    ET.SubElement(parent, "link", {"rel": rel, "type": media_type, "href": address})


def _sound(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _moment(moment: datetime) -> str:
    """RFC 3339; moment: with its offset."""
    return moment.isoformat(timespec="seconds")
