"""What a process has seen of a case a moment ago is not asked for again; anything older is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.rules.case import Estado
from flows.runtime.fresh_looks import FreshLook
from inputs.reader import read_list
from pages.contract.ports import NINTEX, REMEDY, SIAC, Sending
from tests.demo import write
from tests.support.fake_portals import FakePortals
from tests.support.machine import ROOT
from tests.support.procedure import TODAY, Robot, finish, hurried, quick_ledger

WORLD = json.loads((ROOT / write.WORLD).read_text(encoding="utf-8"))
CASES = {
    row.case.id: row.case for row in read_list(ROOT / write.LIST, today=TODAY).rows if row.case
}


def test_it_is_good_once_and_for_its_time() -> None:
    look: FreshLook[str] = FreshLook(60)
    assert look.take() is None
    look.saw("caso")
    assert look.take() == "caso"
    assert look.take() is None
    old: FreshLook[str] = FreshLook(-1)
    old.saw("caso")
    assert old.take() is None


@pytest.mark.parametrize(("label", "system"), [("VC-001", NINTEX), ("VC-002", REMEDY)])
def test_a_case_searches_its_request_once_before_it_is_filed(
    tmp_path: Path, label: str, system: str
) -> None:
    asked: dict[float, dict[str, int]] = {}
    for lasts in (0.0, 60.0):
        portals: Any = FakePortals(WORLD)
        folder = tmp_path / str(lasts)
        robot = Robot(portals, quick_ledger(folder), folder, hurried(fresh_look=lasts))
        assert finish(robot.attempt(CASES[label])).estado is Estado.ATENDIDO
        asked[lasts] = dict(portals.asked)
    assert asked[0.0][system] - asked[60.0][system] == 1
    assert asked[0.0][SIAC] - asked[60.0][SIAC] == 1, "read as it was closed"


def test_where_a_person_confirms_it_is_searched_for_once_more(tmp_path: Path) -> None:
    """The minute is the person's, who is asked once the form has been filled."""

    async def yes(sending: Sending) -> bool:
        return True

    asked = []
    for confirm in (None, yes):
        portals: Any = FakePortals(WORLD)
        folder = tmp_path / str(bool(confirm))
        robot = Robot(portals, quick_ledger(folder), folder, confirm=confirm)
        assert finish(robot.attempt(CASES["VC-001"])).estado is Estado.ATENDIDO
        asked.append(portals.asked[NINTEX])
    assert asked[1] - asked[0] == 1
