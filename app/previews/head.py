"""The head of a page that is shared: what search engines and chat programs read of it. Pure: text in, text
out; every value is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import quote

from app.previews.subject import Asked, Subject, View
from app.previews.words import Lang, brand, picture_words, told

WIDTH, HEIGHT = 1200, 630
"""Of the picture, in pixels: what chat programs ask for."""
LANGS: tuple[Lang, ...] = ("zh", "en")
TAGS = {"zh": "zh-CN", "en": "en"}
LOCALES = {"zh": "zh_CN", "en": "en_US"}
# What the built file says itself, in one language and of no link.
_OWN = re.compile(r"\s*(?:<title>.*?</title>|<meta\s+name=\"description\"[^>]*>)", re.DOTALL)
_HTML = re.compile(r"<html\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is. base: the address of the service, with a slash at its end; path: the page's, without
    one before it; view: what it is; asked: what of it; chosen: the language that its query asks for."""

    base: str
    path: str
    view: View
    asked: Asked
    chosen: Lang | None

    def address(self, lang: Lang | None) -> str:
        """The page's own address in a language; None: in whichever the reader prefers."""
        # The view is in the path.
        asked = replace(self.asked, view="map")
        query = asked.query(**({"lang": lang} if lang else {}))
        return f"{self.base}{self.path}" + (f"?{query}" if query else "")


def with_head(page: str, place: Place, subject: Subject | None, lang: Lang) -> str:
    """The page with the head of what it shows. subject: None when nothing can be read just now."""
    page = _HTML.sub(f'<html lang="{TAGS[lang]}">', page, count=1)
    before, end, after = page.partition("</head>")
    lines = "".join(f"    {line}\n" for line in _lines(place, subject, lang))
    return f"{_OWN.sub('', before).rstrip()}\n{lines}  {end}{after}"


def _lines(place: Place, subject: Subject | None, lang: Lang) -> Iterator[str]:
    said = told(subject, place.view, lang)
    other = LOCALES["en" if lang == "zh" else "zh"]
    yield f"<title>{escape(said.title)}</title>"
    yield _meta("name", "description", said.description)
    yield _meta("property", "og:type", "website")
    yield _meta("property", "og:site_name", brand(lang))
    yield _meta("property", "og:title", said.title)
    yield _meta("property", "og:description", said.description)
    yield _meta("property", "og:locale", LOCALES[lang])
    yield _meta("property", "og:locale:alternate", other)
    yield _meta("property", "og:url", place.address(place.chosen))
    yield _meta("name", "twitter:card", "summary_large_image")
    if subject is not None:
        yield _meta("property", "og:image", picture_address(place, subject, lang))
        yield _meta("property", "og:image:type", "image/png")
        yield _meta("property", "og:image:width", str(WIDTH))
        yield _meta("property", "og:image:height", str(HEIGHT))
        yield _meta("property", "og:image:alt", picture_words(subject, lang))
    yield _link("canonical", place.address(place.chosen))
    for one in LANGS:
        yield _link("alternate", place.address(one), hreflang=TAGS[one])
    yield _link("alternate", place.address(None), hreflang="x-default")
    if subject is not None and subject.feature:
        feed = f"/api/changes.atom?project={quote(str(subject.feature['id']))}"
        yield _link("alternate", feed, type="application/atom+xml")


def picture_address(place: Place, subject: Subject, lang: Lang) -> str:
    """Where the picture is. It names the day even when the link does not: chat programs keep a picture by its
    address, and tomorrow's is another."""
    name = str(subject.feature["id"]) if subject.feature else ""
    asked = replace(place.asked, project=name, named_by="project", day=subject.moment.day)
    return f"{place.base}preview.png?{asked.query(lang=lang)}"


def _meta(attribute: str, name: str, content: str) -> str:
    return f'<meta {attribute}="{name}" content="{escape(content)}">'


def _link(rel: str, address: str, **more: str) -> str:
    rest = "".join(f' {name}="{escape(value)}"' for name, value in more.items())
    return f'<link rel="{rel}" href="{escape(address)}"{rest}>'
