"""The browser: found once, started once per process."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import psutil
from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserContext, HttpCredentials, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import BrowserLost
from pages.core.account import Account, Limits
from pages.core.authorities import at_home, trusting_home
from pages.core.driver import driver_as_ours
from pages.core.failure import raw_traces
from pages.core.relay import Relay, relays
from pages.core.scripts import ENGINES, KEEP_TOOLS

_ARGUMENTS = (
    "--disable-gpu",  # nobody looks; measured, a quarter less time
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-http2",  # the relay tells what is owed by one request at a time on a connection
    "--disable-sync",
    # measured, with eight cases: 849 MB of all processes without, 738 with the first, 644 with all:
    # what pages leave behind is cleared away sooner
    "--js-flags=--optimize-for-size --max-semi-space-size=2 --initial-old-space-size=8",
    "--no-first-run",
)
#: Chromium without a window to paint: measured, the same case for half the processor time.
_HEADLESS = "chromium-headless-shell"
#: seconds for what takes a browser well under one
_PATIENCE = 15.0
_NAMES = (
    "microsoft-edge",
    "microsoft-edge-stable",
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
)


@dataclass(frozen=True)
class BrowserChoice:
    """Which browser: a channel (``msedge``, ``chrome``), a program, or whichever is found.

    ``relay``: it reaches the portals over ours (`pages.core.relay`); otherwise by its own ways, a
    proxy of the system among them, and may send twice what a portal takes without a word. ``ca``:
    a PEM file of authorities that it trusts besides its own; on Linux only.
    """

    channel: str = ""
    executable: str = ""
    headless: bool = True
    relay: bool = True
    ca: Path | None = None


class Browser:
    """One Chromium for all worker slots of this process. Start it within the running event loop."""

    def __init__(self, choice: BrowserChoice | None = None) -> None:
        self.choice = choice or BrowserChoice()
        self._playwright: Playwright | None = None
        self._browser: PlaywrightBrowser | None = None
        self._processes: list[psutil.Process] = []
        self._relays: list[Relay] = []
        self._home: TemporaryDirectory[str] | None = None
        #: whether it asks its user what nobody answers
        self._prompts = False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start it; raises `BrowserLost` where no browser starts."""
        if self.choice.ca is not None:
            self._home = await asyncio.to_thread(trusting_home, self.choice.ca)
        others = set(psutil.Process().children())
        with driver_as_ours():
            self._playwright = await async_playwright().start()
        # the driver, whose children the browser's processes are
        self._processes = [child for child in psutil.Process().children() if child not in others]
        for engine, script in ENGINES.items():
            await self._playwright.selectors.register(engine, script=script, content_script=True)
        arguments = list(_ARGUMENTS)
        if sys.platform == "linux" and os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium refuses to run as root with it
        channel, executable = self._program(self._playwright.chromium.executable_path)
        shell = not channel and (executable is None or _HEADLESS in Path(executable).name)
        if shell and self.choice.headless:
            arguments.append("--disable-software-rasterizer")  # 20 MB, and there is no window
        self._prompts = not (self.choice.headless and shell)
        try:
            self._browser = await self._playwright.chromium.launch(
                channel=channel,
                executable_path=executable,
                headless=self.choice.headless,
                args=arguments,
                env=at_home(self._home.name) if self._home else None,
                traces_dir=raw_traces(),
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except PlaywrightError as error:
            await self.stop()
            raise BrowserLost("Navegador", "inicio", self._not_started()) from error

    def _not_started(self) -> str:
        """What to do about a browser that did not start: about the setting that chose it, if one
        did."""
        given, anyone = self.choice, "sin el ajuste se usa el que haya"
        screens = map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))
        if not given.headless and sys.platform == "linux" and not any(screens):
            return "no hay una pantalla donde mostrarlo (ajuste browser.headless): póngalo en true"
        if given.channel:
            return (
                f"no se pudo iniciar «{given.channel}» (ajuste browser.channel): ha de ser msedge, "
                f"chrome o chromium, y estar instalado; {anyone}"
            )
        if given.executable:
            return (
                f"no se pudo iniciar «{given.executable}» (ajuste browser.executable): ha de ser "
                f"el programa de Edge, Chrome o Chromium; {anyone}"
            )
        return "no se pudo iniciar; instale Edge, Chrome o Chromium"

    def _answers(self, ntlm: Account | None) -> list[HttpCredentials] | None:
        """Who answers which server's challenge; the first that matches does, and the last matches
        all. To an unanswered challenge a browser with windows asks its user, whom nobody sees:
        measured, the page that waits for it neither loads nor opens a window. As nobody, without a
        name, it is refused as it ought to be.

        None where nothing is to be answered: the context keeps its cache, which Playwright takes
        from any that answers (measured: 21 requests for a page instead of 1).
        """
        if ntlm is None and not self._prompts:
            return None
        answers: list[HttpCredentials] = [{"username": "", "password": ""}]
        if ntlm is not None:
            user, password = ntlm.username, ntlm.password()
            answers[:0] = [
                {"username": user, "password": password, "origin": str(origin)}
                for origin in ntlm.origins
            ]
        return answers

    def _program(self, own: str) -> tuple[str | None, str | None]:
        """Channel and program to launch; ``own`` is where Playwright's own download would be."""
        if self.choice.channel:
            return self.choice.channel, None
        if not self.choice.executable and Path(own).exists():
            return None, None  # Playwright knows its own best
        program = self.choice.executable or find_browser(headless=self.choice.headless)
        if program is None and sys.platform == "win32":
            return "msedge", None  # always there
        return None, program

    async def stop(self) -> None:
        browser, self._browser = self._browser, None
        playwright, self._playwright = self._playwright, None
        # Playwright sets no limit of its own here, and a browser may have hung.
        if browser is not None:
            with suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await browser.close()
        if playwright is not None:
            with suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await playwright.stop()
        while self._relays:
            self._relays.pop().stop()
        if self._home is not None:
            self._home.cleanup()
            self._home = None

    @property
    def is_running(self) -> bool:
        return self._browser is not None and self._browser.is_connected()

    def megabytes(self) -> int:
        """What its processes hold that no other shares."""
        held = 0
        for process in self._processes:
            with suppress(psutil.Error):
                for one in (process, *process.children(recursive=True)):
                    with suppress(psutil.Error):
                        held += one.memory_full_info().uss
        return held // 2**20

    async def answers(self) -> bool:
        """Whether it still opens windows: a process that is there may have hung all the same."""
        if self._browser is None or not self.is_running:
            return False
        try:
            async with asyncio.timeout(_PATIENCE):
                context = await self._browser.new_context()
                await context.new_page()
                await context.close()
        except (PlaywrightError, TimeoutError):
            return False
        return True

    async def context(
        self, ntlm: Account | None = None, limits: Limits | None = None
    ) -> BrowserContext:
        """Cookies and windows of one's own; ``ntlm`` is who answers that portal's challenges. Any
        other server's are refused."""
        if self._browser is None:
            raise BrowserLost("Navegador", "inicio", "no está iniciado")
        relay = Relay() if self.choice.relay else None
        if relay is not None:
            self._relays.append(relay)
        try:
            context = await self._browser.new_context(
                proxy={"server": await relay.start()} if relay else None,
                locale="es-PE",
                timezone_id="America/Lima",
                viewport={"width": 1366, "height": 900},
                http_credentials=self._answers(ntlm),
            )
            await context.add_init_script(KEEP_TOOLS)
            context.set_default_timeout((limits or Limits()).visible * 1000)
            if relay is not None:
                relays[context] = relay
            return context
        except PlaywrightError as error:
            raise BrowserLost("Navegador", "inicio", "el navegador se cerró") from error


def find_browser(*, headless: bool = True) -> str | None:
    """The program that this machine has, the lightest first; None where it has none."""
    names = (_HEADLESS, *_NAMES) if headless else _NAMES
    return next((found for name in names if (found := shutil.which(name))), None)
