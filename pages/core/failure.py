"""Evidence of a failure, for whoever must act: pictures, pages, and Playwright's trace.

All of it may hold personal data, so it goes into the case's own folder and nowhere else, for its
owner's eyes only; the password is taken out of it in whatever form portal and browser wrote it.
"""

from __future__ import annotations

import asyncio
import atexit
import html
import json
import os
import re
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote, quote_plus

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from pages.contract.private_files import private, write_private

TRACE = "traza.zip"
#: seconds for a picture, and for a page's HTML: the window may be the one that hangs
_PATIENCE = 3.0
#: what a portal's pages have in common, and nobody's data
_STATIC = (".css", ".js", ".woff", ".woff2", ".ttf", ".svg", ".ico", ".png", ".gif")
_PICTURES = (".png", ".jpeg", ".jpg", ".webp", ".gif")
#: what lets somebody else in as surely as a password
_HEADERS = re.compile(
    rb'("name":"(?:proxy-)?(?:authorization|cookie|set-cookie)","value":")[^"]*', re.IGNORECASE
)


@cache
def raw_traces() -> Path:
    """Where the browser writes its traces while they last; this process's own."""
    folder = Path(tempfile.mkdtemp(prefix="cargofijo-"))  # mode 0700
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Trace:
    """Playwright's record of one step. Of its own, and not a chunk of a longer one: chunks share
    what was requested and answered, and this case's folder is no place for another's client."""

    #: those at work in this process
    _recording: ClassVar[set[str]] = set()

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.name = secrets.token_hex(8)

    @property
    def is_recording(self) -> bool:
        return self.name in self._recording

    async def start(self) -> None:
        """A browser that is gone is not this one's to report."""
        self._recording.add(self.name)
        try:
            await self.context.tracing.start(name=self.name, snapshots=True)
        except PlaywrightError:
            self._forget()
        except BaseException:
            self._forget()
            raise

    async def keep(self, folder: Path, password: Callable[[], str]) -> None:
        """End it, and put it into the folder; to be opened with ``playwright show-trace``."""
        if not self.is_recording:
            return
        raw = raw_traces() / f"{self.name}.kept"
        private(folder)
        try:
            await self.context.tracing.stop(path=raw)
            await asyncio.to_thread(_rewrite, raw, folder / TRACE, password())
        finally:
            self._forget()

    async def stop(self) -> None:
        if self.is_recording:
            with suppress(PlaywrightError):
                await self.context.tracing.stop()
            self._forget()

    def _forget(self) -> None:
        """Nothing that was read or typed stays with the browser. It remembers by name what it has
        written, so that files stay where they are, empty; and several slots write to one place.
        What was cut short at its start may be written after that: each removes what is nobody's."""
        self._recording.discard(self.name)
        for file in raw_traces().glob("*.*"):
            if not file.name.startswith(tuple(self._recording)):
                file.unlink(missing_ok=True)
        if not self._recording:
            for file in raw_traces().glob("resources/*"):
                if file.suffix not in _STATIC:
                    os.truncate(file, 0)


async def keep_pages(windows: Iterable[Page], folder: Path, password: Callable[[], str]) -> None:
    """A picture of each window and the HTML of each of its frames; what an earlier try left is
    replaced."""
    shown = list(windows)
    if not shown:
        return
    await asyncio.to_thread(_emptied, folder)
    for number, window in enumerate(shown, start=1):
        with suppress(PlaywrightError, TimeoutError):
            png = await window.screenshot(timeout=_PATIENCE * 1000, animations="disabled")
            write_private(folder / f"ventana-{number}.png", png)
        for at, frame in enumerate(window.frames):
            with suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    content = await frame.content()
                name = f"-{at}" if at else ""
                text = f"<!-- {frame.url} -->\n{content}".encode()
                write_private(folder / f"ventana-{number}{name}.html", without(password(), text))


def _emptied(folder: Path) -> None:
    private(folder)
    for old in folder.iterdir():
        old.unlink()


def without(password: str, content: bytes) -> bytes:
    """The content with the password masked: as typed, in an address or a form's body, in HTML, and
    each of them in JSON, also where that is a text in another one's (see ``ask.js``)."""
    if not password:
        return content
    written = {
        password,
        quote(password, safe=""),
        quote_plus(password),
        html.escape(password),
        html.escape(password, quote=False),
    }
    for form in sorted(_in_json(_in_json(written)), key=len, reverse=True):
        content = content.replace(form.encode(), b"******")
    return content


def _in_json(written: set[str]) -> set[str]:
    """These, and each as it stands in a text of JSON."""
    return written | {
        json.dumps(form, ensure_ascii=ascii_only)[1:-1]
        for form in written
        for ascii_only in (True, False)
    }


def _rewrite(raw: Path, kept: Path, password: str) -> None:
    """The same archive without what lets somebody in."""
    write_private(kept, b"")  # so that it never stands there for others to read
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if not entry.filename.endswith(_PICTURES):
                content = _HEADERS.sub(rb"\1******", without(password, content))
            new.writestr(entry.filename, content)
