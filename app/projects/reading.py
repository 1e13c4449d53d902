"""A project's claims laid out for a reader: milestones planned and done, amounts, and each claim in full."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.projects.queries import Row
from app.vocabulary import unit_en
from geodata.dates import edtf, spoken
from geodata.kinds import Kind
from geodata.lights import Light
from geodata.phases import COMMITMENTS, TIERS, Claim, Facts, Promise, facts, promises

PROPERTY_NAMES = {
    "phase": ("所处阶段", "Phase seen"),
    "activity": ("动态", "Activity"),
    "mention": ("提及", "Mention"),
    "value": ("数值", "Value"),
    "target": ("目标", "Target"),
    "ratio": ("完成率", "Ratio of target"),
    "growth": ("同比", "Growth on the year"),
    "rank": ("名次", "Rank"),
}


def property_name(name: str, kind: Kind | None) -> tuple[str, str]:
    """What a property is called, in Chinese and English."""
    head, _, code = name.partition(":")
    if kind is not None and code:
        found = kind.milestone(code) or kind.field(code)
        if found:
            return found.name_zh, found.name_en
    return PROPERTY_NAMES.get(head, (name, name))


def claim_entry(row: Row, source: Row, kind: Kind | None, standing: Mapping[int, str]) -> dict[str, Any]:
    """One claim with its words and its source. verbatim: whether the words are the source's own."""
    label_zh, label_en = property_name(row["property"], kind)
    withdrawn = (
        None
        if row["withdrawn_rev"] is None
        else {"rev": row["withdrawn_rev"], "reason": row["withdrawn_reason"] or ""}
    )
    same = ("property", "value", "unit", "earliest", "latest", "approx")
    more = ("said_earliest", "said_latest", "locator", "quote", "verbatim", "note", "note_zh", "rev")
    locator_zh, locator_en = locator_words(row["locator"])
    return {
        "n": row["id"],
        "label_zh": label_zh,
        "label_en": label_en,
        **{name: row[name] for name in same},
        "date": row["date_text"],
        "date_edtf": edtf(row["date_text"]) if row["date_text"] else "",
        "commitment": COMMITMENTS[row["commitment"] - 1],
        "said_on": row["said_text"],
        **{name: row[name] for name in more},
        "unit_en": unit_en(row["unit"]),
        "locator_zh": locator_zh,
        "locator_en": locator_en,
        "quote_zh": row["quote_zh"] or row["quote"],
        "quote_en": row["quote_en"] or row["quote"],
        "note_en": row["note"],
        "withdrawn": withdrawn,
        "standing": standing.get(row["id"], "words"),
        "source": source_entry(source),
    }


def source_entry(source: Row) -> dict[str, Any]:
    names = ("id", "publisher_zh", "publisher_en", "title", "published", "retrieved_on", "address", "licence")
    return {
        **{name: source[name] for name in names},
        "title_en": source["title_en"] or source["title"],
        "licence_zh": source["licence_zh"] or source["licence"],
        "tier": TIERS[source["tier"] - 1],
    }


def locator_words(locator: str) -> tuple[str, str]:
    """Where in the document, in words: ``S34`` is the 34th sentence, ``row 2`` one of a file; anything else
    says it itself."""
    if sentence := re.fullmatch(r"S0*(\d+)", locator):
        return f"第 {sentence[1]} 句", f"sentence {sentence[1]}"
    if row := re.fullmatch(r"(row|line) (\d+)", locator):
        return f"第 {row[2]} 行", locator
    return locator, locator


# ---------------------------------------------------------------- milestones


def milestones(said: Sequence[Claim], rows: Sequence[Row], kind: Kind) -> list[dict[str, Any]]:
    """The kind's milestones in order: what happened, what is promised, which amount was reported."""
    fact = facts(said, kind.phase_of)
    promised = promises(said, kind.phase_of)
    units = {row["id"]: row["unit"] for row in rows}
    exceptional = {m.code for m in kind.milestones[-3:]}
    entries = []
    for milestone in kind.milestones:
        entry = {
            "code": milestone.code,
            "name_zh": milestone.name_zh,
            "name_en": milestone.name_en,
            "phase": milestone.phase,
            "actual": _actual(fact, milestone.code),
            "planned": _planned(promised.get(milestone.code), said, milestone.code),
            "measure": _amount(said, milestone.code, units),
        }
        # Closing, reopening and cancelling are shown only where somebody speaks of them.
        if milestone.code in exceptional and not (entry["actual"] or entry["planned"]):
            continue
        entries.append(entry)
    return entries


def _actual(fact: Facts, code: str) -> dict[str, Any] | None:
    if code not in fact.done:
        return None
    claim, span = fact.done[code]
    return {
        "date": span.text,
        "earliest": span.earliest,
        "latest": span.latest,
        "value": claim.value,
        "claim": claim.ref,
    }


