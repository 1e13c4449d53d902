"""What changed between two days, in Chinese and English, in the terms of the map page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from app.board.entries import Both, both
from app.projects import wording
from app.projects.wording import either
from app.vocabulary import PHASE_WORDS
from geodata.phases import Promise, State

By = Literal["day", "known", "source"]

GROUP_WORDS: dict[str, Both] = {
    "advanced": ("有进展，确知发生在两天之间", "advanced, known to have happened in between"),
    "ended": ("关闭或取消，确知发生在两天之间", "closed or cancelled, known to have happened in between"),
    "first": ("首次有据，此前可能已是如此", "first evidence, it may have been so before"),
    "promised": ("承诺，未成事实", "promised, not a fact"),
    "learned": ("这期间才知道有进展", "became known in between to be further"),
    "learned_ended": ("这期间才知道已关闭或取消", "became known in between to be closed or cancelled"),
    "lapsed": ("承诺的日期已过", "the promised day has passed"),
    "corrected": ("说法更正", "told otherwise"),
}
OF_SOURCE: dict[str, Both] = {
    "learned": ("这份文件说的，此前不知道", "this document says so, it was not known before"),
    "learned_ended": (
        "这份文件说已关闭或取消，此前不知道",
        "this document says that it is closed or cancelled, it was not known before",
    ),
    "first": (
        "这份文件首次说到阶段，此前可能已是如此",
        "first told by this document, it may have been so before",
    ),
}
"""The words of groups where one document is looked at, and no two days."""
MEANINGS: dict[str, tuple[Both, Both]] = {
    "phases": (
        (
            "阶段不同的项目。首次有据只说明到那天已是如此，此前可能就是；承诺不是事实",
            "Projects in another phase. First evidence only says that by then it was so, and it may have "
            "been before; a promise is no fact",
        ),
        (
            "同一天的阶段，先后知道的不同：是这期间才知道，不等于这期间才发生",
            "The phase on one and the same day, known differently at first and later: it became known in "
            "between, which does not say that it happened in between",
        ),
    ),
    "new_projects": (
        (
            "前一天还没有任何阶段可说、后一天有据可查的项目",
            "Projects of which no phase was known on the first day and one is attested on the second",
        ),
        ("此前没有来源说起过的项目", "Projects of which no source had spoken before"),
    ),
    "new_promises": (
        ("这期间第一次说了日期的承诺", "Promises for a day that were made for the first time in between"),
    )
    * 2,
    "moved_promises": (
        (
            "这期间改了日期的承诺：前后两个日期没有一天相同",
            "Promises that moved in between: the dates before and after have no day in common",
        ),
    )
    * 2,
    "done": (
        (
            "这期间做到的节点：到后一天必定已做到，到前一天还不能断定",
            "Milestones reached in between: surely done by the second day, and not surely by the first",
        ),
        ("这期间才知道已做到的节点", "Milestones that became known to be done in between"),
    ),
    "figures": (("这期间来源说出的指标数字", "Figures of the area that sources stated in between"),) * 2,
    "repeated": (
        ("再次说起而没有改变的承诺和节点", "Promises and milestones that were said again without a change"),
    )
    * 2,
    "other": (
        ("其余说法：提及、所见阶段、数量", "Everything else that was said: mentions, phases seen, amounts"),
    )
    * 2,
}
MEANINGS_OF_SOURCE: dict[str, Both] = {
    "phases": (
        "这份文件说的阶段与它之前所知的不同；何时发生的看所引的日期",
        "Phases that this document tells otherwise than was known before it; when they came, the dates say",
    ),
    "new_promises": (
        "这份文件第一次说了日期的承诺",
        "Promises for a day that this document makes for the first time",
    ),
    "moved_promises": (
        "这份文件改了日期的承诺：前后两个日期没有一天相同",
        "Promises that this document moves: the dates before and after have no day in common",
    ),
    "done": (
        "这份文件才说已做到的节点",
        "Milestones that nobody had told to be done before this document",
    ),
    "figures": ("这份文件说出的指标数字", "Figures of the area that this document states"),
}
NO_FIGURES: Both = ("只看部分类别时不列指标", "No figures where only some kinds are asked for")
AT_LEAST: Both = ("（太多，只读了一部分：实际不少于这个数）", " (too many to read all: at least so many)")


def meaning(name: str, by: By, is_whole: bool) -> Both:
    zh, en = MEANINGS[name][0 if by == "day" else 1]
    if by == "source":
        zh, en = MEANINGS_OF_SOURCE.get(name, (zh, en))
    return (zh, en) if is_whole else (zh + AT_LEAST[0], en + AT_LEAST[1])


def phase(before: State, after: State, group: str, by: By) -> Both:
    was, now = (_state(state) for state in (before, after))
    how = OF_SOURCE.get(group, GROUP_WORDS[group]) if by == "source" else GROUP_WORDS[group]
    return f"{was[0]} → {now[0]}：{how[0]}", f"{was[1]} → {now[1]}: {how[1]}"


def _state(state: State) -> Both:
    zh, en = PHASE_WORDS[state.phase][:2]
    return (f"{zh}（承诺）", f"{en} (promised)") if state.basis == "promise" else (zh, en)


def told(entry: Mapping[str, Any]) -> Both:
    """What a claim says. entry: as app.projects.reading lays it out; so below."""
    return both(lambda lang: wording.told(entry, lang))


def moved(entry: Mapping[str, Any], earlier: Mapping[str, Any], days: int, is_exact: bool) -> Both:
    def told(lang: str) -> str:
        words = wording.moved(entry, earlier, False, lang)
        many = wording.apart(days, is_exact, lang)
        zh = f" {many}" if many[0].isdigit() else many
        if days < 0:
            return either(lang, f"{words}，早{zh}", f"{words}, {many} earlier")
        return either(lang, f"{words}，晚{zh}", f"{words}, {many} later")

    return both(told)


OUTCOMES: dict[str, Both] = {
    "kept": ("在承诺的日期之内", "no later than promised"),
    "late": ("晚于承诺的日期", "later than promised"),
    "untold": ("说得不够细，不能断定是否如期", "told too roughly to say whether in time"),
}


def done(entry: Mapping[str, Any], when: str, promise: Promise | None, group: str) -> Both:
    """when: the date as exactly as all sources together tell it. promise: what had been promised."""
    promised = promise.current.date.text if promise and promise.current.date else ""

    def told(lang: str) -> str:
        words = wording.happened(wording.milestone(entry, lang), wording.said_date(when, lang), lang)
        if promised:
            before = wording.said_date(promised, lang)
            words = either(lang, f"{words}；此前承诺 {before}", f"{words}; promised before: {before}")
        if group in OUTCOMES:
            outcome = either(lang, *OUTCOMES[group])
            words = either(lang, f"{words}，{outcome}", f"{words}, {outcome}")
        return words

    return both(told)


# ---------------------------------------------------------------- the whole answer


def same_day(day: Both) -> Both:
    return (
        f"两天都是 {day[0]}，没有可比的变化；请选两个不同的日子",
        f"Both days are {day[1]}: nothing can have changed. Choose two different days",
    )


def nothing_known(day: Both, is_by_day: bool) -> Both:
    if is_by_day:
        return (
            f"到 {day[0]}为止，没有来源能说明任何项目处在什么阶段",
            f"Up to {day[1]} no source tells the phase of any project",
        )
    return f"到 {day[0]}为止，没有来源说过任何事", f"Up to {day[1]} no source had said anything"


def summary(first: Both, last: Both, lists: Mapping[str, Mapping[str, Any]], is_by_day: bool) -> Both:
    """How much changed, in a sentence. first, last: the two days in words."""
    counts = {name: one["count"] for name, one in lists.items()}
    zh_what, en_what = (
        ("按今天所知", "as known today") if is_by_day else ("按先后两天所知", "as known on either day")
    )
    return (
        f"从 {first[0]}到 {last[0]}（{zh_what}）：{_counts_zh(counts)}",
        f"From {first[1]} to {last[1]} ({en_what}): {_counts_en(counts)}",
    )


def announced(publisher: Both, day: Both, lists: Mapping[str, Mapping[str, Any]]) -> Both:
    """What one document said, in a sentence. day: when it spoke, in words."""
    counts = {name: one["count"] for name, one in lists.items()}
    return (
        f"{publisher[0]}（{day[0]}）说了：{_counts_zh(counts)}",
        f"{publisher[1]} ({day[1]}) told: {_counts_en(counts)}",
    )


def silent_source(publisher: Both) -> Both:
    return (
        f"{publisher[0]}：这份资料没有一条仍然有效的说法",
        f"{publisher[1]}: no claim of this document stands",
    )


def _counts_zh(counts: Mapping[str, int]) -> str:
    return (
        f"阶段变化 {counts['phases']} 项，新说起的项目 {counts['new_projects']} 个，"
        f"新承诺 {counts['new_promises']} 项，改期 {counts['moved_promises']} 项，"
        f"做到的节点 {counts['done']} 个，指标数字 {counts['figures']} 个"
    )


def _counts_en(counts: Mapping[str, int]) -> str:
    return (
        f"other phases: {counts['phases']}; projects new to the chart: {counts['new_projects']}; "
        f"new promises: {counts['new_promises']}; moved promises: {counts['moved_promises']}; "
        f"milestones done: {counts['done']}; figures: {counts['figures']}"
    )
