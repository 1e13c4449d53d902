"""The words of other people's files: which header names a field, which cell word a phase, which unit is how
much.

Names are compared folded: width, case, spaces, signs and invisible characters do not matter. The words
stand in `headers.toml` and in the files of the kinds; nothing here knows a language or a kind.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib import resources

from geodata.kinds import load_kinds

SHAPEFILE_NAME_BYTES = 10
LEDGER_PARTS = ("due", "plan", "done", "problems", "next")
_SIGNS = re.compile(r"[\s_\-·.:/\\|,;、，。()\[\]{}<>\"'“”‘’*#№]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_IN_BRACKETS = re.compile(r"^(.*?)[(\[](?:单位[::]?)?\s*([^()\[\]]+?)\s*[)\]]\s*$")
_AFTER_SIGN = re.compile(r"^(.+?)[_\s/:-]+([^_\s/:-]+)$")
_UNIT_AT_END = re.compile(
    r"^(.+?)(?:单位)?(公顷|平方米|平方公里|万平方米|亩|公里|万元|亿元|ha|km2|km|m2)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Words:
    """The whole of headers.toml, folded: project fields, attributes and precisions by word."""

    project: Mapping[str, tuple[str, ...]]
    attributes: Mapping[str, tuple[str, ...]]
    phases: Mapping[str, str]
    precisions: Mapping[str, str]
    booleans: Mapping[str, bool]
    remarks: Mapping[str, str]
    """Folded name of a column of remarks → what it becomes when a person makes it public."""
    computed: frozenset[str]
    signature: frozenset[str]
    not_data: frozenset[str]
    units: Mapping[str, tuple[str, Fraction]]
    ledger: Mapping[str, str]
    """Folded name of a column of a ledger → what it says."""
    sums: frozenset[str]
    events: Mapping[str, str]
    """Word of a deadline → the phase that it leads to."""


def folded(text: str) -> str:
    """A name as it is compared: NFKC, lower case, without spaces, signs and invisible characters."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    return _SIGNS.sub("", plain)


