"""Every command that the documents show is run on the mock portals, or at least understood.

Commands for a shell (```sh) are run in the order in which they stand, each one once. Those for
Windows and for schedulers are parsed: each `cargofijo` order and option in them must exist.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.main import get_command

from flows.store.approvals import Approvals
from flows.store.database import connect
from flows.store.ledger import Ledger
from inputs.reader import ListError
from robots.cli.app import app
from tests.docs.reading import DOCUMENTS, Line, blocks, lines, spoken, understood
from tests.support.console import Console
from tests.support.lists import PLACE, read
from tests.support.machine import ROOT, free_port_base
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot
from tests.support.tls import authority

SHELL = lines("sh")
ELSEWHERE = lines("powershell", "bat", "cron")

#: A port of the documents, for which a free one is taken. Of the other words that stand for
#: something, RUN is the newest run, and CASE a case that waits for a supervisor.
PORT = "18000"

#: Programs of Windows and of schedulers that stand beside ours.
OF_THE_SYSTEM = ("@echo", "cd", "exit", "py", "schtasks", "set", r".venv\Scripts\python")


class Reader:
    """Somebody who types what the documents say, on a machine with the mock portals."""

    def __init__(self, mock: MockPortals, folder: Path) -> None:
        self.mini = MiniWorld()
        self.mini.configuration(id="VC-001")
        self.mini.with_evidence(folder / "robot", id="VC-002")
        self.mini.with_evidence(folder / "robot", id="VC-003")
        mock.reset(self.mini.world)
        self.robot = Robot(
            mock,
            folder / "robot",
            CARGOFIJO_POLICY__APPROVALS='["VENTAS_SIN_OFERTA"]',
            CARGOFIJO_SEATS="2",
            PYTHON_KEYRING_BACKEND="tests.support.file_keyring.FileKeyring",
            TEST_KEYRING_FILE=str(folder / "llavero.json"),
        )
        (self.robot.folder / "cargofijo.toml").write_text("seats = 2\n")

    def types(self, text: str) -> None:
        """Raises AssertionError where it does not end well, or is nothing that a test knows."""
        program, *arguments = shlex.split(text)
        does: dict[str, Callable[..., None]] = {
            "cargofijo": self.cargofijo,
            "make": self.make,
            "openssl": self.openssl,
            "tar": self.tar,
        }
        assert program in does, f"no test knows how to run {text!r}"
        does[program](*arguments)

    def cargofijo(self, *arguments: str) -> None:
        given = [self._actual(argument) for argument in arguments]
        if arguments[0] == "mock":
            self.mock(given)
            return
        if arguments[0] == "console":
            Console(self.robot, *given[1:]).stop()
            return
        if arguments[0] == "drop":
            self.mini.list_at(self.robot.folder / arguments[1] / "lista.xlsx")
        if "lista.xlsx" in arguments and arguments[0] != "template":
            self.fill_list()
        password = "una clave larga 1" if arguments[0] == "users" else "robot"
        done = self.robot.call(*given, given=f"{password}\n", timeout=500)
        assert done.code == 0, done.err

    def make(self, *arguments: str) -> None:
        if not shutil.which("make"):
            pytest.skip("needs make")
        done = subprocess.run(
            ["make", "--dry-run", *arguments], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert "robots/ops/setup.py" in done.stdout

    def openssl(self, *arguments: str) -> None:
        given, made = (self.robot.folder / argument for argument in arguments[-3::2])
        given.write_bytes(ssl.PEM_cert_to_DER_cert(authority("Autoridad").pem))
        subprocess.run(["openssl", *arguments], cwd=self.robot.folder, check=True)
        ssl.create_default_context(cafile=made)

    def tar(self, *arguments: str) -> None:
        subprocess.run(["tar", *arguments], cwd=self.robot.folder, check=True)

    def mock(self, arguments: list[str]) -> None:
        process = self.robot.start(*arguments)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=30)

    def fill_list(self) -> None:
        """What a person does between `template` and `run`."""
        path = self.robot.folder / "lista.xlsx"
        try:
            read(path)
        except ListError:
            workbook = load_workbook(path)
            for number, row in enumerate(self.mini.rows, start=2):
                for field, value in row.items():
                    workbook["Casos"].cell(number, PLACE[field]).value = value
            workbook.save(path)

    def _actual(self, argument: str) -> str:
        if argument == PORT:
            return str(free_port_base())
        if argument not in ("RUN", "CASE"):
            return argument
        ledger = Ledger(connect(f"sqlite:///{self.robot.folder / 'var' / 'cargofijo.sqlite'}"))
        if argument == "RUN":
            return ledger.runs()[0].id
        return Approvals(ledger.engine).waiting()[0].reference


@pytest.fixture(scope="module")
def typed(
    mock_process: MockPortals, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Line, Exception | None]]:
    """How each line ended. One reader types them all: what one makes, another uses."""
    reader = Reader(mock_process, tmp_path_factory.mktemp("reader"))
    ended: dict[Line, Exception | None] = {}
    for line in SHELL:
        try:
            reader.types(line.text)
            ended[line] = None
        except Exception as error:
            ended[line] = error
    yield ended
    mock_process.reset()


@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="a shell's commands")
@pytest.mark.parametrize("line", SHELL, ids=lambda line: f"{line.document}: {line.text}")
def test_a_command_runs(line: Line, typed: dict[Line, Exception | None]) -> None:
    error = typed[line]
    if error is not None:
        raise error


@pytest.mark.parametrize(
    "line",
    [line for line in SHELL if line.text.startswith("cargofijo")],
    ids=lambda line: f"{line.document}: {line.text}",
)
def test_a_command_is_understood(line: Line) -> None:
    understood(shlex.split(line.text)[1:])


@pytest.mark.parametrize("line", ELSEWHERE, ids=lambda line: f"{line.document}: {line.text}")
def test_a_command_for_elsewhere_is_understood(line: Line) -> None:
    program, *arguments = line.text.split()
    ours = re.search(r"\.venv[/\\](?:bin|Scripts)[/\\]cargofijo (.*)", line.text)
    if ours:
        understood(shlex.split(ours[1].partition(">>")[0]))
    else:
        assert program in OF_THE_SYSTEM
    for name in arguments:
        if name.endswith((".txt", ".py")) and name != "noche.txt":
            assert (ROOT / name.replace("\\", "/")).is_file()


def test_every_order_is_shown_somewhere() -> None:
    shown = {line.text.split()[1] for line in SHELL if line.text.startswith("cargofijo")}
    command: Any = get_command(app)
    assert set(command.commands) - shown == {"demo"}  # which make demo runs


@pytest.mark.parametrize("said", spoken("cargofijo"))
def test_an_order_that_is_named_exists(said: str) -> None:
    command: Any = get_command(app)
    words = said.split()
    while hasattr(command, "commands") and words:
        assert words[0] in command.commands
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("said", spoken("make") + spoken("python -m"))
def test_a_target_or_module_that_is_named_exists(said: str) -> None:
    name = said.split()[0]
    targets = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert name in targets or (ROOT / f"{name.replace('.', '/')}.py").is_file()


def test_every_block_says_what_it_is() -> None:
    kinds = {kind for document in DOCUMENTS for kind, _ in blocks(document)}
    assert kinds <= {"sh", "powershell", "bat", "cron", "toml", "ini", "sql", "yaml", "mermaid"}
