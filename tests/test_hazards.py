"""The table of hazards (docs/hazards.md) says what is so: what it calls passed, a test carries by name."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ID = re.compile(r"H\d{3}(?!\d)")
ROW = re.compile(r"\| (H\d{3}) \| [^|]+ \| (passed|otherwise|not shown|not done) \| (.*) \|")


def carried() -> dict[str, set[str]]:
    """By id the files whose tests, or cases of tests, have it in their names. Comments, docstrings and mere
    lists of numbers do not count."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if path == Path(__file__) or "node_modules" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        others = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.Module | ast.ClassDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        others |= {id(one) for node in ast.walk(tree) if isinstance(node, ast.Set) for one in node.elts}
        for node in ast.walk(tree):
            name = ""
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                name = node.name
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in others:
                name = node.value
            for one in ID.findall(name):
                found.setdefault(one, set()).add(path.relative_to(ROOT).as_posix())
    return found


def rows() -> dict[str, tuple[str, str]]:
    lines = (ROOT / "docs/hazards.md").read_text(encoding="utf-8").splitlines()
    found = [ROW.fullmatch(line) for line in lines if line.startswith("| H")]
    assert None not in found
    assert len({one[1] for one in found if one}) == len(found)
    return {one[1]: (one[2], one[3]) for one in found if one}


def test_what_is_called_passed_or_otherwise_is_carried_by_the_tests_that_are_named() -> None:
    by_tests = carried()
    for hazard, (verdict, told) in rows().items():
        named = set(re.findall(r"`(tests/[\w/]+\.py)`", told))
        if verdict in ("passed", "otherwise"):
            assert named, hazard
            assert named <= by_tests.get(hazard, set()), hazard
        if verdict != "passed":
            assert re.sub(r"`[^`]*`|[ ,;.]", "", told), f"{hazard} has no reason"


def test_what_tests_carry_stands_in_the_table_as_shown() -> None:
    table = rows()
    assert set(carried()) <= {hazard for hazard, (verdict, _) in table.items() if verdict != "not shown"}
