"""`cargofijo run` while portals fail and people use the robot's user: how the case ends, what its
folder holds, and that nothing is left open."""

from __future__ import annotations

import http.cookiejar
import os
import signal
import stat
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine import wait_for
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import ATENDIDO, Robot, processes_of

pytestmark = pytest.mark.full
BUSY = ("Falla técnica", "SESION_OCUPADA")


def robot_with(mock: MockPortals, folder: Path, **policy: str) -> Robot:
    settings = {f"CARGOFIJO_POLICY__{name.upper()}": value for name, value in policy.items()}
    return Robot(mock, folder / "robot", **settings)


def files(robot: Robot) -> dict[str, Path]:
    """All that the case's folder holds, by its path in there."""
    (folder,) = (robot.folder / "var" / "evidence").iterdir()
    return {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}


def sessions(mock: MockPortals) -> dict[str, Any]:
    found: dict[str, Any] = mock.state()["sessions"]
    return found


def left(mock: MockPortals) -> dict[str, int]:
    """Sessions that were opened and not left."""
    return {portal: s["logins"] - s["logouts"] for portal, s in sessions(mock).items()}


NONE_LEFT = {"sisact": 0, "siac": 0, "nintex": 0, "remedy": 0}


def test_a_failure_leaves_what_is_needed_to_understand_it_and_success_takes_it_away(
    mock: MockPortals, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.configuration()
    mock.reset(mini.world)
    robot, path = robot_with(mock, tmp_path), mini.list_at(tmp_path / "lista.xlsx")
    mock.fault({"portal": "nintex", "kind": "error", "path": "NewForm", "times": 1000})
    failed = robot.run(path)
    assert failed.states() == {"1": ("Falla técnica", "PORTAL_NO_DISPONIBLE")}
    detail = str(failed.rows["1"]["Detalle"])
    assert detail.startswith("NINTEX, ") and "NewForm.aspx): respondió" in detail
    kept = files(robot)
    step = {Path(name).name for name in kept if name.startswith("falla/file_request/")}
    assert {"ventana-1.png", "ventana-1.html", "traza.zip"} <= step
    history = kept["falla/linea-de-tiempo.txt"].read_text(encoding="utf-8")
    assert history.count("    falla: NINTEX, ") == 3
    assert "Registro de la solicitud" in history and "PORTAL_NO_DISPONIBLE" in history
    for file in kept.values():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert left(mock) == NONE_LEFT and processes_of(robot) == []

    mock.call("DELETE", "/faults")
    assert robot.run(path).states() == {"1": ATENDIDO}
    assert set(files(robot)) == {"descripcion.png"}


def test_a_hang_costs_a_step_no_more_than_its_limit(
    mock: MockPortals, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.configuration()
    mock.reset(mini.world)
    robot = robot_with(mock, tmp_path, page_limit="30", step_limit="5")
    mock.fault({"portal": "siac", "kind": "hang", "path": "DetalleLinea", "times": 1000})
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {"1": ("Falla técnica", "TIEMPO_AGOTADO")}
    assert "en 5 segundos. Lo último fue SIAC Único, " in done.rows["1"]["Detalle"]
    assert {"falla/consult_client/ventana-1.png", "falla/linea-de-tiempo.txt"} <= set(files(robot))
    assert left(mock) == NONE_LEFT, "its window was closed at once, its session left at the end"
    assert processes_of(robot) == []


@pytest.mark.parametrize("portal", ["sisact", "siac", "remedy"])
def test_a_session_that_is_taken_once_is_opened_again_after_the_wait(
    mock: MockPortals, mini: MiniWorld, tmp_path: Path, portal: str
) -> None:
    mini.misaligned()
    mock.reset(mini.world)
    robot = robot_with(mock, tmp_path, breaker_pauses="[1]", portal_patience="300")
    mock.fault({"portal": portal, "kind": "session_taken", "after": 6})
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {"1": ATENDIDO}
    assert sessions(mock)[portal]["logins"] == 2
    assert left(mock) == {**NONE_LEFT, portal: 1}, "all but the one that was taken"


@pytest.mark.parametrize("portal", ["sisact", "siac"])
def test_a_session_that_is_taken_is_not_fought_over(
    mock: MockPortals, mini: MiniWorld, tmp_path: Path, portal: str
) -> None:
    mini.configuration()
    mini.configuration()
    mock.reset(mini.world)
    robot = robot_with(mock, tmp_path, breaker_pauses="[300]", portal_patience="0")
    mock.fault({"portal": portal, "kind": "session_taken", "after": 6, "times": 1000})
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {"1": BUSY, "2": BUSY}
    assert "la sesión fue tomada" in done.rows["1"]["Detalle"]
    assert sessions(mock)[portal]["logins"] == 1, "nor does another case log in again"


class Person:
    """Somebody who works in Remedy with the robot's user, in a browser of their own."""

    def __init__(self, mock: MockPortals) -> None:
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.url, self.opener = mock.url("remedy"), urllib.request.build_opener(cookies)
        form = urllib.parse.urlencode({"username": "robot", "pwd": "robot"}).encode()
        self.get("/arsys/servlet/LoginServlet", form)

    def get(self, path: str, form: bytes | None = None) -> str:
        with self.opener.open(self.url + path, form, timeout=30) as reply:
            text: str = reply.read().decode()
        return text

    def is_in(self) -> bool:
        return "Cerrar sesión" in self.get("/arsys/home")


def test_a_person_in_remedy_is_waited_for_as_set_and_left_alone(
    mock: MockPortals, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.misaligned()
    mock.reset(mini.world)
    person = Person(mock)
    robot = robot_with(mock, tmp_path, breaker_pauses="[1]", portal_patience="3")
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {"1": BUSY}
    assert "está conectado desde el" in done.rows["1"]["Detalle"]
    assert person.is_in()
    assert mock.state()["remedy"]["incidents"] == []


def test_a_person_who_leaves_within_the_wait_costs_no_case(
    mock: MockPortals, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.misaligned()
    mock.reset(mini.world)
    person = Person(mock)
    robot = robot_with(mock, tmp_path, breaker_pauses="[1]", portal_patience="300")
    process = robot.start("run", str(mini.list_at(tmp_path / "lista.xlsx")), "--json")
    login = "/arsys/servlet/LoginServlet"
    wait_for(lambda: any(r["path"] == login and r["count"] > 1 for r in mock.state()["requests"]))
    person.get("/arsys/servlet/LogoutServlet")
    out, err = process.communicate(timeout=300)
    assert '"Atendido": 1' in out, err
    assert left(mock) == NONE_LEFT


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("fails", [False, True], ids=["well", "failing"])
def test_sigterm_leaves_every_portal_and_no_browser(
    mock: MockPortals, mini: MiniWorld, tmp_path: Path, fails: bool
) -> None:
    mini.configuration()
    mini.configuration()
    mock.reset(mini.world)
    if fails:
        mock.fault({"portal": "siac", "kind": "error", "path": "ConsultaCliente", "times": 1000})
    robot = robot_with(mock, tmp_path)
    process = robot.start("run", str(mini.list_at(tmp_path / "lista.xlsx")), "--json")
    begun = "/siac/ConsultaCliente.aspx"  # the check before a run goes no further than the login
    wait_for(lambda: any(r["path"] == begun for r in mock.state()["requests"]))
    os.kill(process.pid, signal.SIGTERM)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 1, err
    assert '"No iniciado": 1' in out
    assert left(mock) == NONE_LEFT
    assert processes_of(robot) == []


def tampered(mock: MockPortals, portal: str) -> None:
    """What the portals hold of the robot's, changed by somebody in a field of each form."""
    state = mock.state()
    if portal == "siac":
        record = {"number": state["siac"]["cases"][-1]["number"], "resolution": "Otra cosa"}
        mock.patch(siac={"cases": [record]})
    elif portal == "remedy":
        number = state["remedy"]["incidents"][-1]["number"]
        mock.patch(remedy={"incidents": [{"number": number, "siac_case": "1"}]})
    else:
        for library in ("activaciones", "operador"):
            for record in state["nintex"][library]:
                mock.patch(nintex={library: [{"id": record["id"], "scenario": "POSTVENTA"}]})


@pytest.mark.parametrize("portal", ["siac", "activaciones", "operador", "remedy"])
def test_a_record_that_was_changed_is_a_finding(
    mock: MockPortals, mini: MiniWorld, tmp_path: Path, portal: str
) -> None:
    if portal == "remedy":
        mini.misaligned()
    elif portal == "operador":
        mini.with_evidence(tmp_path)
    else:
        mini.configuration()
    mock.reset(mini.world)
    robot, path = robot_with(mock, tmp_path), mini.list_at(tmp_path / "lista.xlsx")
    assert robot.run(path).states() == {"1": ATENDIDO}
    tampered(mock, portal)
    writes = mock.state()["writes"]
    done = robot.run(path, "--again", "1")
    assert done.states() == {"1": ("Requiere asesor", "REGISTRO_ALTERADO")}
    named = {"siac": "resolución", "remedy": "caso SIAC"}.get(portal, "escenario")
    assert named in done.rows["1"]["Detalle"]
    assert mock.state()["writes"] == writes