@lru_cache(maxsize=1)
def words() -> Words:
    """What headers.toml holds. Raises ValueError when one word says two things."""
    text = resources.files(__package__).joinpath("headers.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    booleans = _by_word(data["booleans"])
    return Words(
        project={target: tuple(names) for target, names in data["project"].items()},
        attributes={code: tuple(names) for code, names in data["attributes"].items()},
        phases=_by_word(data["phases"]),
        precisions=_by_word(data["precisions"]),
        booleans={word: said == "yes" for word, said in booleans.items()},
        remarks=_by_word(data["remarks"]),
        computed=frozenset(data["ours"]["computed"]),
        signature=frozenset(data["ours"]["signature"]),
        not_data=frozenset(folded(n) for n in (*data["geometry"]["names"], *data["geometry"]["made_up"])),
        units={
            spelled(name): (dimension, Fraction(entry[0]))
            for dimension, table in data["units"].items()
            for entry in table.values()
            for name in entry[1:]
        },
        ledger=_by_word({part: data["ledger"][part] for part in LEDGER_PARTS}),
        sums=frozenset(folded(name) for name in data["ledger"]["sums"]),
        events={word: phase for phase, said in data["ledger"]["events"].items() for word in said},
    )


def _by_word(table: Mapping[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning, names in table.items():
        for name in names:
            if found.setdefault(_folded_word(name), meaning) != meaning:
                raise ValueError(f"headers.toml: '{name}' says {found[_folded_word(name)]} and {meaning}")
    return found


def _folded_word(text: str) -> str:
    """Folded; a word that is nothing but signs (a dash for "none") stays as it is."""
    return folded(text) or text.strip()


# ---------------------------------------------------------------- units


def spelled(unit: str) -> str:
    """A unit as it is compared: ㎡ is m2, ＨＡ is ha."""
    return unicodedata.normalize("NFKC", unit).casefold().strip().replace("^", "")


@lru_cache(maxsize=256)
def factor(unit: str, into: str) -> Fraction | None:
    """By what an amount in `unit` is multiplied to be one in `into`; None when they do not measure the
    same."""
    if spelled(unit) == spelled(into):
        return Fraction(1)
    known = words().units
    a, b = known.get(spelled(unit)), known.get(spelled(into))
    if a is None or b is None or a[0] != b[0]:
        return None
    return a[1] / b[1]


def split_unit(name: str) -> Iterator[tuple[str, str]]:
    """The ways to read a header as a name and a unit: 面积(公顷), 面积_ha, 面积（㎡）, 面积公顷."""
    plain = unicodedata.normalize("NFKC", name).strip()
    for pattern in (_IN_BRACKETS, _AFTER_SIGN, _UNIT_AT_END):
        if found := pattern.match(plain):
            yield found[1], found[2]


# ---------------------------------------------------------------- header → target


@lru_cache(maxsize=64)
def targets(kind_id: str) -> Mapping[str, str]:
    """Folded header → target for a kind: a project field, or ``attr:<code>``. A kind's own names win."""
    kind = load_kinds()[kind_id]
    found: dict[str, str] = {}
    for field in kind.fields:
        for name in (field.code, field.name_zh, field.name_en, *field.headers):
            found.setdefault(folded(name), f"attr:{field.code}")
    for target, names in words().project.items():
        for name in names:
            found.setdefault(folded(name), target)
    for field in kind.fields:
        for name in words().attributes.get(field.code, ()):
            found.setdefault(folded(name), f"attr:{field.code}")
    return found


def remark(name: str) -> str:
    """What a column of remarks becomes when a person makes it public; "" for any other column."""
    return words().remarks.get(folded(name), "")


@lru_cache(maxsize=64)
def cut_targets(kind_id: str) -> Mapping[str, str]:
    """Folded header as a Shapefile cuts it → target; what is a whole name or shared by two is left out."""
    kind = load_kinds()[kind_id]
    names = [(name, target) for target, known in words().project.items() for name in known]
    for field in kind.fields:
        known = (
            field.code,
            field.name_zh,
            field.name_en,
            *field.headers,
            *words().attributes.get(field.code, ()),
        )
        names += [(name, f"attr:{field.code}") for name in known]
    found: dict[str, str] = {}
    shared: set[str] = set()
    for name, target in names:
        for cut in _cuts(name):
            if found.setdefault(cut, target) != target:
                shared.add(cut)
    return {cut: target for cut, target in found.items() if cut not in shared | targets(kind_id).keys()}


def _cuts(name: str) -> Iterator[str]:
    for encoding in ("utf-8", "gb18030"):
        encoded = name.encode(encoding)
        if len(encoded) > SHAPEFILE_NAME_BYTES:
            yield folded(encoded[:SHAPEFILE_NAME_BYTES].decode(encoding, errors="ignore"))


# ---------------------------------------------------------------- ledgers


_LEDGER_FIELDS = {"name_zh": "name", "name_en": "name", "key": "key", "id": "key", "status": "done"}
_LEDGER_ATTRIBUTES = {"lead_unit": "lead", "invest_total": "invest"}
_MONEY = re.compile(r"单位[::]?\s*(?:人民币)?\s*(亿元|万元|元)")


def ledger_part(header: str) -> tuple[str, str]:
    """What a column of a ledger says ("name", "key", "lead", "invest", or one of LEDGER_PARTS; "" for
    nothing that is known), and the unit in its name ("" for none)."""
    known = _ledger_names()
    if part := known.get(folded(header)):
        return part, ""
    for name, unit in split_unit(header):
        if (part := known.get(folded(name))) and spelled(unit) in words().units:
            return part, unit
    return "", ""


@lru_cache(maxsize=1)
def _ledger_names() -> Mapping[str, str]:
    found = dict(words().ledger)
    for table, parts in ((words().project, _LEDGER_FIELDS), (words().attributes, _LEDGER_ATTRIBUTES)):
        for target, part in parts.items():
            for name in table[target]:
                found.setdefault(folded(name), part)
    return found


def money_unit(text: str) -> str:
    """The unit that a line above a table gives all its sums: 单位：万元. "" for none."""
    found = _MONEY.search(unicodedata.normalize("NFKC", text))
    return found[1] if found else ""


# ---------------------------------------------------------------- cell → phase


@lru_cache(maxsize=64)
def phase_words(kind_id: str) -> Mapping[str, str]:
    """Folded word of a status cell → phase id, "unknown" for words that say nothing."""
    kind = load_kinds()[kind_id]
    found = {folded(word): phase for phase, said in kind.phase_words.items() for word in said}
    for milestone in kind.milestones:
        for name in (milestone.code, milestone.name_zh, milestone.name_en):
            found.setdefault(folded(name), milestone.phase)
    for word, phase in words().phases.items():
        found.setdefault(word, phase)
    return found


_BEFORE = ("目前", "现已", "已经", "已", "正在", "正", "处于", "现")
_AFTER = ("阶段", "状态", "之中", "当中", "了", "中")


@lru_cache(maxsize=1024)
def phase_of(text: str, kind_id: str) -> str | None:
    """The phase that a status cell names ("已完工", "施工阶段", "building").

    "unknown" when it says that nobody knows, None when the words are not known. What is *not yet* so (未开工)
    is never read as being so.
    """
    known = phase_words(kind_id)
    word = _folded_word(text)
    for candidate in _bare(word):
        if candidate in known:
            return known[candidate]
    return None


def _bare(word: str) -> Iterator[str]:
    yield word
    starts = [word, *(word.removeprefix(before) for before in _BEFORE if word.startswith(before))]
    for start in starts:
        yield start
        yield from (start.removesuffix(after) for after in _AFTER if start.endswith(after))
