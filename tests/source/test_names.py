"""One meaning a name: no module and no class stands in two rooms under one name.

What each portal has (its login, its page of a case, its words) may be called the same in each of
the four, where the room says whose it is and a map says it by portal. The mock portals are the
portals' own side, never imported beside the product, and are looked at by themselves.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.machine import ROOT

SIDES = {"product": ("robots", "flows", "pages", "inputs"), "mocks": ("mock_portals",)}
PORTALS = {"sisact", "siac", "nintex", "remedy"}


def _modules(side: str) -> Iterator[Path]:
    for floor in SIDES[side]:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if not path.stem.startswith("__"):
                yield path.relative_to(ROOT)


def _classes(side: str) -> Iterator[tuple[str, Path]]:
    for path in _modules(side):
        for node in ast.parse((ROOT / path).read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, path


def _twice(named: Iterator[tuple[str, Path]]) -> dict[str, list[str]]:
    places: dict[str, list[Path]] = defaultdict(list)
    for name, path in named:
        places[name].append(path)
    return {
        name: [str(path) for path in found]
        for name, found in places.items()
        if len(found) > 1 and not _one_in_each_portal(found)
    }


def _one_in_each_portal(found: list[Path]) -> bool:
    rooms = [path.parts[1] for path in found]
    return set(rooms) <= PORTALS and len(set(rooms)) == len(rooms)


@pytest.mark.parametrize("side", SIDES)
def test_no_module_is_called_as_another(side: str) -> None:
    assert _twice((path.stem, path) for path in _modules(side)) == {}


@pytest.mark.parametrize("side", SIDES)
def test_no_class_is_called_as_another(side: str) -> None:
    assert _twice(_classes(side)) == {}