def _planned(promise: Promise | None, said: Sequence[Claim], code: str) -> dict[str, Any] | None:
    if promise is None:
        words = [c.ref for c in said if c.about == f"milestone:{code}" and not c.is_done]
        return _words_only(words) if words else None
    current = promise.current
    return {
        "date": current.date.text if current.date else "",
        "earliest": current.earliest,
        "latest": promise.due,
        "value": current.value,
        "commitment": current.commitment,
        "moves": promise.moves,
        "slip_days": promise.slip_days,
        "disputed": promise.disputed,
        "claim": current.ref,
        "history": [
            {
                "claim": claim.ref,
                "said_on": claim.said.text,
                "said_latest": claim.said_latest,
                "date": claim.date.text if claim.date else "",
                "earliest": claim.earliest,
                "latest": claim.latest,
                "commitment": claim.commitment,
            }
            for claim in promise.history
        ],
        "undated": [claim.ref for claim in promise.undated],
    }


def _words_only(refs: list[int]) -> dict[str, Any]:
    empty = dict.fromkeys(("earliest", "latest", "value", "commitment", "claim"))
    return {
        "date": "",
        **empty,
        "moves": 0,
        "slip_days": 0,
        "disputed": False,
        "history": [],
        "undated": refs,
    }


def _amount(said: Sequence[Claim], code: str, units: Mapping[int, str]) -> dict[str, Any] | None:
    amounts = [c for c in said if c.about == f"measure:{code}" and c.is_done]
    if not amounts:
        return None
    claim = max(amounts, key=lambda c: (c.latest, TIERS.index(c.tier), c.said_latest))
    return {
        "value": claim.value,
        "unit": units.get(claim.ref, ""),
        "unit_en": unit_en(units.get(claim.ref, "")),
        "date": claim.date.text if claim.date else "",
        "claim": claim.ref,
    }


def measure_entries(said: Sequence[Claim], rows: Sequence[Row], kind: Kind) -> list[dict[str, Any]]:
    """Every amount that a source states, with its unit as said. None of them is computed from a shape."""
    units = {row["id"]: row["unit"] for row in rows}
    entries = []
    for claim in said:
        amount_of_milestone = claim.head == "milestone" and claim.value and units[claim.ref]
        if claim.head != "measure" and not amount_of_milestone:
            continue
        name_zh, name_en = property_name(claim.about, kind)
        entries.append(
            {
                "code": claim.code,
                "name_zh": name_zh,
                "name_en": name_en,
                "value": claim.value,
                "unit": units[claim.ref],
                "unit_en": unit_en(units[claim.ref]),
                "date": claim.date.text if claim.date else "",
                "commitment": claim.commitment,
                "claim": claim.ref,
            }
        )
    return entries


# ---------------------------------------------------------------- light in words


def light_reason(lamp: Light, said: Sequence[Claim], kind: Kind) -> tuple[str, str]:
    """Why the light shows what it shows, one sentence in Chinese and English."""
    if lamp.milestone is None:
        return (
            "没有仍然有效的、带日期的承诺",
            "No dated promise is open.",
        )
    name_zh, name_en = property_name(f"milestone:{lamp.milestone}", kind)
    promise = promises(said, kind.phase_of)[lamp.milestone]
    current = promise.current
    when_zh, when_en = spoken(current.date.text) if current.date else ("", "")
    said_zh, said_en = spoken(current.said.text)
    told_zh = f"{name_zh}：承诺 {when_zh}（{said_zh}说）"
    told_en = f"{name_en}: promised for {when_en} (said {_on(said_en)})"
    if lamp.kept:
        return f"{told_zh}，已按期", f"{told_en}, kept."
    if lamp.light == "green":
        return f"{told_zh}，尚未到期", f"{told_en}, not yet due."
    if lamp.light == "silent":
        return (
            f"{told_zh}，到期后没有来源再说到这一节点",
            f"{told_en}; no source has spoken of this milestone since.",
        )
    proof = lamp.evidence
    if proof is not None and proof.is_done and proof.date and proof.about == f"milestone:{lamp.milestone}":
        done_zh, done_en = spoken(proof.date.text)
        return (
            f"{told_zh}；{done_zh}才做到，至少晚了 {lamp.days} 天",
            f"{told_en}; done {_on(done_en)}: at least {lamp.days} days late.",
        )
    proof_zh, proof_en = spoken(proof.said.text) if proof else ("", "")
    return (
        f"{told_zh}；{proof_zh}的说法表明当时尚未做到，至少晚了 {lamp.days} 天",
        f"{told_en}; what was said {_on(proof_en)} shows it was not done: at least {lamp.days} days late.",
    )


def _on(spoken_en: str) -> str:
    """A date in a sentence: words that carry their own preposition keep it."""
    if spoken_en.startswith(("by ", "from ", "about ")):
        return spoken_en
    return f"on {spoken_en}" if spoken_en[:2].strip().isdigit() and " " in spoken_en else f"in {spoken_en}"
