"""Every word the service says is there in Chinese and in English, and every one is said somewhere."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient
from pydantic_core.core_schema import ErrorType

from app.changesets.words import PARTS
from app.errors import PROBLEMS
from app.parameter_faults import OTHER_FAULT, PARAMETER_FAULTS
from app.previews import words as previews
from app.projects.reading import PROPERTY_NAMES
from app.projects.wording import ACTIVITIES, PHASES_SEEN
from app.snapshots.legend import TEXT
from app.vocabulary import UNITS_EN, all_vocabularies
from geodata.issues import CATALOGUE
from geodata.kinds import GROUPS
from tests.serving import ROOT

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
RUNS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
LATIN = re.compile(r"[A-Za-z]")
# What a source said stays in the language in which it was said.
QUOTED = ("quote_zh", "words_zh")
# Said without Chinese, and why.
NOT_CHINESE = {"© OpenStreetMap contributors（ODbL 1.0）": "the credit as its licence words it"}

Pair = tuple[str, str, str]


def catalogues() -> Iterator[Pair]:
    """(where, Chinese, English) of every word in a table."""
    for code, (_, zh, en) in PROBLEMS.items():
        yield f"problem {code}", zh, en
    for code, (zh, en) in PARAMETER_FAULTS.items():
        yield f"parameter {code}", zh, en
    yield "parameter", *OTHER_FAULT
    for code, (_, zh, en) in CATALOGUE.items():
        yield f"issue {code}", zh, en
    for code, (zh, en) in {**PROPERTY_NAMES, **GROUPS, **PARTS, **PHASES_SEEN, **ACTIVITIES}.items():
        yield code, zh, en
    for key, zh in TEXT["zh"].items():
        yield f"snapshot {key}", zh, TEXT["en"][key]
    for key, zh in previews.TEXT["zh"].items():
        yield f"preview {key}", zh, previews.TEXT["en"][key]
    for name, entries in all_vocabularies().items():
        for entry in entries:
            yield f"{name} {entry['id']}", str(entry["name_zh"]), str(entry["name_en"])
            yield f"{name} {entry['id']}", str(entry["explain_zh"]), str(entry["explain_en"])


def test_no_word_of_a_vocabulary_reads_like_the_rest_of_a_sentence_that_was_cut() -> None:
    words = [str(entry["name_zh"]) for entries in all_vocabularies().values() for entry in entries]
    assert [word for word in words if len(word) < 2] == []


def wrong_of(pairs: Iterator[Pair] | list[Pair]) -> list[Pair]:
    """The pairs that are not Chinese beside English with the same blanks to fill."""
    return [
        (where, zh, en)
        for where, zh, en in pairs
        if not HAN.search(zh) or HAN.search(en) or not LATIN.search(en) or blanks(zh) != blanks(en)
    ]


def blanks(text: str) -> set[str]:
    """The names of its blanks; one that holds words has one name in each language."""
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return {name.removesuffix("_zh").removesuffix("_en") for name in names}


def sources() -> Iterator[tuple[str, ast.AST]]:
    for folder in ("app", "geodata"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def literal(node: ast.expr) -> str:
    """The fixed text of a literal or of an f-string; nothing of a text that is put together elsewhere."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def test_tables_of_words_are_whole() -> None:
    pairs = list(catalogues())
    assert len(pairs) > 100
    assert wrong_of(pairs) == []
    assert TEXT["zh"].keys() == TEXT["en"].keys()


def test_units_are_translated_from_chinese() -> None:
    assert [(zh, en) for zh, en in UNITS_EN.items() if HAN.search(en) or not en.strip()] == []


def test_problems_raised_in_the_source_speak_both_languages_and_have_a_title() -> None:
    raised = set()
    wrong = []
    for path, tree in sources():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem"):
                continue
            if len(node.args) < 3:
                continue  # Made again from what was told elsewhere.
            code, zh, en = node.args[:3]
            raised.add(literal(code))
            where = f"{path}:{node.lineno}"
            if literal(code) and literal(code) not in PROBLEMS:
                wrong.append((where, "no such code"))
            # What is handed on from somewhere else is looked at where it is made.
            if literal(zh) and not HAN.search(literal(zh)):
                wrong.append((where, literal(zh)))
            if HAN.search(literal(en)):
                wrong.append((where, literal(en)))
    assert len(raised) > 8
    assert wrong == []


@pytest.mark.parametrize(
    "table", [PROBLEMS, PARAMETER_FAULTS, CATALOGUE], ids=["problem", "parameter", "issue"]
)
def test_every_code_is_used(table: dict[str, Any]) -> None:
    """Once in its table, and once where it is raised; some faults are raised by pydantic."""
    times = Counter(
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in table
    )
    pydantic = get_args(ErrorType)
    assert [code for code in table if times[code] < 2 and code not in pydantic] == []


def pairs_in(value: Any, where: str) -> Iterator[Pair]:
    """Every `…_zh` with its `…_en` (or the plain name), and every `{zh, en}`, anywhere in an answer."""
    if isinstance(value, list):
        for item in value:
            yield from pairs_in(item, where)
    elif isinstance(value, dict):
        for key, own in value.items():
            if key in QUOTED:
                continue
            if key.endswith("_zh") and isinstance(own, str):
                plain = key.removesuffix("_zh")
                yield f"{where}/{key}", own, value.get(f"{plain}_en", value.get(plain)) or ""
            elif key == "zh" and isinstance(own, str):
                yield where, own, value["en"]
            else:
                yield from pairs_in(own, f"{where}/{key}")


@pytest.mark.parametrize(
    "address", ["/api/catalogue", "/api/projects?limit=1000", "/api/timeline", "/api/indicators"]
)
def test_what_is_answered_is_said_in_both(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    pairs = list(pairs_in(answer.json(), address + " "))
    assert pairs
    assert [pair for pair in pairs if not is_said_in_both(*pair)] == []


def is_said_in_both(where: str, zh: str, en: str) -> bool:
    if zh in NOT_CHINESE or not (zh or en):
        return True
    # A note may quote the very words it is about; it quotes them in both languages.
    quoted = set(RUNS.findall(en)) if where.endswith("/note_zh") else set()
    return (
        bool(HAN.search(zh) and en)
        and all(run in zh for run in quoted)
        and (bool(quoted) or not HAN.search(en))
    )


def test_what_is_not_said_in_both_would_be_noticed() -> None:
    assert is_said_in_both("/a/name_zh", "富安东路", "Fu’an East Road")
    assert not is_said_in_both("/a/name_zh", "富安东路", "")
    assert not is_said_in_both("/a/name_zh", "Fu’an East Road", "Fu’an East Road")
    assert not is_said_in_both("/a/name_zh", "富安东路", "富安 East Road")
    assert is_said_in_both("/a/note_zh", "“蝉联”：三年", "蝉联: three years")
    assert not is_said_in_both("/a/note_zh", "三年", "蝉联: three years")
