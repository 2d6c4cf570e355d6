"""Nobody listens: what a command prints is lost, and nothing else is."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path
from threading import Thread

import pytest

from flows.store.database import connect
from flows.store.ledger import Ledger
from robots.cli import streams
from robots.cli.streams import Outlet
from tests.support.machine import free_port_base, wait_for
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import COMMAND, Robot, report_rows

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux")

#: The program has no listener from the start, or none after the first that it says.
WAYS = ("closed", "broken", "full", "unread", "left", "hung up")
STREAMS = {"output": (1,), "errors": (2,), "both": (1, 2)}
BOSS = "jefa@claro.example"
ESTADO = "No procede"


@contextmanager
def unheard(
    robot: Robot, way: str, *arguments: str, streams: str = "both"
) -> Iterator[subprocess.Popen[bytes]]:
    """A command with nobody at these streams of its; at the others, nobody either: a null device
    takes all that is said."""
    with ExitStack() as opened:
        listener, end = _listened(way)
        opened.callback(_close, listener)

        def lose() -> None:
            null = os.open(os.devnull, os.O_WRONLY)
            for number in (1, 2):
                os.dup2(null, number)
            if way == "hung up":
                os.login_tty(end)
                return
            os.setsid()
            for number in STREAMS[streams]:
                os.close(number) if way == "closed" else os.dup2(end, number)

        robot.folder.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=robot.folder,
            env=robot.environment,
            stdin=subprocess.DEVNULL,
            preexec_fn=lose,
        )
        opened.callback(process.kill)
        os.close(end)
        if way in ("left", "hung up"):
            os.read(listener, 1)
            _close(listener)
        yield process


def _listened(way: str) -> tuple[int, int]:
    """Where somebody could listen, and what the command writes to."""
    if way == "hung up":
        return os.openpty()
    listener, end = os.pipe()
    if way == "broken":
        os.close(listener)
    if way == "full":
        os.close(end)
        end = os.open("/dev/full", os.O_WRONLY)
    if way == "unread":
        os.set_blocking(end, False)
        with suppress(BlockingIOError):
            while True:
                os.write(end, bytes(4096))
        os.set_blocking(end, True)
    return listener, end


def _close(number: int) -> None:
    with suppress(OSError):
        os.close(number)


@pytest.fixture
def robot(mock: MockPortals, tmp_path: Path) -> Robot:
    return Robot(mock, tmp_path / "robot", CARGOFIJO_SMTP__OPERATOR=BOSS)


@pytest.fixture
def two(mock: MockPortals, mini: MiniWorld, tmp_path: Path) -> Path:
    """A list of two cases, in a folder of its own: soon decided, for SISACT knows no such SEC."""
    mini.sale()
    mini.sale()
    mini.world["secs"].clear()
    mock.reset(mini.world)
    return mini.list_at(tmp_path / "entrada" / "lista.xlsx")


def ledger_of(robot: Robot) -> Ledger:
    return Ledger(connect(f"sqlite:///{robot.folder / 'var' / 'cargofijo.sqlite'}"))


def all_done(ledger: Ledger) -> bool:
    """Both cases, and the run that they are of."""
    (run,) = ledger.runs()
    latest = ledger.latest([row.reference for row in ledger.rows(run.id) if row.reference])
    states = [attempt.outcome and attempt.outcome.estado for attempt in latest.values()]
    return states == [ESTADO, ESTADO] and run.ended is not None


def told(mock: MockPortals) -> int:
    """The e-mails to the operator."""
    return sum(mail["to"] == [BOSS] for mail in mock.state()["mail"])


def assert_reported(report: Path) -> None:
    assert [row["Estado"] for row in report_rows(report).values()] == [ESTADO, ESTADO]


@pytest.mark.sample(1)
@pytest.mark.parametrize("streams", STREAMS)
@pytest.mark.parametrize("way", WAYS)
def test_a_run(way: str, streams: str, robot: Robot, two: Path, mock: MockPortals) -> None:
    report = two.with_name("informe.xlsx")
    order = ("run", str(two), "--report", str(report), "--json")
    with unheard(robot, way, *order, streams=streams) as process:
        assert process.wait(300) == 0
    assert_reported(report)
    assert all_done(ledger_of(robot)) and told(mock) == 1


@pytest.mark.full
@pytest.mark.parametrize("way", WAYS)
def test_a_worker(way: str, robot: Robot, two: Path) -> None:
    assert robot.call("submit", str(two)).code == 0
    with unheard(robot, way, "worker", "--drain") as process:
        assert process.wait(300) == 0
    assert all_done(ledger_of(robot))


@pytest.mark.full
@pytest.mark.parametrize("way", WAYS)
def test_a_drop_folder(way: str, robot: Robot, two: Path, mock: MockPortals) -> None:
    with unheard(robot, way, "drop", str(two.parent), "--once") as process:
        assert process.wait(300) == 0
    assert_reported(two.with_name("lista-informe.xlsx"))
    assert all_done(ledger_of(robot)) and told(mock) == 1


@pytest.mark.full
@pytest.mark.parametrize("way", WAYS)
def test_a_console(way: str, robot: Robot, two: Path) -> None:
    assert (
        robot.call("users", "add", "ana", "--role", "asesor", given="una clave larga\n").code == 0
    )
    assert robot.call("submit", str(two)).code == 0
    port, ledger = free_port_base(), ledger_of(robot)
    with unheard(robot, way, "console", "--port", str(port)) as process:
        wait_for(lambda: all_done(ledger), 300)
        assert _answers(port)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0


def _answers(port: int) -> bool:
    with suppress(urllib.error.HTTPError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60).close()
    return True


def test_a_command_that_only_tells(robot: Robot) -> None:
    """A reader who went away has had enough; one who finds half a file has not."""
    with unheard(robot, "broken", "status", streams="output") as process:
        assert process.wait(60) == 0
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "status"],
            cwd=robot.folder,
            env=robot.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 3
    assert done.stderr.startswith("No queda espacio")


def test_a_code_page_without_the_letters_ends_no_command(robot: Robot) -> None:
    robot.settings["PYTHONIOENCODING"] = "ascii"
    done = robot.call("status", command=COMMAND)
    assert done.code == 0 and r"Ejecuci\xf3n" in done.out


@pytest.fixture
def outlet(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Outlet, int]]:
    """An outlet to a pipe that takes no more, and where that is read."""
    monkeypatch.setattr(streams, "PATIENCE", 0.0)
    listener, end = _listened("unread")
    with FileIO(end, "w") as file:
        yield Outlet(file), listener
    os.close(listener)


def drained(listener: int, until: bytes) -> bytes:
    """What was written to it, from the first that is no filling."""
    read = b""
    while not read.endswith(until):
        read += os.read(listener, 65536).strip(b"\0")
    return read


def test_work_waits_for_no_reader_and_is_heard_again_by_one_who_comes_back(
    outlet: tuple[Outlet, int],
) -> None:
    output, listener = outlet
    for word in (b"one ", b"two "):  # the first one is being written, the second one is not begun
        output.write(word)
    assert drained(listener, b"one ") == b"one "
    wait_for(lambda: output.write(b"three ") and select.select([listener], (), (), 0)[0])
    assert drained(listener, b"three ").startswith(b"three ")


def test_what_a_command_only_tells_waits_for_its_reader(outlet: tuple[Outlet, int]) -> None:
    output, listener = outlet
    output.patience = None
    words = (b"one ", b"two ", b"three ")
    telling = Thread(target=lambda: [output.write(word) for word in words])
    telling.start()
    assert drained(listener, b"three ") == b"one two three "
    telling.join()
