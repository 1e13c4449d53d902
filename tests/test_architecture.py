"""The rules of the house that the import contracts in pyproject.toml do not see. All of it reads source text.

A kind id as a literal: some ids are words of nothing else (parcel, metro, intercity …). Those may stand in no
string of the code, except as an example in the description of the interface. Others are plain English or name
a group, a form or a table as well (road, station, area, park …). Those are refused where they choose by kind:
compared, looked up, matched or listed together with something whose name holds "kind".
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.settings import Settings
from geodata.kinds import load_kinds

ROOT = Path(__file__).resolve().parent.parent
APP = sorted((ROOT / "app").rglob("*.py"))
# The data of a place and the files of kinds may name kinds; code may not.
GEODATA = sorted(p for p in (ROOT / "geodata").rglob("*.py") if not {"kinds", "pinghu"} & set(p.parts))
ALL = sorted([*APP, *(ROOT / "geodata").rglob("*.py")])
PLAIN_WORDS = {"road", "station", "area", "park", "event", "programme", "railway"}
OWN_WORDS = set(load_kinds()) - PLAIN_WORDS

FASTAPI_ROLES = {"routes"}
FASTAPI_MODULES = {
    "app.access.door",
    "app.access.people",
    "app.basemaps",
    "app.answers",
    "app.catalogue",
    "app.errors",
    "app.health",
    "app.main",
    "app.pages",
    "app.web",
}
SQL_ROLES = {"queries", "staged_queries", "listing_queries", "tile_queries", "kind_queries"}
SQL_MODULES = {
    "app.audit",
    "app.database",
    "app.tables",
    "app.tables.chart",
    "app.tables.naming",
    "app.tables.staff",
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def module(path: Path) -> str:
    names = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def imports(path: Path) -> Iterator[str]:
    """The full names that a module imports, functions' own imports too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module(path)}: relative import"
            base = node.module or ""
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def importers(*libraries: str) -> set[str]:
    return {module(path) for path in ALL if any(name.split(".")[0] in libraries for name in imports(path))}


def role(name: str) -> str:
    return name.rpartition(".")[2]


# ---------------------------------------------------------------- who may know which library


def test_only_queries_tables_and_database_know_sqlalchemy() -> None:
    found = importers("sqlalchemy", "geoalchemy2")
    assert "app.tables.chart" in found
    assert {name for name in found if role(name) not in SQL_ROLES} <= SQL_MODULES


def test_only_routes_and_domains_of_one_module_know_fastapi() -> None:
    found = importers("fastapi")
    assert "app.projects.routes" in found
    assert {name for name in found if role(name) not in FASTAPI_ROLES} <= FASTAPI_MODULES


def test_folium_stays_in_snapshots() -> None:
    assert importers("folium", "branca") == {"app.snapshots.drawing"}


def test_pillow_stays_in_previews() -> None:
    assert {name.rpartition(".")[0] for name in importers("PIL")} == {"app.previews"}


def test_endpoints_are_plain_functions() -> None:
    """They run on the pool of threads, beside the database; one that is async would block everybody."""
    for path in APP:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.AsyncFunctionDef):
                assert not [d for d in node.decorator_list if ast.unparse(d).startswith("router.")], node.name


# ---------------------------------------------------------------- who may write


def test_only_the_database_and_the_command_line_commit() -> None:
    committing = {
        module(path)
        for path in ALL
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback", "begin", "begin_nested")
    }
    assert committing <= {"app.database", "app.cli"}


# Whose rows: changesets what is public, the others what is about people, files and what was done.
WRITERS = {
    "app.access.queries",
    "app.audit",
    "app.changesets.queries",
    "app.changesets.staged_queries",
    "app.jobs.queries",
    "app.uploads.queries",
    "app.uploads.staged_queries",
}


def test_only_changesets_write_rows() -> None:
    writing = {
        module(path)
        for path in ALL
        if {f"sqlalchemy.{verb}" for verb in ("insert", "update", "delete")} & set(imports(path))
        or {
            name
            for name in imports(path)
            if name.startswith("sqlalchemy.dialects") and name.endswith("insert")
        }
    }
    assert writing == WRITERS


_WRITES = re.compile(
    r"^\s*(with\b.*\)\s*)?(insert\s+into|update\s+\S+\s+set|delete\s+from|truncate|copy\s+\S+\s+from|merge\s+into"
    r"|drop\s+\w+|alter\s+\w+|create\s+\w+|grant|revoke)\b",
    re.IGNORECASE | re.DOTALL,
)


def test_H330_no_other_module_writes_by_sql_text() -> None:
    """app.embedded makes the server, its roles and databases; it knows no table."""
    found = {
        module(path): text
        for path in ALL
        if not module(path).startswith("app.embedded")
        for text in strings(path)
        if _WRITES.match(text)
    }
    assert found == {}


def test_H330_the_linter_looks_for_sql_that_is_put_together() -> None:
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in ruff["select"]
    assert not {"S", "S6", "S608"} & set(ruff.get("ignore", []))
    excused = {files for files, rules in ruff["per-file-ignores"].items() if {"S", "S608"} & set(rules)}
    assert excused == {"tests/**", "app/embedded/**"}
    noted = {module(path) for path in ALL if "noqa: S608" in path.read_text(encoding="utf-8")}
    assert noted <= {"geodata.reading.geopackage"}


