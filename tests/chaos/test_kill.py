"""Killed at every boundary of a write: a short sample of ``make chaos``, with fixed plans."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.chaos.chain import run_chain
from tests.chaos.saboteur import BOUNDARIES, MAIL, Plan
from tests.support.due import KINDS
from tests.support.machine import FULL
from tests.support.mock import MockPortals
from tests.support.order import SAMPLE_SEED

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")

#: one case, and at each of its writes: before it, within it, and with its step recorded
WRITE_BY_WRITE = [
    Plan("any moment", "process", delay=3),
    Plan("before", "process", place="registro"),
    Plan("during", "process", place="registro", delay=0.02),
    Plan("recorded", "group", place="ensure_siac_case"),
    Plan("before", "group", place="toma"),
    Plan("pressed", "process", place="toma"),
    Plan("recorded", "process", place="take_case"),
    Plan("before", "process", place="NINTEX"),
    Plan("before", "driver", place="NINTEX"),
    Plan("confirmed", "group", place="NINTEX"),
    Plan("recorded", "process", place="file_request"),
    Plan("before", "group", place="cierre"),
    Plan("during", "group", place="cierre", delay=0.1),
    Plan("recorded", "process", place="close_case"),
    Plan("confirmed", "process", place=MAIL),
    Plan("before", "process", place="nota"),
    Plan("before", "browser", place="nota"),
    Plan("pressed", "group", place="nota"),
    Plan("recorded", "group", place="reply_to_client"),
]
#: kinds of cases, and the kills
CHAINS: dict[str, tuple[Sequence[str], Sequence[Plan]]] = {
    "longer": (
        KINDS,
        [
            Plan("any moment", "process", delay=6),
            Plan("before", "process"),
            Plan("during", "process", delay=0.02),
            Plan("pressed", "group"),
            Plan("before", "group", nth=2),
            Plan("confirmed", "process"),
            Plan("recorded", "process", nth=3),
            Plan("during", "group", nth=2, delay=0.1),
            Plan("confirmed", "group", nth=2),
            Plan("before", "process", place=MAIL),
            Plan("pressed", "process"),
            Plan("during", "process", delay=0.005, place=MAIL),
            Plan("confirmed", "group", place=MAIL),
        ],
    ),
    # whose robot lives on, starts another one and goes on
    "outlived": (
        ("misaligned",),
        [
            Plan("during", "browser", delay=0.05),
            Plan("pressed", "driver", place="Remedy"),
            Plan("confirmed", "browser", place="cierre"),
        ],
    ),
}


def taken(plans: Sequence[Plan]) -> Sequence[Plan]:
    """All of them in `make test-full`; in `make test` one at each boundary, in their order."""
    if FULL:
        return plans
    chance = random.Random(SAMPLE_SEED)
    of_each = {
        chance.choice([plan for plan in plans if plan.boundary == boundary])
        for boundary in BOUNDARIES
    }
    return [plan for plan in plans if plan in of_each]


def test_killed_at_any_write_nothing_is_lost_and_nothing_is_twice(
    mock: MockPortals, tmp_path: Path
) -> None:
    plans = taken(WRITE_BY_WRITE)
    result = run_chain(0, plans, mock, tmp_path, kinds=("configuration",))
    assert result.wrong == []
    assert sum(result.kills.values()) >= len(plans)


@pytest.mark.full
@pytest.mark.parametrize("chain", CHAINS)
def test_killed_anywhere_nothing_is_lost_and_nothing_is_twice(
    chain: str, mock: MockPortals, tmp_path: Path
) -> None:
    kinds, plans = CHAINS[chain]
    result = run_chain(0, plans, mock, tmp_path, kinds=kinds)
    assert result.wrong == []
    # Where no place is named, what a killed robot had done is a moment less for those after it.
    assert sum(result.kills.values()) >= len(plans) - (2 if chain == "longer" else 0)


#: at each write and after some steps; not between an e-mail and its note, which is its only witness
FORGOTTEN = {
    "configuration": [
        Plan("confirmed", "process", place="registro"),
        Plan("recorded", "group", place="take_case"),
        Plan("during", "process", place="NINTEX", delay=0.1),
        Plan("confirmed", "process", place="cierre"),
        Plan("before", "group", place=MAIL),
        Plan("confirmed", "process", place="nota"),
    ],
    "evidence": [
        Plan("pressed", "process", place="registro"),
        Plan("confirmed", "process", place="nota"),
        Plan("recorded", "process", place="ask_client"),
    ],
}


@pytest.mark.full
@pytest.mark.parametrize("kind", FORGOTTEN)
def test_with_the_robots_own_data_gone_the_portals_tell_what_was_done(
    kind: str, mock: MockPortals, tmp_path: Path
) -> None:
    plans = FORGOTTEN[kind]
    result = run_chain(0, plans, mock, tmp_path, kinds=(kind,), forgetful=True)
    assert (result.wrong, result.told) == ([], 0)
    assert sum(result.kills.values()) == len(plans)


@pytest.mark.full
@pytest.mark.parametrize(
    ("place", "kind", "doubled"),
    [
        ("registro", "configuration", "2 SIAC cases"),
        ("NINTEX", "configuration", "2 requests in NINTEX Activaciones"),
        ("Remedy", "misaligned", "2 requests in Remedy"),
    ],
)
def test_a_robot_that_does_not_look_first_is_caught(
    place: str, kind: str, doubled: str, mock: MockPortals, tmp_path: Path
) -> None:
    """The comparison can fail: the same kill, of a robot that trusts its own clicks. On fakes, in
    milliseconds, tests/unit/test_find_or_create.py shows the same."""
    kill = Plan("confirmed", "process", place=place)
    result = run_chain(0, [kill], mock, tmp_path, kinds=(kind,), blind=True)
    assert any(doubled in sentence for sentence in result.wrong)
