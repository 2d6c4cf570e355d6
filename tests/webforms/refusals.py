"""Expecting that a form refuses what was sent with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pages.contract.errors import FormRefused, WriteUncertain


@contextmanager
def refused(words: str) -> Iterator[None]:
    """What goes wrong in a submit is looked for in the portal; its cause says that it was refused,
    and in which words."""
    with pytest.raises(WriteUncertain, match=re.escape(words)) as raised:
        yield
    assert isinstance(raised.value.__cause__, FormRefused)
