"""Draws the picture of a link: what it is about in words on the left, where that is on the right."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from PIL import Image
from shapely import LineString

from app.previews import chart, strokes
from app.previews.canvas import SCALE, Canvas
from app.previews.chart import INK, INK_2, INK_3, PAPER, RULE, Thing
from app.previews.head import HEIGHT, WIDTH
from app.previews.lettering import UNBROKEN, Letters, chinese
from app.previews.strokes import Stroke
from app.previews.subject import Subject
from app.previews.words import (
    Lang,
    area_name,
    brand,
    date_words,
    kind_name,
    knowledge_words,
    name_of,
    near_words,
    place_words,
    plate_words,
    state_note,
    state_words,
    vicinity_words,
    words,
)
from app.vocabulary import PHASE_WORDS
from geodata.kinds import load_kinds
from geodata.phases import PHASES

PANEL = 500
LEFT, RIGHT = 44, 40
ROOM = PANEL - LEFT - RIGHT
FRAME = (PANEL + 0.0, 0.0, float(WIDTH), float(HEIGHT))
EVERYWHERE = (0.0, 0.0, float(WIDTH), float(HEIGHT))
# Of the name: the sizes that are tried, and in how many lines each.
NAME_SIZES = ((64, 1), (54, 1), (47, 1), (52, 2), (46, 3), (36, 4))
# Rows of phases with the names of what is in them end above the foot.
LAST_ROW = HEIGHT - 58


def render(
    subject: Subject,
    scenery: Sequence[Mapping[str, Any]],
    lang: Lang,
    *,
    map_approval: str = "",
    font: Path | None = None,
) -> bytes:
    """The picture as PNG, 1200 × 630 pixels; equal for equal arguments. font: see `lettering.chinese`.

    Without a Chinese font it is drawn in English.
    """
    spoken: Lang = lang if chinese(font) else "en"
    canvas = Canvas(WIDTH, HEIGHT, PAPER)
    drawn = chart.things(subject, scenery)
    chart.draw(canvas, subject, drawn, FRAME, spoken, font)
    _Panel(canvas, subject, drawn, spoken, font).draw()
    _credit(canvas, subject, spoken, font, map_approval)
    out = io.BytesIO()
    picture = canvas.finished().quantize(256, dither=Image.Dither.NONE)
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(slots=True)
class _Panel:
    """The words, from the top down and from the foot up."""

    canvas: Canvas
    subject: Subject
    drawn: Sequence[Thing]
    lang: Lang
    font: Path | None
    y: float = 0

    def draw(self) -> None:
        edge = shapely.box(PANEL - 1, 0, PANEL, HEIGHT)
        self.canvas.fill([shapely.box(0, 0, PANEL, HEIGHT)], PAPER)
        self.canvas.fill([edge], RULE)
        self._brand()
        self._foot()
        if self.subject.project:
            self._project(self.subject.project)
        elif self.subject.near:
            self._near()
        else:
            self._area()

    def _text(
        self, text: str, size: int, colour: str, *, bold: bool = False, most: int = 1, gap: float = 0
    ) -> None:
        letters = Letters(self.font, size * SCALE, bold=bold)
        for line in letters.lines(text, ROOM * SCALE, most):
            self.y += size * 1.26
            letters.write(self.canvas.image, LEFT * SCALE, self.y * SCALE, line, colour)
        self.y += gap

    def _name(self, text: str) -> None:
        for size, most in NAME_SIZES:
            if Letters(self.font, size * SCALE, bold=True).fits(text, ROOM * SCALE, most):
                break
        self._text(text, size, INK, bold=True, most=most, gap=16)

    def _brand(self) -> None:
        _emblem(self.canvas, LEFT, 36)
        letters = Letters(self.font, 25 * SCALE, bold=True)
        letters.write(self.canvas.image, (LEFT + 42) * SCALE, 61 * SCALE, brand(self.lang), INK)

    def _foot(self) -> None:
        area = self.subject.moment.area
        parts = [area_name(self.subject, self.lang), str(area[f"within_{self.lang}"])]
        if not (self.subject.project or self.subject.near):
            parts = parts[1:]
        text = " · ".join(parts)
        letters = next(
            (
                found
                for size in (20, 17)
                if (found := Letters(self.font, size * SCALE)).fits(text, ROOM * SCALE, 1)
            ),
            Letters(self.font, 17 * SCALE),
        )
        (line,) = letters.lines(text, ROOM * SCALE, 1)
        letters.write(self.canvas.image, LEFT * SCALE, (HEIGHT - 38) * SCALE, line, INK_3)

    def _project(self, project: Mapping[str, Any]) -> None:
        hue = load_kinds()[project["kind"]].hue(project["attrs"])
        self.y = 106
        self.canvas.fill([shapely.Point(LEFT + 8, self.y + 16).buffer(8)], hue)
        letters = Letters(self.font, 23 * SCALE)
        self.y += 24
        letters.write(
            self.canvas.image, (LEFT + 26) * SCALE, self.y * SCALE, kind_name(project, self.lang), INK_2
        )
        self._name(name_of(project, self.lang))
        self._state(project, hue)
        if text := date_words(self.subject, self.lang):
            self._text(text, 25, INK, most=3, gap=12)
        notes = (
            place_words(project, self.lang),
            knowledge_words(self.subject, self.lang),
            vicinity_words(self.subject, self.lang),
        )
        for note in filter(None, notes):
            if self.y < HEIGHT - 100:
                self._text(note, 20, INK_3, gap=4)

    def _state(self, project: Mapping[str, Any], hue: str) -> None:
        """The phase in words beside the pattern in which the map draws it, and the day of it."""
        state = state_words(self.subject, self.lang)
        if not state:
            return
        on_day = words(self.lang, "on", day=self.subject.moment.day.isoformat())
        if not project["drawn"]:
            self._text(on_day, 21, INK_2, gap=12)
            self._rows(project["children"])
            return
        self.y += 40
        phase, note = str(project["phase"]), state_note(self.subject, self.lang)
        self._sample(phase, project["basis"] == "promise", hue, 62, 9)
        letters = Letters(self.font, 36 * SCALE, bold=True)
        image, y = self.canvas.image, self.y * SCALE
        end = letters.write(image, (LEFT + 78) * SCALE, y, state.removesuffix(note), INK)
        Letters(self.font, 20 * SCALE).write(image, end, y, note, INK_2)
        self.y += 8
        self._text(on_day, 21, INK_2, gap=12)

    def _sample(self, phase: str, promised: bool, hue: str, length: float, width: float) -> None:
        """The pattern of a phase, beside what stands on the line."""
        middle = self.y - width * 1.1
        line = LineString([(LEFT - 20, middle), (LEFT + length + 20, middle)])
        within = (LEFT, 0, LEFT + length, HEIGHT)
        for one in strokes.of_line(phase, promised, width):
            self.canvas.stroke(line, one, hue if one.ink == "hue" else PAPER, within)

    def _rows(self, projects: Iterable[Mapping[str, Any]]) -> None:
        """A row for each phase: its pattern, its name, and which of the projects are in it."""
        rows: dict[tuple[int, bool], list[str]] = {}
        for one in projects:
            key = PHASES.index(one["phase"]), one["basis"] == "promise"
            text = plate_words(one, self.lang).replace(" ", UNBROKEN)
            if text not in rows.setdefault(key, []):
                rows[key].append(text)
        letters, heavy = Letters(self.font, 20 * SCALE), Letters(self.font, 20 * SCALE, bold=True)
        between = "、" if self.lang == "zh" else ", "
        joined = {key: between.join(names) for key, names in rows.items()}
        room = (ROOM - 60) * SCALE
        whole = sum(len(letters.lines(text, room, 2)) * 26 + 32 for text in joined.values())
        most = 2 if self.y + whole <= LAST_ROW else 1
        for (code, promised), text in sorted(joined.items(), reverse=True):
            if self.y + 56 > LAST_ROW:
                return
            self.y += 28
            self._sample(PHASES[code], promised, INK, 46, 6)
            note = words(self.lang, "promise") if promised else ""
            title = PHASE_WORDS[PHASES[code]][1 if self.lang == "en" else 0] + note
            heavy.write(self.canvas.image, (LEFT + 60) * SCALE, self.y * SCALE, title, INK)
            for line in letters.lines(text, room, most):
                self.y += 26
                letters.write(self.canvas.image, (LEFT + 60) * SCALE, self.y * SCALE, line, INK_2)
            self.y += 4

    def _near(self) -> None:
        """What opens near a place: the place as the title, and a line for each group."""
        self.y = 96
        self._name(vicinity_words(self.subject, self.lang))
        for line in near_words(self.subject, self.lang):
            self._text(line, 25, INK, most=2, gap=14)
        self._text(words(self.lang, "on", day=self.subject.moment.day.isoformat()), 21, INK_2, gap=16)

    def _area(self) -> None:
        self.y = 82
        self._name(area_name(self.subject, self.lang))
        nearby = vicinity_words(self.subject, self.lang)
        if nearby:
            self._text(nearby, 26, INK, most=2, gap=6)
        else:
            view = self.subject.asked.view
            key = "lede" if view == "map" else f"lede-{view}"
            self._text(words(self.lang, key), 22, INK_2, most=5, gap=10)
        self._text(words(self.lang, "on", day=self.subject.moment.day.isoformat()), 21, INK_2, gap=4)
        if note := knowledge_words(self.subject, self.lang):
            self._text(note, 21, INK_2, gap=4)
        self.y += 6
        self._rows(thing.project for thing in self.drawn if thing.kind.style.form == "line")


def _emblem(canvas: Canvas, x: float, y: float) -> None:
    """The sign of the product: a chart that hangs (frontend/public/favicon.svg), 30 pixels wide."""
    k = 30 / 26

    def at(*places: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + k * px, y + k * py) for px, py in places]

    canvas.stroke(LineString(at((6.5, 6.5), (13, 1.5), (19.5, 6.5))), Stroke(1.7), INK, EVERYWHERE)
    canvas.fill([shapely.box(*at((1.5, 6))[0], *at((24.5, 9))[0])], INK)
    sheet = shapely.Polygon(at((4, 9), (22, 9), (22, 22.5), (4, 22.5)))
    canvas.stroke(sheet.exterior, Stroke(1.9), INK, EVERYWHERE)
    wave = at((4, 18.5), (6, 16.8), (8.5, 16.8), (11, 17.2), (13.5, 16), (16, 13.4), (19, 12.2), (22, 12.5))
    canvas.stroke(LineString(wave), Stroke(1.9), INK, EVERYWHERE)
    canvas.fill([shapely.Point(*at((13.2, 16.2))[0]).buffer(2.3)], INK)
    canvas.fill([shapely.box(*at((3, 22.5))[0], *at((23, 24.9))[0])], INK)


def _credit(canvas: Canvas, subject: Subject, lang: Lang, font: Path | None, map_approval: str) -> None:
    """Whose data it is, on the map itself."""
    parts = [str(credit[lang]) for credit in subject.moment.area["credits"][:1]]
    if map_approval:
        parts.insert(0, words(lang, "approval", number=map_approval))
    letters = Letters(font, 15 * SCALE)
    (line,) = letters.lines(" · ".join(parts), (WIDTH - PANEL - 40) * SCALE, 1)
    width = letters.width(line) / SCALE
    x = WIDTH - 14 - width
    canvas.fill([shapely.box(x - 8, HEIGHT - 34, WIDTH, HEIGHT)], PAPER, opacity=0.82)
    letters.write(canvas.image, x * SCALE, (HEIGHT - 12) * SCALE, line, INK_2)
