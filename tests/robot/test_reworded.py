"""Portals that are worded otherwise from end to end: mapped by commands, and then worked in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pages.core.portal_map import Mappable
from robots.ops.portal_maps import PORTAL_NAMES, load_map
from tests.demo import write
from tests.support.machine import ROOT
from tests.support.marks import needs
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals, requests_of
from tests.support.rewording import TABLE, speaker
from tests.support.robot import ATENDIDO, Robot
from tests.unit.test_queue import OURS

#: a record of the demo's by which its pages are seen
KNOWN = {
    "sisact": ("--sec", "45012334"),
    "siac": ("--caso", "70001200", "--ruc", "20990001031", "--linea", "947882063"),
    "nintex": ("--sec", "44700100"),
    "remedy": ("--sec", "44700100"),
}
FILLED = {**OURS, "Campaña": "Empresas 2026", "Detalle": "Se ofreció S/ 39.90"}


@pytest.fixture(scope="module")
@needs("process")
def reworded() -> Iterator[MockPortals]:
    with MockPortals("--seed", "1", "--session-idle", "3600", "--wording", str(TABLE)) as portals:
        yield portals


@pytest.fixture
def robot(reworded: MockPortals, tmp_path: Path) -> Robot:
    reworded.reset()
    return Robot(reworded, tmp_path / "robot", CARGOFIJO_POLICY__PAGE_LIMIT="3")


def test_what_a_tour_ends_at_is_named_and_once_accepted_it_goes_further(robot: Robot) -> None:
    """A login that is left again, the frames that all else stands in, and what tells that a table
    is whole."""
    person = speaker(robot, "sisact", *KNOWN["sisact"])
    ends = ["LoginPage.usuario", "LoginPage.contrasena", "LoginPage.ingresar"]
    ends += ["Frames.cabecera", "Frames.menu", "Frames.trabajo", "Grids.mostrados"]
    ends += ["ConsultaPage.ver", "SecPage.window_title"]
    left = {path: person.right.pop(path) for path in ends}
    person.types_all()
    person.right |= left
    person.waits_for = (Mappable,)
    counts = person.maps()
    assert person.missed == ends
    # what is in a frame tells which it is, and the words before its figures what counts the rows
    assert counts.best == 0 and counts.first + counts.other == len(ends)
    # besides what git ignores there is the map, and nothing else
    written = {path for path in robot.folder.rglob("*") if path.is_file()}
    var = robot.folder / "var"
    assert {path for path in written if var not in path.parents} == {person.file}


def test_a_capture_that_ends_at_the_login_says_what_is_missing(robot: Robot) -> None:
    kept = robot.call("capture", "sisact", "--out", "captura")
    assert kept.code == 0 and "páginas guardadas en captura: 2." in kept.out, kept.err
    told = robot.call("map", "suggest", "sisact", "--from", "captura")
    assert told.code == 1 and "LoginPage.ingresar" in told.out and "«Entrar»" in told.out


def test_where_nothing_is_missing_the_words_that_nobody_named_are_told(robot: Robot) -> None:
    """Its operations are called otherwise, and no case could be right."""
    person = speaker(robot, "sisact", *KNOWN["sisact"])
    words = {path for path in person.right if path.startswith("words.")}
    person.right = {path: name for path, name in person.right.items() if path not in words}
    person.types_all()
    done = robot.call("map", "suggest", "sisact", "--json", *KNOWN["sisact"])
    assert done.code == 0, done.err
    assert words and {one["key"] for one in done.summary["words"]} == words
    assert all(f"{path} «" in done.err for path in words)


@pytest.mark.full
@pytest.mark.parametrize("portal", KNOWN)
def test_a_portal_is_mapped_by_commands_alone(
    portal: str, robot: Robot, record_property: Callable[[str, object], None]
) -> None:
    # the demo's cases have no template, of which a page shows what is filled in
    robot.mock.patch(siac={"cases": [{"number": "70001200", "fields": FILLED}]})
    before = robot.mock.state()
    person = speaker(robot, portal, *KNOWN[portal])
    counts = person.maps()
    record_property(portal, str(counts))
    names = load_map(PORTAL_NAMES[portal], person.file)
    by_hand = speaker(Robot(robot.mock, robot.folder / "otro"), portal)
    by_hand.types_all()
    other = load_map(PORTAL_NAMES[portal], by_hand.file)
    assert (names.elements, names.words) == (other.elements, other.words)
    after = robot.mock.state()
    assert all(after[kept] == before[kept] for kept in ("writes", "siac", "nintex", "remedy"))


@pytest.fixture
def mapped(robot: Robot) -> Robot:
    for portal in KNOWN:
        speaker(robot, portal).types_all()
    robot.settings = {**robot.settings, "CARGOFIJO_POLICY__PAGE_LIMIT": "20"}
    return robot


@pytest.mark.full
def test_a_case_of_each_system_is_filed_once(mapped: Robot, mini: MiniWorld) -> None:
    mini.configuration()
    mini.misaligned()
    mini.with_evidence(mapped.folder)
    mapped.mock.reset(mini.world)
    done = mapped.run(mini.list_at(mapped.folder / "lista.xlsx"))
    assert done.states() == dict.fromkeys("123", ATENDIDO), done.err
    filed = requests_of(mapped.mock.state())
    assert {system: len(those) for system, those in filed.items()} == dict.fromkeys(filed, 1)


@pytest.mark.full
def test_the_demo_list_ends_as_it_does_elsewhere(mapped: Robot) -> None:
    mapped.settings = {**mapped.settings, "CARGOFIJO_POLICY__APPROVALS": '["VENTAS_SIN_OFERTA"]'}
    expected = json.loads((ROOT / write.EXPECTED).read_text(encoding="utf-8"))
    done = mapped.run(ROOT / write.LIST, "--seats", "2")
    columns = {
        "estado": "Estado",
        "motivo": "Motivo",
        "escenario": "Escenario determinado",
        "sistema": "Sistema",
    }
    told = {id: {key: row[name] for key, name in columns.items()} for id, row in done.rows.items()}
    assert told == {id: {key: ends[key] for key in columns} for id, ends in expected.items()}
    attended = {str(row["Referencia"]) for row in done.rows.values() if row["Estado"] == "Atendido"}
    filed = [
        one["reference"] for those in requests_of(mapped.mock.state()).values() for one in those
    ]
    mine = [reference for reference in filed if reference]
    assert sorted(mine) == sorted(attended)
