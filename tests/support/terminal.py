"""A command at a terminal of its own: what it shows is read as it comes, what is typed goes in."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path


class Terminal:
    """POSIX only. The process has the terminal as its own, so that Ctrl-C reaches it."""

    def __init__(self, command: list[str], *, cwd: Path, env: dict[str, str]) -> None:
        self._here, there = os.openpty()
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**env, "TERM": "dumb", "COLUMNS": "200"},
            preexec_fn=lambda: _as_at_a_terminal(there),
        )
        os.close(there)
        self.shown = ""
        self._read_to = 0

    def until(self, text: str, seconds: float = 120) -> str:
        """What is shown from where was read before to this text."""
        deadline = time.monotonic() + seconds
        while text not in self.shown[self._read_to :]:
            assert self._more(deadline), f"«{text}» was not shown: …{self.shown[-2000:]}"
        start, self._read_to = self._read_to, self.shown.index(text, self._read_to) + len(text)
        return self.shown[start : self._read_to]

    def type(self, text: str) -> None:
        os.write(self._here, text.encode())

    def interrupt(self, seconds: float = 120) -> None:
        """Ctrl-C, as a person presses it: again where nothing comes of it. Between a question and
        the wait for its answer Python takes note of it, and waits all the same."""
        deadline = time.monotonic() + seconds
        ready: list[int] = []
        while not ready:
            assert time.monotonic() < deadline, f"nothing came of it: …{self.shown[-2000:]}"
            self.type("\x03")
            ready, _, _ = select.select([self._here], [], [], 2)

    def end(self, seconds: float = 120) -> int:
        """The exit code, once all that it shows is read."""
        deadline = time.monotonic() + seconds
        while self._more(deadline):
            pass
        os.close(self._here)
        return self.process.wait(10)

    def _more(self, deadline: float) -> bool:
        """Read what there is; False at the end."""
        ready, _, _ = select.select([self._here], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"nothing more was shown: …{self.shown[-2000:]}"
        data = b""
        with suppress(OSError):  # nobody has the other end any more
            data = os.read(self._here, 65536)
        self.shown += data.decode(errors="replace")
        return bool(data)


def _as_at_a_terminal(there: int) -> None:
    """Who runs the tests in the background has Ctrl-C ignored, and so had every program of it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.login_tty(there)
