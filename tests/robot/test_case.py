"""`cargofijo case`: one case from the command line, with and without a person beside it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import COMMAND, Done, Robot, processes_of
from tests.support.screen import has_screen, screen
from tests.support.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")

QUESTION = "¿Enviar? [s/n]: "
#: What a case of a configuration error sends, in its order.
SUBMITS = (
    "SIAC Único: registro del caso",
    "SIAC Único: toma del caso",
    "NINTEX: solicitud en BuzonActivaciones",
    "SIAC Único: cierre del caso",
    "Correo: mensaje",
)


def configuration() -> MiniWorld:
    """One sale whose charge was configured wrongly."""
    mini = MiniWorld()
    mini.configuration()
    return mini


CONFIGURATION = configuration()


@pytest.fixture
def mini(mock: MockPortals) -> MiniWorld:
    """In the portals already."""
    mini = configuration()
    mock.reset(mini.world)
    return mini


def at_terminal(robot: Robot, *arguments: str, **env: str) -> Terminal:
    robot.folder.mkdir(parents=True, exist_ok=True)
    return Terminal([*COMMAND, *arguments], cwd=robot.folder, env={**robot.environment, **env})


@dataclass
class Watched:
    """What a person saw and answered, and what came of it."""

    code: int
    shown: str
    questions: list[str]
    colours: int
    state: Any
    held: dict[str, list[dict[str, Any]]]

    @property
    def after(self) -> str:
        """What was shown after the last answer."""
        return self.shown.split(QUESTION)[-1]


@pytest.fixture(scope="module")
def watched(mock_process: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Robot]:
    """The robot of who first says no in the middle, and later yes to everything."""
    mock_process.reset(CONFIGURATION.world)
    yield Robot(mock_process, tmp_path_factory.mktemp("watched") / "robot")
    mock_process.call("DELETE", "/faults")
    mock_process.reset()


def answered(terminal: Terminal, robot: Robot, questions: list[str], colours: int = 0) -> Watched:
    code = terminal.end()
    return Watched(code, terminal.shown, questions, colours, robot.mock.state(), robot.mock.held())


@pytest.fixture(scope="module")
def refused(watched: Robot) -> Watched:
    terminal = at_terminal(watched, "case", *CONFIGURATION.case_at(1), "--confirm")
    questions = []
    for answer in ("quizás", "s", "n"):  # the first is no answer: it asks again
        questions.append(terminal.until(QUESTION))
        terminal.type(f"{answer}\n")
    return answered(terminal, watched, questions[::2])


@pytest.fixture(scope="module")
def accepted(watched: Robot, refused: Watched, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """The rest answered with yes, and NINTEX's answer to the request lost on its way. The browser
    is on a display where there can be one."""
    watched.mock.fault({"portal": "nintex", "on": "write", "kind": "lost_reply"})
    command = ["case", *CONFIGURATION.case_at(1), "--confirm"]
    questions: list[str] = []
    colours = 0
    with ExitStack() as stack:
        display, picture = "", Path(os.devnull)
        if has_screen():
            command.append("--headed")
            display, picture = stack.enter_context(screen(tmp_path_factory.mktemp("screen")))
        blank = colours_of(picture)
        terminal = at_terminal(watched, *command, DISPLAY=display)
        for _ in SUBMITS[1:]:
            questions.append(terminal.until(QUESTION))
            colours = max(colours, colours_of(picture) - blank)
            terminal.type("sí\n")
        return answered(terminal, watched, questions, colours)


def colours_of(picture: Path) -> int:
    return len(set(picture.read_bytes()[4096:]))


def test_a_no_files_nothing_more_and_says_so(refused: Watched) -> None:
    assert refused.code == 1
    assert SUBMITS[0] in refused.questions[0] and SUBMITS[1] in refused.questions[1]
    assert "No iniciado" in refused.after and "toma del caso" in refused.after
    (case,) = refused.held["siac"]
    assert case["status"] == "Registrado" and case["number"] in refused.after
    assert refused.state["writes"] == 1 and refused.state["mail"] == []


def test_with_every_yes_the_rest_is_filed_and_nothing_twice(accepted: Watched) -> None:
    assert accepted.code == 0, accepted.shown
    filed = {kind: len(records) for kind, records in accepted.held.items()}
    assert filed == {"siac": 1, "activaciones": 1, "operador": 0, "remedy": 0, "mail": 1}
    assert accepted.held["siac"][0]["status"] == "Cerrado"


def test_each_question_shows_what_would_be_sent_and_where(
    refused: Watched, accepted: Watched
) -> None:
    questions = [refused.questions[0], *accepted.questions]
    for question, submit in zip(questions, SUBMITS, strict=True):
        assert submit in question
    registration, taking, request, closing, mail = questions
    (case,), (filed,) = accepted.held["siac"], accepted.held["activaciones"]
    for text in (case["reference"], case["sec"], case["ruc"], case["lines"][0], "S/ 39.90"):
        assert text in registration and text in request
    assert "Variaciones Corporativas" in registration
    assert case["number"] in taking and case["number"] in closing
    assert filed["request_type"] in request and "descripcion.png" in request
    assert f"Solicitud {filed['id']} registrada" in closing
    assert "rosa@textiles.example" in mail and "Estimado(a)" in mail


def test_the_browser_is_seen(accepted: Watched) -> None:
    if not has_screen():
        pytest.skip("needs Xvfb")
    assert accepted.colours > 10, "the screen stayed as empty as it was"


def test_what_came_of_it_is_told(accepted: Watched) -> None:
    (case,), (filed,) = accepted.held["siac"], accepted.held["activaciones"]
    for text in ("Atendido", case["number"], filed["id"], case["reference"], "Expediente: "):
        assert text in accepted.after


@pytest.fixture
def slow_to_answer(robot: Robot, mini: MiniWorld) -> Iterator[Terminal]:
    """The case with a person whose every yes comes long after the look."""
    robot.settings["CARGOFIJO_POLICY__FRESH_LOOK"] = "0"
    yield at_terminal(robot, "case", *mini.case_at(1), "--confirm")


@pytest.mark.full
def test_a_case_that_came_during_a_long_thought_is_adopted(
    mock: MockPortals, mini: MiniWorld, slow_to_answer: Terminal
) -> None:
    question = slow_to_answer.until(QUESTION)
    (reference,) = set(re.findall(r"CF-\d+-\d+-[0-9a-f]+", question))
    other = {"number": "70005555", "reference": reference, "created": "2026-11-20"}
    mock.patch(siac={"cases": [other | mini.held_of(1)]})
    slow_to_answer.type("s\n")
    taking = slow_to_answer.until(QUESTION)
    assert SUBMITS[1] in taking and "70005555" in taking
    slow_to_answer.type("n\n")
    assert slow_to_answer.end() == 1
    assert [case["number"] for case in mock.state()["siac"]["cases"]] == ["70005555"]


@pytest.mark.full
def test_a_request_filed_by_hand_during_a_long_thought_is_found(
    mock: MockPortals, mini: MiniWorld, slow_to_answer: Terminal
) -> None:
    for submit in SUBMITS[:3]:
        assert submit in slow_to_answer.until(QUESTION)
        if submit is SUBMITS[2]:
            filed = {"id": "555", "created": "2026-11-20", "status": "Pendiente", "charge": "39.90"}
            mock.patch(nintex={"activaciones": [filed | mini.held_of(1)]})
        slow_to_answer.type("s\n")
    slow_to_answer.end()
    after = slow_to_answer.shown.split(QUESTION)[-1]
    assert "Requiere asesor" in after and "555" in after
    state = mock.state()
    assert [request["id"] for request in state["nintex"]["activaciones"]] == ["555"]
    assert state["mail"] == []


@pytest.mark.full
def test_ctrl_c_at_the_question_is_a_no(mock: MockPortals, robot: Robot, mini: MiniWorld) -> None:
    terminal = at_terminal(robot, "case", *mini.case_at(1), "--confirm")
    terminal.until(QUESTION)
    terminal.type("\x03")
    assert terminal.end() == 1
    assert "Deteniendo" in terminal.shown and "Traceback" not in terminal.shown
    assert "No iniciado" in terminal.shown
    assert mock.state()["writes"] == 0
    assert all(s["logins"] == s["logouts"] for s in mock.state()["sessions"].values())
    assert processes_of(robot) == []


@pytest.fixture(scope="module")
def simulated(
    mock_process: MockPortals, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Done, dict[str, Any], Path]]:
    mock_process.reset(CONFIGURATION.world)
    robot = Robot(mock_process, tmp_path_factory.mktemp("simulated") / "robot")
    done = robot.call("case", *CONFIGURATION.case_at(1), "--dry-run", "--json")
    yield done, mock_process.state(), robot.folder
    mock_process.reset()


def test_a_dry_run_sends_nothing_and_keeps_a_picture_of_each_form(
    simulated: tuple[Done, dict[str, Any], Path],
) -> None:
    done, state, folder = simulated
    assert done.code == 0
    assert done.states() == {"1": ("Simulado", None)}
    assert state["writes"] == 0 and state["mail"] == []
    pictures = {path.name for path in (folder / "var" / "evidence").rglob("simulado-*.png")}
    assert "simulado-siac-único-registro-del-caso.png" in pictures
    assert "simulado-nintex-solicitud-en-buzonactivaciones.png" in pictures


def test_a_case_has_a_run_and_a_report_like_a_list(
    simulated: tuple[Done, dict[str, Any], Path],
) -> None:
    done, _, _ = simulated
    assert done.summary["cases"] == 1 and done.summary["exit"] == 0
    assert done.summary["by_status"] == {"Simulado": 1}
    row = done.rows["1"]
    assert row["N° SEC"] == "46000001" and row["Referencia"].startswith("CF-46000001-20261118-")
    assert "Simulado" in done.err


def test_a_case_that_has_ended_says_so_and_how_it_is_decided_anew(
    mock: MockPortals, robot: Robot
) -> None:
    mini = MiniWorld()
    mini.sale(contacto_dni="00000001")
    mock.reset(mini.world)
    command = ("case", *mini.case_at(1), "--dry-run")
    told = "Este caso ya terminó el "
    for options, is_told in (((), False), ((), True), (("--again",), False)):
        done = robot.call(*command, *options)
        assert "TITULARIDAD_NO_VALIDADA" in done.out
        assert (told in done.err) is is_told
        assert ("Con --again se decide de nuevo." in done.err) is is_told


def test_every_error_at_once_by_its_option(robot: Robot, tmp_path: Path) -> None:
    (tmp_path / "oferta.pdf").write_text("no es un PDF")
    done = robot.call(
        *("case", "--ruc", "20100017492", "--linea", "987654321", "--linea", "98765432"),
        *("--fecha", "31/02/2026", "--canal", "Fax", "--cargo", "cero", "--contacto", "Rosa"),
        *("--dni", "1234567", "--correo", "rosa", "--evidencia", str(tmp_path / "oferta.pdf")),
        *("--escenario", "VENTAS"),
    )
    assert done.code == 2
    lines = done.err.strip().splitlines()
    assert [line.split(":")[0] for line in lines] == [
        *("--fecha", "--canal", "--sec", "--ruc", "--linea", "--cargo", "--dni", "--correo"),
        *("--evidencia", "--origen", "--escenario"),
    ]
    assert "«Fax»" in lines[1] and "135 o Correo" in lines[1]
    assert not (robot.folder / "var").exists()


def test_lines_and_files_may_be_given_together_or_one_by_one(robot: Robot, mini: MiniWorld) -> None:
    """The lines make the reference, so the same lines make the same case."""
    robot.settings["CARGOFIJO_PORTALS__SISACT__URL"] = ""
    first = mini.rows[0]
    del first["lineas"]
    for lines in (["--linea", "987000001,987000002"], ["--linea", "987000001", "--linea", "x"]):
        done = robot.call("case", *mini.case_at(1), *lines)
        assert ("--linea" in done.err) == ("x" in lines)


def test_confirm_without_a_terminal_is_refused(
    mock: MockPortals, robot: Robot, mini: MiniWorld
) -> None:
    done = robot.call("case", *mini.case_at(1), "--confirm")
    assert done.code == 2
    (line,) = done.err.strip().splitlines()
    assert "--confirm" in line
    assert not (robot.folder / "var").exists() and mock.state()["requests"] == []


@pytest.mark.skipif(sys.platform != "linux", reason="displays of X")
def test_headed_without_a_display_is_refused(robot: Robot, mini: MiniWorld) -> None:
    robot.settings |= {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
    done = robot.call("case", *mini.case_at(1), "--headed")
    assert done.code == 3
    (line,) = done.err.strip().splitlines()
    assert "--headed" in line


def test_another_process_works(mock: MockPortals, robot: Robot, mini: MiniWorld) -> None:
    (robot.folder / "var").mkdir(parents=True)
    with FileLock(robot.folder / "var" / "cargofijo.lock"):
        done = robot.call("case", *mini.case_at(1))
    assert done.code == 4
    assert len(done.err.strip().splitlines()) == 1
    assert mock.state()["requests"] == []
