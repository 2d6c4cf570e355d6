"""The picture of a line's history and invoices: every page of both, for its owner alone."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pages.contract.siac import HistoryEntry
from pages.siac.portal import SiacPortal
from tests.support.mock import MockPortals
from tests.support.pictures import height_of
from tests.support.seats import Seats
from tests.support.siac_samples import LIMITS, RUC, SMALL_RUC, world


def test_it_is_whole_and_its_owners_alone(
    mock: MockPortals, seats: Seats, tmp_path: Path, run: Any
) -> None:
    mock.reset(world())
    siac = seats.open(SiacPortal, mock, limits=LIMITS)
    folder = tmp_path / "expediente"
    asked: list[tuple[str, int]] = []

    def picture(linea: str, historial: Sequence[HistoryEntry]) -> Path | None:
        asked.append((linea, len(historial)))
        return None if linea == "987000002" else folder / f"linea-{len(asked)}.png"

    lines = ["987000001", "999999999", "987000299", "987000002"]
    client = run(siac.read_client(RUC, lines, picture))
    assert asked == [("987000001", 23), ("987000299", 0), ("987000002", 0)]
    assert [len(line.historial) for line in client.lineas] == [23, 0, 0]
    assert [len(line.facturas) for line in client.lineas] == [24, 0, 0]
    assert sorted(path.name for path in folder.iterdir()) == ["linea-1.png", "linea-2.png"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    many, none = (height_of(folder / f"linea-{n}.png") for n in (1, 2))
    assert many > 3 * none + 40 * 15, "three pages of each, with 47 rows in all; and one of none"
    assert none < 500, "what is blank below is left out"
    assert run(siac.read_client(SMALL_RUC, ["912345679"])).lineas
    assert len(list(folder.iterdir())) == 2
