"""A long list: all of its rows are read, in little memory. The benchmark states the time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.read_list import ROWS, measure
from tests.support.lists import long_list
from tests.support.machine import FULL

#: the benchmark's 20,000 rows in `make test-full`
LENGTH = ROWS if FULL else ROWS // 5
#: a process that has read no row takes 40
MOST = 40 + LENGTH // 125


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="reads its peak from /proc")
def test_every_row_is_read_in_little_memory(tmp_path: Path) -> None:
    found = measure(long_list(tmp_path / "larga.xlsx", LENGTH))
    assert (found.rows, found.valid) == (LENGTH, LENGTH)
    assert 20 < found.megabytes < MOST
