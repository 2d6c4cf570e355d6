"""Which tests run, and in which order."""

from __future__ import annotations

import os
import random

import pytest

from tests.support.machine import FULL

SAMPLE_SEED = os.environ.get("CARGOFIJO_TEST_SEED", "1")
#: the longest first: at the end, everything else would be waiting for them
LONGEST = (
    "test_main_job.py",
    "test_kill.py",
    "test_worker.py",
    "test_find_or_create.py",
    "test_procedure.py",
)


def left_out(items: list[pytest.Item]) -> set[pytest.Item]:
    """All but n cases of ``@pytest.mark.sample(n)`` in a test, or in all tests that name the same
    promise (``of="…"``), the same for each seed; and all of ``@pytest.mark.full``. Nothing in
    `make test-full`."""
    if FULL:
        return set()
    found = {item for item in items if item.get_closest_marker("full")}
    matrices: dict[str, list[pytest.Item]] = {}
    counts: dict[str, int] = {}
    for item in items:
        *_, marker = None, *item.iter_markers("sample")  # the last is of its narrowest parameter
        if marker and item not in found:
            name = marker.kwargs.get("of") or item.nodeid.partition("[")[0]
            matrices.setdefault(name, []).append(item)
            counts[name] = marker.args[0]
    for name, cases in matrices.items():
        chance = random.Random(f"{SAMPLE_SEED} {name}")
        found |= {*cases} - {*chance.sample(cases, min(counts[name], len(cases)))}
    return found


def by_length(item: pytest.Item) -> int:
    return LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST)
