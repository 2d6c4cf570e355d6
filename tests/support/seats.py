"""The portals' page objects in the tests' browser, each with a context of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pages.core.account import Account
from pages.core.base_portal import Portal
from pages.core.browser import Browser
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.siac.portal import SiacPortal
from pages.sisact.portal import SisactPortal
from tests.support.mock import MockPortals

P = TypeVar("P", bound=Portal)

_NAMES: dict[type[Portal], str] = {
    SisactPortal: "sisact",
    SiacPortal: "siac",
    NintexPortal: "nintex",
    RemedyPortal: "remedy",
}


class Seats:
    """Opens portals; all contexts are closed at the end, and nobody logs out."""

    def __init__(self, browser: Browser, run: Callable[..., Any]) -> None:
        self._browser, self._run = browser, run
        self._contexts: list[Any] = []

    def __enter__(self) -> Seats:
        return self

    def __exit__(self, *_: object) -> None:
        for context in self._contexts:
            self._run(context.close())

    def open(
        self,
        portal: type[P],
        mock: MockPortals,
        user: str = "robot",
        password: str = "",
        script: str = "",
        url: str = "",
        sites: Mapping[str, str] | None = None,
        **options: Any,
    ) -> P:
        """``script`` runs in each page before the page's own; the password is the user's name
        where none is given, and the address the mock's own."""
        name = _NAMES[portal]
        login = f"CLARO\\{user}" if name == "nintex" else user
        account = Account(url or mock.url(name), login, lambda: password or user, sites or {})

        # A portal listens to its context from the start, so both are made on the loop.
        async def make() -> P:
            ntlm = {"ntlm": account} if name == "nintex" else {}
            context = await self._browser.context(**ntlm)
            self._contexts.append(context)
            if script:
                await context.add_init_script(script)
            return portal(context, account, **options)

        opened: P = self._run(make())
        return opened
