"""`cargofijo follow` from the front door: the mock portals' second month, a report, and a filing.

Bills come by ``PATCH /world``. The cases are attended today, so what makes them due is a
regularisation that customer care entered for an earlier month; the calendar is in
`tests/unit/test_follow.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import ATENDIDO, Done, Robot

#: rows of the list
RIGHT, SPLIT, LATE, BELOW, UNTOUCHED, PARTLY = map(str, range(1, 7))


@dataclass
class Night:
    mock: MockPortals
    mini: MiniWorld
    robot: Robot
    filed: Done

    def bill(self, row: str, *charges: str, line: int = 0, month: str = "2026-11") -> None:
        self.mock.bills(self.numbers(row)[line], *charges, month=month)

    def numbers(self, row: str) -> list[str]:
        return str(self.mini.rows[int(row) - 1]["lineas"]).split(", ")

    def follow(self, *arguments: str, **settings: str) -> Done:
        robot = Robot(self.mock, self.robot.folder, **{**self.robot.settings, **settings})
        return robot.call("follow", "--json", *arguments)

    def sheet(self, done: Done) -> dict[str, dict[str, Any]]:
        """Sheet *Seguimiento* by the list's ID."""
        sheet: Any = load_workbook(done.summary["report"])["Seguimiento"]
        headers, *rows = sheet.iter_rows(values_only=True)
        ids = {str(row["Referencia"]): id for id, row in self.filed.rows.items()}
        found: list[dict[str, Any]] = [dict(zip(headers, row, strict=True)) for row in rows]
        return {ids.get(row["Referencia"], str(row["Referencia"])): row for row in found}


@pytest.fixture
def night(mock: MockPortals, tmp_path: Path) -> Iterator[Night]:
    """Six cases, the last one of two lines, all attended."""
    mini = MiniWorld()
    for _ in range(7):
        mini.configuration()
    sixth, seventh = mini.world["secs"][5:]
    sixth["lines"] += seventh["lines"]
    del mini.rows[6]
    mini.rows[5]["lineas"] = ", ".join(sixth["lines"])
    mock.reset(mini.world)
    robot = Robot(mock, tmp_path / "robot", CARGOFIJO_SEATS="2")
    filed = robot.run(mini.list_at(tmp_path / "noviembre.xlsx"))
    assert set(filed.states().values()) == {ATENDIDO}, filed.err
    yield Night(mock, mini, robot, filed)


def test_a_second_month(night: Night) -> None:
    mock = night.mock
    # nothing is due in the month in which it was requested
    done = night.follow()
    assert (done.code, done.summary["cases"], done.summary["by_result"]) == (0, 0, {})
    asked = mock.requests("siac")
    done = night.follow()
    assert mock.requests("siac") == asked  # and nobody is asked for what is known

    night.bill(RIGHT, "39.90")
    night.bill(SPLIT, "20.00", "19.90")
    night.bill(LATE)
    night.bill(BELOW, "29.90")
    night.bill(PARTLY, "39.90", line=0)
    night.bill(PARTLY, "59.90", line=1)
    _forget_looks(night)
    before = mock.state()
    done = night.follow()
    after = mock.state()
    assert done.code == 0, done.err
    assert done.summary["by_result"] == {"Confirmado": 2, "Sin factura aún": 1, "Desalineado": 2}
    told = {name: done.summary[name] for name in ("cases", "promised", "requested", "confirmed")}
    assert told == {
        "cases": 5, "promised": "120.00", "requested": "120.00", "confirmed": "60.00",
    }  # fmt: skip
    assert done.summary["owed"] == "60.00"
    # it writes nothing anywhere
    assert after["writes"] == before["writes"]
    assert len(after["mail"]) == len(before["mail"])

    sheet = night.sheet(done)
    assert UNTOUCHED not in sheet  # nobody knows of a bill that may be there
    row = sheet[BELOW]
    assert (row["Resultado"], row["Factura"]) == ("Desalineado", "11/2026")
    assert (row["Cargo facturado"], row["Cargo ofrecido"]) == (29.9, 39.9)
    assert row["RUC"] == night.mini.rows[3]["ruc"]
    assert row["Líneas"] == night.mini.rows[3]["lineas"]
    assert row["N° solicitud"] == night.filed.rows[BELOW]["N° solicitud"]
    assert (row["Escenario"], row["Días"]) == ("ACTIVACIONES_CONFIGURACION", 0)
    assert sheet[SPLIT]["Cargo facturado"] == 39.9
    assert "S/ 20.00" in sheet[SPLIT]["Detalle"]
    assert sheet[PARTLY]["Resultado"] == "Desalineado"
    assert "se facturó 11/2026, S/ 59.90" in sheet[PARTLY]["Detalle"]


