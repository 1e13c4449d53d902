"""A selection as a table: what its columns are called, of which type they are, and a project's row in them.

One description serves the workbook and the map layers, so that they cannot say different things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.projects import wording
from app.projects.export import stated_error_m
from app.projects.service import Moment
from app.vocabulary import BASIS_WORDS, COMMITMENT_WORDS, LIGHT_WORDS, PHASE_WORDS, PRECISION_WORDS, Words
from geodata.dates import between
from geodata.kinds import load_kinds
from geodata.phases import PHASES, parse_phases

Type = Literal["text", "when", "day", "whole", "real", "yes"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """type: "when" is a text in the grammar of dates (2025, 2025-01, ..2025-01-16), which may be vaguer
    than a day; "day" is one. lang: that of its words, None where it has none. width: in characters."""

    name: str
    type: Type
    zh: str
    en: str
    width: int = 12
    lang: str | None = None


def _both(name: str, zh: str, en: str, width: int = 14) -> tuple[Column, Column]:
    return (
        Column(f"{name}_zh", "text", zh, en, width, "zh"),
        Column(f"{name}_en", "text", zh, en, width, "en"),
    )


COLUMNS: tuple[Column, ...] = (
    Column("id", "text", "编号", "Id", 24),
    Column("name_zh", "text", "中文名称", "Chinese name", 30),
    Column("name_en", "text", "英文名称", "English name", 30),
    *_both("kind_name", "类别", "Kind"),
    Column("parent", "text", "所属项目（编号）", "Part of (id)", 20),
    Column("community", "text", "社区", "Community", 12),
    *_both("phase_name", "阶段", "Phase", 12),
    *_both("basis_name", "阶段依据", "Phase rests on", 14),
    Column("since", "when", "进入该阶段的日期", "In this phase since", 22),
    *_both("maybe_name", "可能已到", "May have reached", 12),
    *_both("parts", "各部分的阶段", "Parts by phase", 22),
    *_both("next_name", "下一节点", "Next milestone", 18),
    Column("next_date", "when", "承诺日期（原文精度）", "Promised date, as stated", 22),
    Column("next_due", "day", "承诺期的最后一天", "Last day of the promise", 18),
    *_both("next_commitment_name", "承诺程度", "Commitment", 14),
    Column("next_moves", "whole", "改期次数", "Times moved", 10),
    Column("next_slip_days", "whole", "推迟天数（最后一天之间）", "Slip in days, between last days", 10),
    *_both("next_slip", "推迟（不比原文更精确）", "Slip, no more exact than stated", 18),
    *_both("light_name", "时序灯", "Light", 18),
    Column("last_heard", "day", "最近消息（不晚于）", "Last heard of (by)", 18),
    *_both("precision_name", "位置精度", "Precision of place", 14),
    *_both("precision_explain", "位置精度说明", "What the precision means", 40),
    Column("located", "yes", "有位置", "Located", 10),
    Column("partial", "yes", "仅部分轮廓", "Part of it only", 10),
    Column("container", "yes", "仅为各部分的总称", "Stands for its parts", 12),
    Column("area_ha", "real", "实测面积（公顷）", "Measured area, ha", 14),
    Column("length_km", "real", "实测长度（千米）", "Measured length, km", 14),
    *_both("place_source", "位置来源", "Source of place", 30),
    *_both("place_datum", "位置基准", "Datum of place", 16),
    *_both("place_licence", "位置许可", "Licence of place", 20),
    *_both("place_note", "位置说明", "Note on place", 30),
    Column("place_error_m", "whole", "位置误差（米）", "Error of place, m", 12),
    *_both("credits", "署名与许可", "Credits", 40),
    Column("kind", "text", "类别代码", "Kind, code", 12),
    Column("phase", "text", "阶段代码", "Phase, code", 12),
    Column("basis", "text", "阶段依据代码", "Phase rests on, code", 12),
    Column("maybe", "text", "可能已到代码", "May have reached, code", 12),
    Column("next_milestone", "text", "下一节点代码", "Next milestone, code", 14),
    Column("next_commitment", "text", "承诺程度代码", "Commitment, code", 14),
    Column("light", "text", "时序灯代码", "Light, code", 10),
    Column("precision", "text", "位置精度代码", "Precision, code", 14),
    Column("phases", "text", "各日阶段（规则见接口说明）", "Phases of all days (see the API)", 30),
)
_LANGUAGES = ("zh", "en")


def columns_in(lang: str) -> list[Column]:
    """Those of a table for readers of one language: the words in it, and what has no language."""
    return [column for column in COLUMNS if column.lang in (None, lang) or column.name.startswith("name_")]


def record(feature: Mapping[str, Any], moment: Moment) -> Row:
    """A feature of `service.whole` by column: texts, numbers, True or False, days; None for nothing.
    `next_date` and `since` are texts in the grammar of dates."""
    p = feature["properties"]
    kind, coming = load_kinds()[p["kind"]], p["next"] or {}
    milestone = kind.milestone(coming.get("milestone", ""))
    slip = (coming.get("slip_days"), bool(coming.get("slip_exact")))
    named: dict[str, tuple[str, str]] = {
        "next_slip": (slipped(*slip, "zh"), slipped(*slip, "en")),
        "kind_name": (kind.name_zh, kind.name_en),
        "phase_name": _words(PHASE_WORDS, p["phase"]),
        "basis_name": BASIS_WORDS[p["basis"]],
        "maybe_name": _words(PHASE_WORDS, p["maybe"]),
        "next_name": (milestone.name_zh, milestone.name_en) if milestone else ("", ""),
        "next_commitment_name": _words(COMMITMENT_WORDS, coming.get("commitment")),
        "light_name": _words(LIGHT_WORDS, p["light"]),
        "precision_name": _words(PRECISION_WORDS, p["precision"]),
        "precision_explain": PRECISION_WORDS[p["precision"]][2:],
    }
    found: Row = {
        **{name: p[name] for name in ("id", "name_zh", "name_en", "parent", "community", "phases")},
        **{name: p[name] for name in ("kind", "phase", "basis", "maybe", "light", "precision")},
        **{name: p[name] for name in ("area_ha", "length_km", "last_heard", "located", "partial")},
        "container": not p["drawn"],
        "since": since(p, moment),
        "next_milestone": coming.get("milestone"),
        "next_date": coming.get("date"),
        "next_due": coming.get("due_latest"),
        "next_commitment": coming.get("commitment"),
        "next_moves": coming.get("moves"),
        "next_slip_days": coming.get("slip_days"),
        "place_error_m": stated_error_m(place["note"] for place in p["place"]),
    }
    for n, lang in enumerate(_LANGUAGES):
        found |= {f"{name}_{lang}": words[n] for name, words in named.items()}
        found |= {
            f"place_{name}_{lang}": _of_place(p, name, lang)
            for name in ("source", "datum", "licence", "note")
        }
        found[f"parts_{lang}"] = "; ".join(
            f"{PHASE_WORDS[phase][n]} {count}" for phase, count in (p["parts"] or {}).items()
        )
        found[f"credits_{lang}"] = "; ".join(credit[lang] for credit in moment.area["credits"])
    return {name: None if value == "" else value for name, value in found.items()}


def slipped(days: int | None, is_exact: bool, lang: str) -> str:
    """How far a promise moved, as exactly as its dates tell it; "" where it did not."""
    if not days:
        return ""
    apart = wording.apart(days, is_exact, lang)
    zh = apart if apart[0] == "约" else f" {apart}"
    return wording.either(
        lang, f"{'提前' if days < 0 else '推后'}{zh}", f"{apart} {'earlier' if days < 0 else 'later'}"
    )


def _words(words: Mapping[str, Words], name: str | None) -> tuple[str, str]:
    return words[name][:2] if name else ("", "")


def _of_place(p: Mapping[str, Any], name: str, lang: str) -> str:
    local = name if lang == "en" else f"{name}_zh"
    return "; ".join(text for place in p["place"] if (text := place.get(local) or place[name]))


def since(p: Mapping[str, Any], moment: Moment) -> str | None:
    """When the phase on the day began, in the grammar of dates and no more exact than its source; None where
    there is no phase."""
    done, promised = parse_phases(p["phases"])
    began = [
        step
        for step in (promised if p["basis"] == "promise" else done)
        if PHASES[step.phase] == p["phase"] != PHASES[0] and step.certain_from <= moment.day
    ]
    if not began:
        return None
    step = began[-1]
    return between(step.possible_from, step.certain_from, approx=step.approx)
