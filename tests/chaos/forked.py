"""A robot forked from a process that has read the robot's modules already.

Reading them takes more processor time than everything else that a robot does before it is killed
(2.3 s of about 4), and says nothing about reliability. What it does from there on is its own: its
process, its browser, its database connections, and its death.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from pathlib import Path

from tests.support.machine import ROOT
from tests.support.robot import Done, Robot, done_with

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.chaos.saboteur", "robots.cli.app", "robots.run.list_run"])


class ForkedRobot(Robot):
    """`Robot`, but for how it starts; its command is the saboteur's."""

    def call(self, *arguments: str, timeout: float = 900, **_: object) -> Done:
        self.folder.mkdir(parents=True, exist_ok=True)
        process = _FORKS.Process(target=_be_robot, args=(self.environment, self.folder, arguments))
        process.start()
        process.join(timeout)
        assert process.exitcode is not None, "the robot did not end"
        out, err = ((self.folder / name).read_text("utf-8") for name in ("out", "err"))
        return done_with(process.exitcode, out, err)


def _be_robot(environment: dict[str, str], folder: Path, arguments: tuple[str, ...]) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    sys.path.insert(0, str(ROOT))
    tempfile.tempdir = None
    os.chdir(folder)
    for number, name in ((1, "out"), (2, "err")):
        with (folder / name).open("wb") as file:
            os.dup2(file.fileno(), number)
    sys.argv = ["cargofijo", *arguments]
    from tests.chaos.saboteur import main

    main()
