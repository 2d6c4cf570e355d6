"""What the tests of the page objects share: places in the browser, and a request for NINTEX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext

from pages.contract.nintex import NintexDraft
from pages.core.browser import Browser
from tests.support import nintex_samples
from tests.support.modes import OTHERS, Mode
from tests.support.seats import Seats


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every page in every mode; a test has its own name in the one that the robot finds."""
    if "browser" in metafunc.fixturenames:
        modes = [pytest.param(Mode.ANY, id=pytest.HIDDEN_PARAM), *OTHERS]
        metafunc.parametrize("browser", modes, indirect=True, scope="session")


@pytest.fixture
def seats(browser: Browser, run: Callable[..., Any]) -> Iterator[Seats]:
    with Seats(browser, run) as opened:
        yield opened


@pytest.fixture(scope="module")
def kept_seats(browser: Browser, run: Callable[..., Any]) -> Iterator[Seats]:
    """For a portal that several tests work with, one after the other."""
    with Seats(browser, run) as opened:
        yield opened


@pytest.fixture
def context(browser: Browser, run: Callable[..., Any]) -> Iterator[BrowserContext]:
    """For a page that is no portal's."""
    made = run(browser.context())
    yield made
    run(made.close())


@pytest.fixture
def adjuntos(tmp_path: Path) -> tuple[Path, ...]:
    files = (tmp_path / "correo del ejecutivo.msg", tmp_path / "descripción.png")
    for file in files:
        file.write_bytes(file.name.encode() * 1000)
    return files


@pytest.fixture
def draft(adjuntos: tuple[Path, ...]) -> NintexDraft:
    return nintex_samples.draft(*adjuntos)
