"""docs/architecture.md names every room, and its picture has the arrows that the imports make."""

from __future__ import annotations

import re
from itertools import pairwise

import grimp
import pytest

from tests.support.machine import ROOT

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
(PICTURE,) = re.findall(r"```mermaid\n(.+?)```", TEXT, re.DOTALL)
HOUSE = ("robots", "inputs", "flows", "pages", "mock_portals")
FLOORS = ("robots", "flows", "pages")

Arrow = tuple[str, str]


def rooms_of(floor: str) -> list[str]:
    return sorted(path.parent.name for path in (ROOT / floor).glob("*/__init__.py"))


def test_every_room_is_in_the_table_and_no_other() -> None:
    table = TEXT.split("\n| room |", 1)[1].split("\n\n", 1)[0]
    named = {
        name for row in table.splitlines()[2:] for name in re.findall("`(.+?)`", row.split("|")[1])
    }
    floors = (*FLOORS, "mock_portals")
    assert named == {f"{floor}/{room}" for floor in floors for room in rooms_of(floor)} | {"inputs"}


@pytest.mark.parametrize("floor", FLOORS)
def test_files_beside_the_rooms_are_named(floor: str) -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / floor).glob("*.py")}
    assert files - {f"{floor}/__init__.py"} <= set(re.findall("`(.+?)`", TEXT))


@pytest.mark.parametrize("floor", FLOORS)
def test_every_room_is_in_the_picture(floor: str) -> None:
    assert {floor, *rooms_of(floor)} <= set(re.findall(r"\w+", PICTURE))


def drawn() -> set[Arrow]:
    """The picture's solid arrows; those in a chain one by one."""
    found: set[Arrow] = set()
    for line in PICTURE.splitlines():
        names = re.split(r" --(?: \".*?\" --)?> ", line.strip())
        found |= set(pairwise(names))
    return found


def room_of(module: str) -> str:
    """As the picture calls it."""
    floor, _, rest = module.partition(".")
    room = rest.partition(".")[0]
    if floor == "flows":
        return room
    if floor == "pages":
        return room if room in ("core", "contract") else "portals"
    return floor


def imports() -> set[Arrow]:
    graph = grimp.build_graph(*HOUSE, cache_dir=None)
    arrows = {
        (room_of(module), room_of(imported))
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
    }
    return {arrow for arrow in arrows if arrow[0] != arrow[1]}


def within(arrows: set[Arrow]) -> set[Arrow]:
    """Also those that come of following several."""
    while more := {(a, d) for a, b in arrows for c, d in arrows if b == c} - arrows:
        arrows = arrows | more
    return arrows


def test_no_import_goes_where_no_arrow_leads() -> None:
    assert imports() - within(drawn()) == set()


def test_no_arrow_is_drawn_that_no_import_makes() -> None:
    assert drawn() - imports() == set()


def test_every_kind_of_test_has_its_place() -> None:
    folders = {f"tests/{path.parent.name}" for path in (ROOT / "tests").glob("*/test_*.py")}
    table = TEXT.split("\n| what is tested |", 1)[1]
    assert folders <= set(re.findall(r"\| `(tests/\w+)` \|", table))
