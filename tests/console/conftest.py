"""What the tests of the console in a browser share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from robots.console.user_store import Role
from tests.support.console import Place, a_place, chromium
from tests.support.marks import needs
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals

OpenPlace = Callable[..., Place]


@pytest.fixture(scope="module")
@needs("browser")
def window() -> Iterator[Browser]:
    """A person's own browser."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
@needs("browser")
def open_place(
    mock_process: MockPortals, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenPlace]:
    """A `Place` with this world, and people by their names and roles."""
    with ExitStack() as stack:

        def opens(mini: MiniWorld, **people: Role) -> Place:
            folder = tmp_path_factory.mktemp("place")
            return stack.enter_context(a_place(mock_process, folder, mini, **people))

        yield opens
