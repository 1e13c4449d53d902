"""The words of a preview, in Chinese and English: what a link shows in a title, a sentence and a few lines.

Never more exact than the sources: a day that nobody stated is said to be unstated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from app.previews.subject import Subject, View
from app.transit.words import until as until_words
from app.vocabulary import COMMITMENT_WORDS, PHASE_WORDS
from geodata.dates import spoken
from geodata.kinds import load_kinds
from geodata.phases import IN_SERVICE, PHASES

Lang = Literal["zh", "en"]
TEXT = {
    "zh": {
        "product": "挂图",
        "general": "{area}在建什么、在哪里、什么时候：每个事实都有出处，每个承诺都有来龙去脉。",
        "transit": "{area}的轨道交通：哪条线、到哪一步、哪年开通，谁这么说过。",
        "how": "这张图的每句话是谁说的、哪天说的，哪些只是示意，哪些还没有人说。",
        "title-transit": "交通",
        "title-how": "我们怎么知道的",
        "lede": "这里在建什么、在哪里、什么时候，谁这么说。",
        "lede-how": "每句话是谁说的、哪天说的，哪些只是示意。",
        "lede-transit": "这里的轨道交通：哪条线、到哪一步、哪年开通，谁这么说过。",
        "plain": "一张地图，说清在建什么、在哪里、什么时候：每个事实都有出处，每个承诺都有来龙去脉。",
        "on": "{day} 的状态",
        "known": "只计 {known} 以前说过的",
        "promise": "（承诺，尚非事实）",
        "carried": "（最近所知）",
        "state": "{day} 的状态：{phase}",
        "parts": "含 {n} 部分：{parts}",
        "lapsed": "{next}；日期已过，没有来源说已做到",
        "later": "{actual}（此日之后）",
        "undated": "没有来源说过下一步的日期",
        "said": "{said}，{publisher}说",
        "schematic": "示意",
        "placed": "位置为示意",
        "approximate": "位置近似",
        "unlocated": "不在图上：没有可信的位置",
        "within": "所选地点周围 {km} 公里",
        "within-named": "{place}周围 {km} 公里",
        "near-open": "已经开通的 {n} 项",
        "near-by": "{until}说要开通的 {n} 项",
        "near-later": "说更晚才开通的 {n} 项",
        "near-undated": "没有来源说日期的 {n} 项",
        "picture-general": "{title}的地图",
        "approval": "审图号 {number}",
        "line": "{line}号线",
    },
    "en": {
        "product": "Guatu",
        "general": "What {area} is building, where and when, with the source of every fact and the history of"
        " every promise.",
        "transit": "The transit lines of {area}: how far each is, when it opens, and who says so.",
        "how": "Who said what this chart says, when, what is schematic and what nobody says.",
        "title-transit": "Transit",
        "title-how": "How we know",
        "lede": "What is being built here, where and when, and who says so.",
        "lede-how": "Who said what, when, and what is schematic.",
        "lede-transit": "The transit lines here: how far each is, when it opens, who says so.",
        "plain": "One map of what is being built, where and when, with the source of every fact and the"
        " history of every promise.",
        "on": "State on {day}",
        "known": "As said by {known}",
        "promise": " (promised, not a fact)",
        "carried": " (last known)",
        "state": "State on {day}: {phase}",
        "parts": "{n} parts: {parts}",
        "lapsed": "{next}; that day has passed and no source says it was done",
        "later": "{actual} (after this day)",
        "undated": "No source states a date for the next step",
        "said": "said by {publisher}, {said}",
        "schematic": "schematic",
        "placed": "Schematic place",
        "approximate": "Approximate place",
        "unlocated": "Not on the map: no place to be trusted",
        "within": "Within {km} km of a chosen place",
        "within-named": "{km} km around {place}",
        "near-open": "Open already: {n}",
        "near-by": "{until}: {n} said to open",
        "near-later": "Said to open later: {n}",
        "near-undated": "No date stated: {n}",
        "picture-general": "Map of {title}",
        "approval": "Map approval {number}",
        "line": "Line {line}",
    },
}

# Nothing of their own but the order and the marks between.
JOINED = {
    "zh": {
        "both": "{zh} {en}",
        "part": "{phase} {n}",
        "next": "{milestone}：{commitment} {date}",
        "actual": "{milestone}：{date}",
        "picture": "{title}：{line}",
    },
    "en": {
        "both": "{en} {zh}",
        "part": "{n} {phase}",
        "next": "{milestone}: {date} ({commitment})",
        "actual": "{milestone}: {date}",
        "picture": "{title}: {line}",
    },
}


def words(lang: Lang, key: str, **values: object) -> str:
    return (TEXT[lang].get(key) or JOINED[lang][key]).format(**values)


def brand(lang: Lang) -> str:
    """Both names of the product, that of the language first."""
    return words(lang, "both", zh=words("zh", "product"), en=words("en", "product"))


@dataclass(frozen=True, slots=True)
class Told:
    """The title and the description of a page."""

    title: str
    description: str


def told(subject: Subject | None, view: View, lang: Lang) -> Told:
    """What the head of a page says of what it shows; None: nothing can be read just now.

    The one place that knows what each sort of link is called: a project, else what the view is about.
    """
    product = words(lang, "product")
    if subject and subject.project:
        return Told(f"{name_of(subject.project, lang)} · {product}", _sentences(subject, lang))
    if subject and subject.near:
        summary = str(subject.near[f"summary_{lang}"])
        return Told(f"{vicinity_words(subject, lang)} · {words(lang, 'title-transit')} · {product}", summary)
    if view == "how":
        return Told(f"{words(lang, 'title-how')} · {product}", words(lang, "how"))
    if subject is None:
        return Told(brand(lang), words(lang, "plain"))
    area = area_name(subject, lang)
    if view == "transit":
        return Told(f"{words(lang, 'title-transit')} · {area} · {product}", words(lang, "transit", area=area))
    return Told(f"{product} · {area}", words(lang, "general", area=area))


def area_name(subject: Subject, lang: Lang) -> str:
    return str(subject.moment.area[f"name_{lang}"])


def name_of(project: Mapping[str, Any], lang: Lang) -> str:
    return str(project[f"name_{lang}"] or project["name_zh"])


def plate_words(project: Mapping[str, Any], lang: Lang) -> str:
    """The short name of a line: its number where it has one; of anything else its name."""
    kind = load_kinds()[project["kind"]]
    number = str(project.get("attrs", {}).get(kind.style.by or "", ""))
    return words(lang, "line", line=number) if number.isdigit() else name_of(project, lang)


def kind_name(project: Mapping[str, Any], lang: Lang) -> str:
    kind = load_kinds()[project["kind"]]
    return kind.name_en if lang == "en" else kind.name_zh


def _sentences(subject: Subject, lang: Lang) -> str:
    project = subject.project or {}
    state = state_words(subject, lang)
    parts = [kind_name(project, lang)]
    if state:
        whole = not project["drawn"]
        day = subject.moment.day.isoformat()
        parts.append(words(lang, "on", day=day) if whole else words(lang, "state", day=day, phase=state))
        parts += [state] if whole else []
    if dated := date_words(subject, lang):
        source = _who_said(subject, lang)
        between = "，" if lang == "zh" else ", "
        parts.append(dated + (between + source if source else ""))
    if note := knowledge_words(subject, lang):
        parts.append(note)
    return "。".join(parts) + "。" if lang == "zh" else ". ".join(parts) + "."


def state_words(subject: Subject, lang: Lang) -> str:
    """The phase on the day in words; of a whole that of its parts; nothing for what is not tracked."""
    project = subject.project or {}
    if not load_kinds()[project["kind"]].tracked:
        return ""
    if not project["drawn"]:
        counts = [
            words(lang, "part", phase=_phase(phase, lang), n=n)
            for phase, n in sorted(project["parts"].items(), key=lambda part: -PHASES.index(part[0]))
        ]
        between = "、" if lang == "zh" else ", "
        n = sum(project["parts"].values())
        return words(lang, "parts", n=n, parts=between.join(counts)) if counts else ""
    return _phase(project["phase"], lang) + state_note(subject, lang)


def state_note(subject: Subject, lang: Lang) -> str:
    """That a phase is a promise, or only carried on from what was last known."""
    project = subject.project or {}
    if project["basis"] == "promise":
        return words(lang, "promise")
    if project["basis"] == "fact" and subject.moment.day > subject.moment.known:
        return words(lang, "carried")
    return ""


def _phase(phase: str, lang: Lang) -> str:
    return PHASE_WORDS[phase][1 if lang == "en" else 0]


def knowledge_words(subject: Subject, lang: Lang) -> str:
    """That only what had been said by an earlier day counts."""
    moment = subject.moment
    return words(lang, "known", known=moment.known.isoformat()) if moment.known < moment.today else ""


def date_words(subject: Subject, lang: Lang) -> str:
    """What comes next and when, as promised; when it came, of what is there; or that no source says."""
    project = subject.project or {}
    if not load_kinds()[project["kind"]].tracked or not project["drawn"]:
        return ""
    if promise := project["next"]:
        milestone = _milestone(project, promise["milestone"])
        text = words(
            lang,
            "next",
            milestone=milestone[f"name_{lang}"],
            commitment=COMMITMENT_WORDS[promise["commitment"]][1 if lang == "en" else 0],
            date=_spoken(promise["date"], lang),
        )
        lapsed = promise["due_latest"] < subject.moment.known
        return words(lang, "lapsed", next=text) if lapsed else text
    if last := _reached(project):
        text = words(
            lang, "actual", milestone=last[f"name_{lang}"], date=_spoken(last["actual"]["date"], lang)
        )
        earliest = last["actual"]["earliest"]
        after = earliest is not None and earliest > subject.moment.day
        return words(lang, "later", actual=text) if after else text
    done = project["basis"] == "fact" and PHASES.index(project["phase"]) >= IN_SERVICE
    return "" if done else words(lang, "undated")


def _reached(project: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The milestone by which the project came into use, or ended, where a source gives its date."""
    done = [m for m in project["milestones"] if m["actual"] and PHASES.index(m["phase"]) >= IN_SERVICE]
    dated = [m for m in done if m["actual"]["date"]]
    return max(dated, key=lambda m: m["actual"]["latest"] or date.max, default=None)


