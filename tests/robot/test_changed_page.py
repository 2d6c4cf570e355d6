"""A night in which a page changes: who waits, what the operator is told, and that all go on in the
same run once the map says what it is called, with nothing done twice."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine import wait_for
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals, requests_of
from tests.support.robot import ATENDIDO, Done, Robot, done_with

BOSS = "jefa@claro.example"
CHANGED = ("Falla técnica", "PAGINA_CAMBIADA")
#: what is typed into, what is only read, a table's column, a title
TYPED = {"portal": "siac", "before": "Cargo fijo ofrecido", "now": "Cargo ofrecido"}
READ = {"portal": "sisact", "before": "Campaña", "now": "Campaña comercial"}
COLUMN = {"portal": "siac", "before": "N° caso", "now": "Nro. caso"}
SEARCHED = {"portal": "nintex", "before": "Buscar un elemento", "now": "Buscar en la lista"}


@dataclass
class Night:
    """A run with one seat that has begun, over so many cases."""

    mock: MockPortals
    folder: Path
    cases: int
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        mini = MiniWorld()
        for _ in range(self.cases):
            mini.configuration()
        self.mock.reset(mini.world)
        policy = {"PAGE_LIMIT": "3", "MAP_PATIENCE": "3600", **self.settings}
        named = {f"CARGOFIJO_POLICY__{name}": value for name, value in policy.items()}
        self.robot = Robot(self.mock, self.folder, CARGOFIJO_SMTP__OPERATOR=BOSS, **named)
        self.list = mini.list_at(self.folder / "lista.xlsx")

    @contextmanager
    def begun(self) -> Iterator[Callable[[], Done]]:
        """The run while it lasts; gives what waits for its end."""
        process = self.robot.start("run", str(self.list), "--json")

        def ended() -> Done:
            out, err = process.communicate(timeout=1200)
            return done_with(process.returncode, out, err)

        try:
            yield ended
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=120)

    def closed(self) -> int:
        return sum(case["status"] == "Cerrado" for case in self.mock.state()["siac"]["cases"])

    def told(self) -> list[str]:
        """What the operator was written about changes."""
        mail = self.mock.state()["mail"]
        return [one["text"] for one in mail if one["to"] == [BOSS] and "cambió" in one["subject"]]


def command_in(text: str) -> list[str]:
    """The one command of the e-mail, without the program's name."""
    (line,) = re.findall(r"^ +cargofijo (map accept .*)$", text, re.MULTILINE)
    return shlex.split(line)


def filed(mock: MockPortals) -> list[Any]:
    return [one["reference"] for those in requests_of(mock.state()).values() for one in those]


@pytest.mark.parametrize(
    ("cases", "well", "change", "yeses", "limit"),
    [
        pytest.param(3, 1, TYPED, 1, "3", id="typed"),
        pytest.param(3, 1, READ, 1, "3", id="read", marks=pytest.mark.full),
        pytest.param(3, 1, COLUMN, 2, "3", id="column", marks=pytest.mark.full),
        pytest.param(3, 0, SEARCHED, 1, "3", id="searched", marks=pytest.mark.full),
        pytest.param(20, 9, TYPED, 1, "20", id="twenty", marks=pytest.mark.full),
    ],
)
def test_all_are_filed_once_in_the_same_run_after_a_yes(
    mock: MockPortals,
    tmp_path: Path,
    cases: int,
    well: int,
    change: dict[str, str],
    yeses: int,
    limit: str,
    record_property: Callable[[str, object], None],
) -> None:
    """``yeses``: on so many pages it stands. How long it took until the operator was written to is
    in the results, as ``--junitxml`` has them."""
    night = Night(mock, tmp_path, cases, {"PAGE_LIMIT": limit})
    with night.begun() as ended:
        wait_for(lambda: night.closed() == well, 600)
        mock.reword(change)
        changed = time.monotonic()
        for given in range(yeses):
            wait_for(lambda given=given: len(night.told()) > given, 180)
            record_property(f"told after {given + 1}", round(time.monotonic() - changed, 1))
            text = night.told()[given]
            assert f"«{change['before']}»" in text and "La imagen es la página" in text
            *accepting, portal, key, _ = command_in(text)
            assert portal == change["portal"] and f" «{change['now']}»: " in text
            assert night.robot.call(*accepting, portal, key, change["now"]).code == 0
        done = ended()
    assert set(done.states().values()) == {ATENDIDO}, done.err
    assert {row["Intentos"] for row in done.rows.values()} == {1}
    assert len(night.told()) == yeses
    cases_of = [case["reference"] for case in mock.state()["siac"]["cases"]]
    references = sorted(str(row["Referencia"]) for row in done.rows.values())
    assert sorted(filed(mock)) == sorted(cases_of) == references and len(references) == cases


@pytest.mark.full
def test_without_a_yes_they_end_at_the_end_of_patience(mock: MockPortals, tmp_path: Path) -> None:
    night = Night(mock, tmp_path, 2, {"MAP_PATIENCE": "3"})
    mock.reword(TYPED)
    with night.begun() as ended:
        done = ended()
    assert set(done.states().values()) == {CHANGED}, done.err
    assert len(night.told()) == 1
    assert "«Cargo fijo ofrecido»" in done.rows["2"]["Detalle"]
    assert filed(mock) == [] and mock.state()["siac"]["cases"] == []


@pytest.mark.full
def test_an_odd_page_of_one_case_ends_that_case_alone(mock: MockPortals, tmp_path: Path) -> None:
    night = Night(mock, tmp_path, 3)
    mock.reword({**READ, "on": "46000001"})
    with night.begun() as ended:
        done = ended()
    assert done.states() == {"1": CHANGED, "2": ATENDIDO, "3": ATENDIDO}, done.err
    assert len(filed(mock)) == 2
