"""Each guard that the removals take out still stands where it is said to, once."""

from __future__ import annotations

import pytest

from tests.portals.guards import TRIALS, Trial
from tests.support.machine import ROOT


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_a_guard_stands_where_it_is_said_to(trial: Trial) -> None:
    folder, _, name = trial.test.partition("::")
    tests = (ROOT / "tests" / "portals" / folder).read_text(encoding="utf-8")
    assert f"def {name}(" in tests
    for care in trial.cares:
        assert (ROOT / care.file).read_text(encoding="utf-8").count(care.code) == 1, care
        assert care.naive != care.code
