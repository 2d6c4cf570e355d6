"""`cargofijo run` on small lists: what goes wrong in the middle, and running again after it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.machine import wait_for
from tests.support.mini_world import RUC, MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import ATENDIDO, Robot, processes_of

#: a whole run takes a quarter of a minute: `make test` has a sample, `make test-full` all of them
full = pytest.mark.full


ONE_OF_EACH = {"siac": 2, "activaciones": 1, "operador": 0, "remedy": 1, "mail": 2}


@full
@pytest.mark.parametrize("kind", ["error", pytest.param("slow", marks=full)])
def test_a_fault_at_every_portal_costs_no_case(
    kind: str, mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    """Each portal fails once where it reads and once where it writes."""
    mini.configuration()
    mini.misaligned()
    mock.reset(mini.world)
    for portal in ("sisact", "siac", "nintex", "remedy"):
        fault = {"portal": portal, "kind": kind, "ms": 1500}
        mock.fault({**fault, "after": 3})
        if portal != "sisact":
            mock.fault({**fault, "on": "write"})
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {"1": ATENDIDO, "2": ATENDIDO}
    assert mock.counts() == ONE_OF_EACH
    assert done.code == 0


@full
def test_mail_that_is_refused_for_now_is_sent_later(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.configuration()
    mock.reset(mini.world)
    mock.fault({"portal": "smtp", "kind": "error", "status": 452, "times": 1})
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {"1": ATENDIDO}
    assert mock.counts()["mail"] == 1


@full
def test_a_portal_that_is_down_is_a_technical_failure_and_costs_only_a_later_run(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.configuration()
    mini.misaligned()
    mock.reset(mini.world)
    mock.fault({"portal": "remedy", "kind": "maintenance", "times": 1000})
    path = mini.list_at(tmp_path / "lista.xlsx")
    first = robot.run(path)
    assert first.code == 1
    assert first.states() == {"1": ATENDIDO, "2": ("Falla técnica", "PORTAL_NO_DISPONIBLE")}
    assert "Remedy" in first.rows["2"]["Detalle"]
    mock.call("DELETE", "/faults")
    again = robot.run(path)
    assert again.code == 0
    assert again.states() == {"1": ATENDIDO, "2": ATENDIDO}
    assert mock.counts() == ONE_OF_EACH


@full
def test_with_its_own_record_gone_it_finds_what_was_filed(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.configuration()
    mini.misaligned()
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    first = robot.run(path)
    writes = mock.state()["writes"]
    for left in (robot.folder / "var").glob("cargofijo.sqlite*"):
        left.unlink()
    again = robot.run(path)
    assert again.states() == first.states() == {"1": ATENDIDO, "2": ATENDIDO}
    assert again.rows["1"]["N° solicitud"] == first.rows["1"]["N° solicitud"]
    assert mock.state()["writes"] == writes
    assert mock.counts() == ONE_OF_EACH


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_ends_the_cases_at_work_and_leaves_nothing_behind(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    for _ in range(2):
        mini.configuration()
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    process = robot.start("run", str(path), "--json")
    wait_for(lambda: bool(mock.state()["siac"]["cases"]))  # the first case is at work
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process of its group
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert "Deteniendo" in err
    assert '"No iniciado": 1' in out and '"Atendido": 1' in out
    sessions = mock.state()["sessions"]
    assert all(counts["logins"] == counts["logouts"] for counts in sessions.values())
    assert processes_of(robot) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_second_ctrl_c_ends_it_at_once_with_a_word_and_the_next_run_goes_on(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.configuration()
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    mock.fault({"portal": "nintex", "kind": "hang", "on": "write"})
    process = robot.start("run", str(path), "--json")
    wait_for(lambda: bool(mock.state()["siac"]["cases"]))
    os.killpg(process.pid, signal.SIGINT)
    assert process.stderr is not None
    told = iter(process.stderr.readline, "")
    assert any("Deteniendo" in line for line in told)
    os.killpg(process.pid, signal.SIGINT)
    assert any("Detenido en el acto" in line for line in told)
    assert process.wait(30) == 1
    mock.call("DELETE", "/faults")
    assert robot.run(path).states() == {"1": ATENDIDO}
    held = mock.held()
    assert len(held["siac"]) == len(held["activaciones"]) == 1


@full
def test_evidence_that_arrives_takes_the_case_on_from_where_it_stopped(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.sale()
    mock.reset(mini.world)
    path = tmp_path / "lista.xlsx"
    first = robot.run(mini.list_at(path))
    assert first.states() == {"1": ("Pendiente de evidencia", "FALTA_EVIDENCIA")}
    waiting = mock.held()
    assert sorted(mail["to"][0] for mail in waiting["mail"]) == [
        "csalas@claro.example",
        "rosa@textiles.example",
    ]
    unchanged = robot.run(path)
    assert unchanged.states() == first.states()
    assert len(mock.state()["mail"]) == 2

    (tmp_path / "oferta.eml").write_bytes(
        b"From: a@b.example\r\nSubject: Oferta\r\n\r\nS/ 39.90\r\n"
    )
    mini.rows[0] |= {
        "evidencia": "oferta.eml",
        "origen_evidencia": "CAE",
        "aprobado_por": "Carmen Salas",
    }
    done = robot.run(mini.list_at(path))
    assert done.states() == {"1": ATENDIDO}
    assert done.rows["1"]["Escenario determinado"] == "VENTAS_CON_OFERTA"
    after = mock.held()
    assert [case["number"] for case in after["siac"]] == [waiting["siac"][0]["number"]]
    (request,) = after["operador"]
    assert [a["name"] for a in request["attachments"]] == ["oferta.eml"]
    assert len(after["mail"]) == 3


@full
def test_an_equal_request_by_hand_is_found_before_anything_is_registered(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    serial = mini.configuration()
    line, sec = mini.line(serial)["number"], mini.rows[0]["sec"]
    by_hand = {"id": "77", "sec": sec, "ruc": RUC, "lines": [line], "charge": "39.90"}
    mini.world["nintex"] = {"activaciones": [{**by_hand, "created": "2026-11-10"}]}
    mock.reset(mini.world)
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {"1": ("Requiere asesor", "YA_SOLICITADO")}
    assert "77" in done.rows["1"]["Detalle"]
    assert mock.state()["writes"] == 0


@full
def test_what_the_portal_changed_since_is_a_finding(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.configuration()
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    number = robot.run(path).rows["1"]["N° solicitud"]
    mock.patch(nintex={"activaciones": [{"id": number, "charge": "49.90"}]})
    altered = robot.run(path, "--again", "1")
    assert altered.states() == {"1": ("Requiere asesor", "REGISTRO_ALTERADO")}
    assert "cargo fijo" in altered.rows["1"]["Detalle"]
    mock.patch(nintex={"activaciones": [{"id": number, "lines": ["999999999"]}]})
    conflict = robot.run(path, "--again", "1")
    assert conflict.states() == {"1": ("Requiere asesor", "REFERENCIA_EN_CONFLICTO")}


@full
def test_a_dry_run_changes_no_record_in_any_portal(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.configuration()
    mini.misaligned()
    mini.sale()
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    dry = robot.run(path, "--dry-run")
    assert {estado for estado, _ in dry.states().values()} == {"Simulado"}
    assert mock.state()["writes"] == 0 and mock.state()["mail"] == []
    pictures = list((robot.folder / "var" / "evidence").rglob("simulado-*.png"))
    assert len(pictures) >= 5
    real = robot.run(path)
    assert real.states()["1"] == real.states()["2"] == ATENDIDO


@full
def test_a_run_stops_before_it_submits_more_than_it_may(
    mock: MockPortals, tmp_path: Path, mini: MiniWorld
) -> None:
    for _ in range(3):
        mini.configuration()
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    limited = Robot(mock, tmp_path / "robot", CARGOFIJO_POLICY__MAX_WRITES="7")
    done = limited.run(path)
    assert done.code == 1
    limit = ("No iniciado", "LIMITE_DE_ESCRITURAS")
    assert done.states() == {"1": ATENDIDO, "2": limit, "3": limit}
    assert mock.state()["writes"] == 7
    again = Robot(mock, tmp_path / "robot").run(path)
    assert again.states() == {"1": ATENDIDO, "2": ATENDIDO, "3": ATENDIDO}
    assert mock.counts() == {"siac": 3, "activaciones": 3, "operador": 0, "remedy": 0, "mail": 3}