def test_H347_everything_that_is_installed_is_known_by_its_hash() -> None:
    for name in ("run", "test", "uv", "node"):
        lines = (
            (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        )
        wanted = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
        assert wanted, name
        for line in wanted:
            assert re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), (name, line[:80])


def strings(path: Path) -> Iterator[str]:
    """Every string of a module that is not the documentation of something."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


OPENERS = (
    "app.access.",
    "app.changesets.",
    "app.cli",
    "app.commands.",
    "app.editing.",
    "app.jobs.",
    "app.recording.",
    "app.uploads.",
    "app.work",
)


def test_only_commands_and_those_who_write_open_a_transaction_for_it() -> None:
    opening = {
        module(path)
        for path in APP
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "writing"
    }
    assert [name for name in opening if not name.startswith(OPENERS)] == []


# ---------------------------------------------------------------- no code names a kind


def literals_of_kinds(source: ast.Module) -> list[str]:
    """The places where code names a kind, by the rule at the top of this file."""
    found = []
    examples = {
        id(inner)
        for node in ast.walk(source)
        if isinstance(node, ast.keyword) and node.arg in ("examples", "example")
        for inner in ast.walk(node.value)
    }
    for node in ast.walk(source):
        if isinstance(node, ast.Constant) and node.value in OWN_WORDS and id(node) not in examples:
            found.append(f"line {node.lineno}: {node.value!r}")
        elif isinstance(node, ast.Compare | ast.Subscript | ast.Match | ast.Call) and _chooses(node):
            found.append(f"line {node.lineno}: {ast.unparse(node)[:80]}")
    return found


def _chooses(node: ast.Compare | ast.Subscript | ast.Match | ast.Call) -> bool:
    """Whether a plain word that is a kind id as well is used on something called a kind."""
    if isinstance(node, ast.Compare):
        return _names_kind(node) and _holds_plain_word(node)
    if isinstance(node, ast.Subscript):
        return _names_kind(node.value) and _is_plain_word(node.slice)
    if isinstance(node, ast.Match):
        return _names_kind(node.subject) and any(_holds_plain_word(case.pattern) for case in node.cases)
    is_get = isinstance(node.func, ast.Attribute) and node.func.attr in (
        "get",
        "index",
        "count",
        "startswith",
    )
    return is_get and _names_kind(node.func) and any(_is_plain_word(argument) for argument in node.args)


def _names_kind(node: ast.AST) -> bool:
    names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    names += [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)]
    names += [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return any("kind" in name.lower() for name in names)


def _is_plain_word(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value in PLAIN_WORDS


def _holds_plain_word(node: ast.AST) -> bool:
    return any(_is_plain_word(inner) for inner in ast.walk(node))


@pytest.mark.parametrize("path", [*APP, *GEODATA], ids=module)
def test_no_kind_is_named_in_code(path: Path) -> None:
    assert literals_of_kinds(tree(path)) == []


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ('if kind == "road": pass', True),
        ('if project["kind"] in ("park", "event"): pass', True),
        ('hue = by_kind["station"]', True),
        ('hue = kinds.get("area")', True),
        ('match kind:\n    case "road" | "park": pass', True),
        ('COLOURS = {"metro": "#fff"}', True),
        ('show("parcel")', True),
        ('if form == "road": pass', False),
        ('GROUPS = {"road": ("道路", "Roads")}', False),
        ('Table("area", metadata)', False),
        ('Path(examples=["metro"])', False),
        ('if role == "station" or kind.group == "transit": pass', False),
    ],
)
def test_the_rule_about_kinds_finds_what_it_should(code: str, refused: bool) -> None:
    assert bool(literals_of_kinds(ast.parse(code))) is refused


# ---------------------------------------------------------------- the shape of the whole


def test_there_is_no_import_cycle() -> None:
    known = {module(path): path for path in ALL}
    needs = {
        name: {found for found in imports(path) if found in known and found != name}
        for name, path in known.items()
    }
    # A package's own text runs before its modules: who needs a module needs the package, but not the reverse.
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join([*way[way.index(name) :], name])
        if name not in done:
            for needed in sorted(needs[name]):
                visit(needed, (*way, name))
            done.add(name)

    for name in sorted(needs):
        visit(name, ())
    assert len(done) == len(ALL)


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    names = {part for path in ALL for part in module(path).split(".")}
    names |= {path.stem for path in (ROOT / "tests").rglob("*.py")}
    names |= {path.stem for path in (ROOT / "frontend" / "src").rglob("*.ts*")}
    assert names & {"utils", "util", "helpers", "helper", "common", "core", "misc", "shared"} == set()


def test_files_stay_readable() -> None:
    lengths = {module(path): len(path.read_text(encoding="utf-8").splitlines()) for path in ALL}
    long = {name: length for name, length in lengths.items() if length > 400}
    assert len(long) <= 1, long
    assert max(lengths.values()) <= 450, long


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        module(path) for path in ALL if path.read_text(encoding="utf-8") and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_every_setting_has_a_line_in_the_docs() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [
        name for name in Settings.model_fields if not re.search(rf"`GUATU_{name.upper()}`", operations)
    ]
    assert missing == []


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
