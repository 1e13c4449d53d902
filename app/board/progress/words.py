"""Whether a promise was kept, as far as the words allow to say, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass

from app.board.entries import Both
from geodata import lights
from geodata.dates import DateSpan, spoken
from geodata.phases import Claim, Promise, Step

PLAN: Both = (
    "每个承诺过日期的节点：说过的各个日期、现在的日期和实际日期。早晚几天只在两个日期都说到某一天时给出，其余用话说明",
    "Every milestone that was promised for a day: what was said, what stands, what happened. Days early or "
    "late are given only where both are told to the day, and put in words elsewhere",
)
NOT_PUBLIC: Both = (
    "；本站不公开时序灯，所以不说早晚",
    "; this site does not publish lights, so nothing is called early or late",
)
AT_LEAST: Both = ("（项目太多，只读了一部分：实际不少于这个数）", " (too many to read all: at least so many)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """late_days: after the promised day, before it if negative; None unless both are single days."""

    name: str
    late_days: int | None
    words: Both


def plan(is_whole: bool, show_lights: bool) -> Both:
    zh, en = PLAN
    if not show_lights:
        zh, en = zh + NOT_PUBLIC[0], en + NOT_PUBLIC[1]
    return (zh, en) if is_whole else (zh + AT_LEAST[0], en + AT_LEAST[1])


def outcome(promise: Promise, actual: DateSpan | None, claim: Claim | None, show_lights: bool) -> Outcome:
    """actual: when it happened, told by `claim`; None while nobody says that it did."""
    if actual is None or claim is None:
        return Outcome("open", None, ("还没有来源说已做到", "no source says yet that it is done"))
    zh, en = spoken(actual.text)
    if not show_lights:
        return Outcome("done", None, (f"已做到：{zh}", f"done: {en}"))
    last = actual.latest or claim.said_latest
    due = promise.current.date
    if due is not None and due.days == 1 and actual.days == 1:
        return _to_the_day((last - promise.due).days)
    judged = lights.outcome(promise, claim, actual)
    if judged == "kept":
        return Outcome(
            "kept", None, (f"{zh}做到，在承诺的日期之内", f"done ({en}), no later than the promised date")
        )
    if judged == "late" and actual.earliest is not None:
        least = (actual.earliest - promise.due).days
        return Outcome(
            "late",
            None,
            (
                f"{zh}做到，比承诺可能指的最后一天至少晚 {least} 天",
                f"done ({en}), at least {_days(least)} after the last day that the promise may mean",
            ),
        )
    return Outcome(
        "untold",
        None,
        (
            f"{zh}做到；说得不够细，不能断定是否如期",
            f"done ({en}); told too roughly to say whether in time",
        ),
    )


def reached(step: Step, claim: Claim) -> Outcome:
    """Nobody says that it was done; that its phase was reached, other evidence shows."""
    seen, said = spoken(step.certain_from.isoformat()), spoken(claim.said.text)
    return Outcome(
        "reached",
        None,
        (
            f"另有来源显示已到这一阶段（{said[0]}说，到 {seen[0]}已是如此），哪天做到没有来源说",
            f"other evidence shows that this phase was reached (said {said[1]}: so by {seen[1]}), "
            "no source says when",
        ),
    )


def _to_the_day(late: int) -> Outcome:
    if late > 0:
        return Outcome("late", late, (f"比承诺的日期晚 {late} 天", f"{_days(late)} after the promised day"))
    if late < 0:
        return Outcome(
            "kept", late, (f"比承诺的日期早 {-late} 天", f"{_days(-late)} before the promised day")
        )
    return Outcome("kept", 0, ("就在承诺的那一天", "on the promised day itself"))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
