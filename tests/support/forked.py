"""Commands forked off a process that has read the robot's modules already.

Reading them takes more processor time than most of what a test asks of a command (2 to 3 s), and
says nothing about it. What it does from there on is its own: its process and session, its folder,
its environment, its standard streams, its browser, its database connections, and its death.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from tests.support.machine import ROOT

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["robots.cli.app", "robots.run.list_run"])
_STREAMS = ("in", "out", "err")


def forked(
    main: str,
    arguments: tuple[str, ...],
    *,
    environment: dict[str, str],
    folder: Path,
    given: str = "",
    timeout: float,
) -> tuple[int, str, str]:
    """Exit code, output and errors of ``main`` (*module:function*) with ``given`` to read."""
    with tempfile.TemporaryDirectory() as streams:
        Path(streams, "in").write_text(given, "utf-8")
        process = _FORKS.Process(
            target=_become, args=(main, arguments, environment, folder, Path(streams))
        )
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise AssertionError(f"it did not end: {arguments}")
        out, err = (Path(streams, name).read_text("utf-8") for name in ("out", "err"))
    return process.exitcode, out, err


def _become(
    main: str,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    folder: Path,
    streams: Path,
) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    sys.path.insert(0, str(ROOT))
    tempfile.tempdir = None
    os.chdir(folder)
    for number, name in enumerate(_STREAMS):
        with (streams / name).open("rb" if name == "in" else "wb") as file:
            os.dup2(file.fileno(), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (it is for good)
    sys.argv = ["cargofijo", *arguments]
    module, _, function = main.partition(":")
    getattr(import_module(module), function)()