@pytest.mark.full
def test_what_is_misaligned_is_filed_once(night: Night) -> None:
    night.bill(RIGHT, "39.90")
    night.bill(BELOW, "29.90")
    night.bill(PARTLY, "39.90", line=0)
    night.bill(PARTLY, "59.90", line=1)
    settings = {"CARGOFIJO_POLICY__FOLLOW_UP": "file"}
    done = night.follow(CARGOFIJO_SMTP__OPERATOR="operador@cargofijo.example", **settings)
    assert done.code == 0, done.err
    state = night.mock.state()
    found = {i["lines"][0]: i for i in state["remedy"]["incidents"]}
    wrong = [night.numbers(BELOW)[0], night.numbers(PARTLY)[1]]
    assert sorted(found) == sorted(wrong)
    assert all(len(i["lines"]) == 1 and i["charge"] == "39.90" for i in found.values())
    assert all("-20261101-" in i["reference"] for i in found.values())
    cases = [c for c in state["siac"]["cases"] if c["reference"].split("-")[2] == "20261101"]
    assert [c["status"] for c in cases] == ["Cerrado"] * 2
    assert {c["number"] for c in cases} == {i["siac_case"] for i in found.values()}
    detail = night.sheet(done)[BELOW]["Detalle"]
    assert f"incidencia {found[wrong[0]]['number']}: Atendido." in detail
    told = [mail for mail in state["mail"] if mail["subject"].startswith("Seguimiento")]
    assert [mail["to"] for mail in told] == [["operador@cargofijo.example"]]
    assert "prometido S/ 80.00" in told[0]["text"]
    assert "confirmado en una factura S/ 40.00" in told[0]["text"]
    assert night.mini.rows[0]["contacto"] not in told[0]["text"]

    # again, and with a later wrong month: found, and not filed again
    night.bill(BELOW, "29.90", month="2026-12")
    again = night.follow(**settings)
    assert again.code == 0, again.err
    assert len(night.mock.state()["remedy"]["incidents"]) == 2
    assert night.sheet(again)[BELOW]["Factura"] == "12/2026"
    assert night.mock.state()["writes"] == state["writes"]


@pytest.mark.full
def test_a_portal_that_is_down(night: Night) -> None:
    night.bill(RIGHT, "39.90")
    night.mock.fault({"portal": "siac", "kind": "error", "status": 503, "times": 999})
    done = night.follow()
    assert done.code == 3
    assert "SIAC Único" in done.err
    night.mock.call("DELETE", "/faults")
    # down once it was entered: told, and read the next time
    night.mock.fault(
        {"portal": "siac", "kind": "error", "status": 500, "path": "Cliente", "times": 999}
    )
    done = night.follow()
    assert (done.code, done.summary["by_result"]) == (1, {"No se pudo leer": 6})
    assert done.summary["confirmed"] == "0.00"
    night.mock.call("DELETE", "/faults")
    done = night.follow()
    assert (done.code, done.summary["by_result"]) == (0, {"Confirmado": 1})


def _forget_looks(night: Night) -> None:
    """As on the first day of the next month, when what was seen before counts no more."""
    from flows.store import tables
    from flows.store.database import change, connect

    engine = connect(f"sqlite:///{night.robot.folder / 'var' / 'cargofijo.sqlite'}")
    change(engine, tables.follow_ups.delete())
    engine.dispose()
