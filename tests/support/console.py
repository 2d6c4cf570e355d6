"""The console as people have it: the `cargofijo console` command, and a browser of their own."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from flows.store.database import connect
from flows.store.ledger import Ledger
from inputs.schema import COLUMNS
from pages.core.browser import find_browser
from robots.console.server import open_users
from robots.console.user_store import Role
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot

PASSWORD = "una clave larga 1"
LONG = 60_000
#: on a machine that does much else
PATIENCE = 5 * LONG
PDF = b"%PDF-1.7\n%%EOF\n"


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

    def kill(self) -> None:
        """As a machine that goes dark: nothing is ended or said."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=120)

    def stop(self) -> str:
        """As Ctrl-C does; gives what it said."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        _, err = self.process.communicate(timeout=120)
        assert self.process.returncode == 0, self.told + err
        return self.told + err


def add_user(robot: Robot, name: str, role: str, password: str = PASSWORD) -> None:
    done = robot.call("users", "add", name, "--role", role, given=f"{password}\n")
    assert done.code == 0, done.err


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


class Place:
    """A console on the mock portals with people of these roles, and a browser."""

    def __init__(
        self, mock: MockPortals, folder: Path, browser: Browser, mini: MiniWorld, **people: Role
    ) -> None:
        self.mock, self.folder, self.browser, self.mini = mock, folder, browser, mini
        mock.reset(mini.world)
        self.robot = Robot(
            mock, folder / "robot", CARGOFIJO_POLICY__APPROVALS='["VENTAS_SIN_OFERTA"]'
        )
        let_in(self.robot, **people)
        self.console = Console(self.robot)

    def of(self, name: str, **options: object) -> Page:
        return come_in(self.browser, self.console, name, **options)

    def go(self, page: Page, path: str) -> None:
        page.goto(self.console.url + path)

    def look_through(self, page: Page, portal: str, *case: str) -> None:
        """*Recorrer* in *Mapa*, with a SEC, RUC, line and SIAC case to open their pages."""
        self.go(page, f"/mapa?portal={portal}")
        if case:
            page.get_by_text("Con qué se abren").click()
            for label, value in zip(("SEC", "RUC", "Línea", "Caso SIAC"), case, strict=True):
                page.get_by_label(label, exact=True).fill(value)
        page.get_by_role("button", name="Recorrer").click()
        page.get_by_role("heading", name="Se recorre").wait_for()
        page.get_by_role("heading", name="encontrados").wait_for(timeout=PATIENCE)

    def type_case(self, page: Page, serial: int, **other: str) -> None:
        """A row copied from a spreadsheet."""
        row = {**self.mini.rows[serial - 1], **other}
        box = page.get_by_label("Pegar una fila de Excel")
        box.fill("\t".join(str(row.get(column.field, "")) for column in COLUMNS))
        page.get_by_text("datos de la fila").wait_for()

    def open_case(self, page: Page, serial: int, estado: str) -> None:
        """Find it in the list, and follow its link."""
        self.go(page, f"/casos?estado={estado}")
        page.locator(f"a[href^='/caso/CF-{self.mini.rows[serial - 1]['sec']}']").click()


@contextmanager
def a_place(mock: MockPortals, folder: Path, mini: MiniWorld, **people: Role) -> Iterator[Place]:
    """A `Place`, and the portals as they were before it."""
    with chromium() as browser:
        place = Place(mock, folder, browser, mini, **people)
        yield place
        place.console.stop()
    mock.call("DELETE", "/faults")
    mock.reset()


def let_in(robot: Robot, **people: Role) -> None:
    """As `users add` does; its own tests are elsewhere."""
    ledger = Ledger(connect(f"sqlite:///{robot.folder / 'var' / 'cargofijo.sqlite'}"))
    ledger.prepare()
    known = open_users(ledger)
    for name, role in people.items():
        known.add(name, role, PASSWORD)
    ledger.engine.dispose()


def drop(page: Page, name: str, content: bytes) -> None:
    """A file dragged from a folder onto the page's first place for files."""
    files = page.evaluate_handle(
        """([name, content]) => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(content)], name));
            return files;
        }""",
        [name, list(content)],
    )
    page.locator(".q-uploader").first.dispatch_event("dragover", {"dataTransfer": files})
    page.locator(".q-uploader__dnd").first.dispatch_event("drop", {"dataTransfer": files})
