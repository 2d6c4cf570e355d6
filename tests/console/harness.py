"""The console as people have it: the `cargofijo console` command, and a browser of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from pages.core.browser import find_browser
from tests.robots.harness import COMMAND, Robot

PASSWORD = "una clave larga 1"
LONG = 60_000


class Console:
    """A running console on a robot's machine; ``url`` is where it answers."""

    def __init__(self, robot: Robot, *options: str) -> None:
        self.robot = robot
        self.process = robot.start("console", "--port", "0", *options)
        assert self.process.stderr is not None
        self.told = ""
        for line in self.process.stderr:
            self.told += line
            if found := re.search(r"Consola: (https?://\S+)", line):
                self.url = found[1]
                return
        raise AssertionError(f"the console did not start: {self.told}")

    def stop(self) -> str:
        """As Ctrl-C does; gives what it said."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        _, err = self.process.communicate(timeout=120)
        assert self.process.returncode == 0, self.told + err
        return self.told + err


def add_user(robot: Robot, name: str, role: str, password: str = PASSWORD) -> None:
    robot.folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [*COMMAND, "users", "add", name, "--role", role],
        input=f"{password}\n",
        text=True,
        cwd=robot.folder,
        env=robot.environment,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(
            executable_path=None if own.exists() else find_browser(), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def come_in(browser: Browser, console: Console, name: str, **options: object) -> Page:
    """A window of its own with this user in it."""
    context = browser.new_context(
        locale="es-PE", viewport={"width": 1366, "height": 768}, **options
    )
    page = context.new_page()
    page.set_default_timeout(LONG)
    page.goto(console.url)
    page.get_by_label("Usuario").fill(name)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.get_by_role("heading", level=1).wait_for()
    return page
