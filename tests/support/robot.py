"""The robot run as people run it: the `cargofijo` command, a workbook in and a workbook out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.support.forked import forked
from tests.support.machine import FULL, ROOT
from tests.support.mock import MockPortals

COMMAND = [sys.executable, "-c", "from robots.cli.app import main; main()"]
#: how a case of a report ended, as `Done.states` gives it
ATENDIDO = ("Atendido", None)
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"  # each command would compile everything again


@dataclass(frozen=True)
class Done:
    """What a command came to. ``rows`` is the report's sheet *Casos* by the list's ID."""

    code: int
    out: str
    err: str
    summary: dict[str, Any]
    rows: dict[str, dict[str, Any]]

    def states(self) -> dict[str, tuple[str, str | None]]:
        return {id: (row["Estado"], row["Motivo"]) for id, row in self.rows.items()}


class Robot:
    """One machine with the robot on it: its own folder, and the mock portals as its portals."""

    #: what a forked command begins with, and whether it is forked in `make test-full` too
    main, forks = "robots.cli.app:main", False

    def __init__(self, mock: MockPortals, folder: Path, **settings: str) -> None:
        self.mock = mock
        self.folder = folder
        self.settings = settings

    @property
    def environment(self) -> dict[str, str]:
        known = {
            "CARGOFIJO_VAR_DIR": str(self.folder / "var"),
            "CARGOFIJO_SMTP__HOST": "127.0.0.1",
            "CARGOFIJO_SMTP__PORT": str(self.mock.smtp_port),
            "CARGOFIJO_SMTP__SENDER": "robot@cargofijo.example",
            "CARGOFIJO_POLICY__RETRY_PAUSES": "[0.2]",
            "CARGOFIJO_POLICY__LOOK_AGAIN": "[0.2, 0.5]",
            "CARGOFIJO_POLICY__BREAKER_PAUSES": "[0.2, 0.5]",
            "CARGOFIJO_POLICY__PORTAL_PATIENCE": "2",
            "CARGOFIJO_POLICY__MAP_PATIENCE": "2",
            "PYTHONPATH": str(ROOT),
        }
        for portal in ("sisact", "siac", "nintex", "remedy"):
            prefix = f"CARGOFIJO_PORTALS__{portal.upper()}__"
            known[prefix + "URL"] = self.mock.url(portal)
            known[prefix + "USERNAME"] = r"CLARO\robot" if portal == "nintex" else "robot"
            known[prefix + "PASSWORD"] = "robot"
        outer = {
            name: value
            for name, value in os.environ.items()
            if name != NO_BYTECODE and not name.startswith("CARGOFIJO_")
        }
        return {**outer, **known, **self.settings}

    def start(
        self, *arguments: str, command: Sequence[str] = COMMAND, stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[str]:
        """In a session of its own, so that a test can tell which processes are its."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return subprocess.Popen(
            [*command, *arguments],
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def call(
        self,
        *arguments: str,
        given: str = "",
        timeout: float = 900,
        command: Sequence[str] = (),
    ) -> Done:
        """Run a command to its end, with ``given`` on its standard input.

        `make test` forks it, unless a ``command`` of another program is named; `make test-full`
        starts it as people do.
        """
        if self.forks or not (FULL or command):
            self.folder.mkdir(parents=True, exist_ok=True)
            ended = forked(
                self.main,
                arguments,
                environment=self.environment,
                folder=self.folder,
                given=given,
                timeout=timeout,
            )
            return done_with(*ended)
        process = self.start(*arguments, command=command or COMMAND, stdin=subprocess.PIPE)
        out, err = process.communicate(given, timeout=timeout)
        return done_with(process.returncode, out, err)

    def run(self, workbook: Path, *arguments: str) -> Done:
        return self.call("run", str(workbook), "--json", *arguments)


def done_with(code: int, out: str, err: str) -> Done:
    """From what a command left: its summary is the last line where ``--json`` asked for it."""
    last = out.strip().splitlines()[-1] if out.strip() else ""
    summary = json.loads(last) if last.startswith("{") else {}
    rows = report_rows(Path(summary["report"])) if "report" in summary else {}
    return Done(code, out, err, summary, rows)


def report_rows(path: Path) -> dict[str, dict[str, Any]]:
    """Sheet *Casos* by ID, each row by its headers; nothing where a report has no such sheet."""
    book = load_workbook(path)
    if "Casos" not in book:
        return {}
    rows = book["Casos"].iter_rows(values_only=True)
    headers = next(row for row in rows if "Referencia" in row)
    return {str(row[0]): dict(zip(headers, row, strict=True)) for row in rows}


def processes_of(robot: Robot) -> list[str]:
    """What still runs of a robot's: its children inherit where its folder is (Linux)."""
    return list(pids_of(robot).values())


def pids_of(robot: Robot) -> dict[int, str]:
    """The robot's own processes, its driver's and its browser's, with what each is called."""
    mark = str(robot.folder / "var").encode()
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "comm").read_text().strip()
    return found
