"""Nothing stands twice: no run of six equal lines in two places of the product, but imports and
tables of data."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from tests.support.machine import ROOT

ROOMS = ("robots", "flows", "pages", "inputs", "mock_portals")
RUN = 6
DATA = (ast.Dict, ast.List, ast.Tuple, ast.Set)


def _code(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that are no blanks, comments, imports, nor of a table of data."""
    text = path.read_text(encoding="utf-8")
    left_out: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom) or _is_table(node):
            left_out.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare and not bare.startswith("#") and number not in left_out:
            yield number, bare


def _is_table(node: ast.AST) -> TypeGuard[ast.expr]:
    return isinstance(node, DATA) and all(
        isinstance(part, (*DATA, ast.Constant, ast.expr_context)) for part in ast.walk(node)
    )


def repeats(paths: list[Path]) -> dict[str, list[str]]:
    """Each run that stands more than once, by its first line, with the places it stands at."""
    places: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for path in paths:
        lines = list(_code(path))
        for at in range(len(lines) - RUN + 1):
            run = tuple(line for _, line in lines[at : at + RUN])
            places[run].append((path.name, lines[at][0]))
    return {
        run[0]: [f"{name}:{number}" for name, number in found]
        for run, found in places.items()
        if len(found) > 1
    }


def test_nothing_stands_twice() -> None:
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    assert len(paths) > 300
    assert repeats(paths) == {}


def test_what_stands_twice_is_found(tmp_path: Path) -> None:
    body = "\n".join(f"    step_{n}()" for n in range(RUN))
    for name in ("one.py", "other.py"):
        (tmp_path / name).write_text(f"import os\n\n\ndef {name[:3]}():\n{body}\n")
    assert repeats(sorted(tmp_path.iterdir())) == {"step_0()": ["one.py:5", "other.py:5"]}
