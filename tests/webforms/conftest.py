"""What the tests of the bench share: the application, and a portal logged in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pages.core.account import Account, Limits
from pages.core.browser import Browser
from tests.support.marks import needs
from tests.support.webforms import WebForms, webforms
from tests.webforms.portal import Ventanilla

Enter = Callable[..., Ventanilla]


@pytest.fixture(scope="session")
@needs("webforms")
def application() -> Iterator[WebForms]:
    with webforms() as served:
        yield served


@pytest.fixture
def bench(application: WebForms) -> WebForms:
    """The application with what it holds at first."""
    application.control(reiniciar=1)
    return application


@pytest.fixture(scope="module")
def enter(browser: Browser, run: Callable[..., Any], application: WebForms) -> Iterator[Enter]:
    """A portal of one's own."""
    contexts = []

    def opened(password: str = "clave", seconds: float = 20) -> Ventanilla:
        account = Account(application.url, "ana", lambda: password)

        # a portal listens to its context from the start, so both are made on the loop
        async def make() -> Ventanilla:
            contexts.append(await browser.context())
            return Ventanilla(contexts[-1], account, limits=Limits(visible=seconds))

        return run(make())

    yield opened
    for context in contexts:
        run(context.close())


@pytest.fixture(scope="module")
def kept(enter: Enter) -> Ventanilla:
    return enter()


@pytest.fixture
def portal(kept: Ventanilla, bench: WebForms) -> Ventanilla:
    """One portal for most tests: each call begins from wherever the last one left it."""
    return kept