def _milestone(project: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(m for m in project["milestones"] if m["code"] == code)
    return found


def _spoken(text: str, lang: Lang) -> str:
    return spoken(text)[1 if lang == "en" else 0]


def _who_said(subject: Subject, lang: Lang) -> str:
    """Who stated the date that `date_words` tells, and when."""
    project = subject.project or {}
    if promise := project["next"]:
        claim = _milestone(project, promise["milestone"])["planned"]["claim"]
    elif last := _reached(project):
        claim = last["actual"]["claim"]
    else:
        return ""
    entry = next((c for c in project["claims"] if c["n"] == claim), None)
    if entry is None:
        return ""
    publisher = entry["source"][f"publisher_{lang}"]
    return words(lang, "said", publisher=publisher, said=_spoken(entry["said_on"], lang))


def place_words(project: Mapping[str, Any], lang: Lang) -> str:
    """How surely it is placed, where that is to be said."""
    if not project["located"]:
        return words(lang, "unlocated") if project["drawn"] else ""
    return {
        "schematic": words(lang, "placed"),
        "approximate": words(lang, "approximate"),
    }.get(project["precision"], "")


def vicinity_words(subject: Subject, lang: Lang) -> str:
    if subject.asked.point_lonlat is None:
        return ""
    if subject.place is None:
        return words(lang, "within", km=f"{subject.asked.radius_m / 1000:g}")
    name = subject.place.name_zh if lang == "zh" else subject.place.name_en or subject.place.name_zh
    return words(lang, "within-named", km=f"{subject.asked.radius_m / 1000:g}", place=name)


def near_words(subject: Subject, lang: Lang) -> list[str]:
    """How many open by then, later, on no stated day, and are open: a line for each."""
    if subject.near is None or subject.by is None:
        return []
    counts = subject.near["counts"]
    until = until_words(subject.by)[1 if lang == "en" else 0]
    until = until[:1].upper() + until[1:]
    return [
        words(lang, "near-open", n=counts["open"]),
        words(lang, "near-by", n=counts["opens_by"], until=until),
        words(lang, "near-later", n=counts["later"]),
        words(lang, "near-undated", n=counts["no_date"]),
    ]


def picture_words(subject: Subject | None, lang: Lang) -> str:
    """What the picture shows, for those who do not see it."""
    if subject is None:
        return brand(lang)
    if subject.near:
        return words(lang, "picture-general", title=vicinity_words(subject, lang))
    if subject.project is None:
        return words(lang, "picture-general", title=area_name(subject, lang))
    title = name_of(subject.project, lang)
    line = state_words(subject, lang) or kind_name(subject.project, lang)
    return words(lang, "picture", title=title, line=line)
