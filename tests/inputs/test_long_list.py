"""A list of 20,000 rows: all of them read, in little memory. The benchmark states the time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.read_list import ROWS, measure
from tests.support.lists import long_list

MEGABYTES = 200


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="reads its peak from /proc")
def test_twenty_thousand_rows(tmp_path: Path) -> None:
    found = measure(long_list(tmp_path / "larga.xlsx", ROWS))
    assert (found.rows, found.valid) == (ROWS, ROWS)
    assert 20 < found.megabytes < MEGABYTES
