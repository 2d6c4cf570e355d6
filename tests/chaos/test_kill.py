"""Killed at every boundary of a write: a short sample of ``make chaos``, with fixed plans."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.chaos.chain import run_chain
from tests.chaos.saboteur import MAIL, Plan
from tests.support.due import KINDS
from tests.support.mock import MockPortals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")

#: kinds of cases, and the kills
CHAINS: dict[str, tuple[Sequence[str], Sequence[Plan]]] = {
    # one case, and at each of its writes: before it, within it, and with its step recorded
    "write by write": (
        ("configuration",),
        [
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
        ],
    ),
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


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param(name, marks=() if name == "write by write" else pytest.mark.full)
        for name in CHAINS
    ],
)
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


@pytest.mark.parametrize(
    ("place", "kind", "doubled"),
    [
        ("registro", "configuration", "2 SIAC cases"),
        pytest.param(
            "NINTEX", "configuration", "2 requests in NINTEX Activaciones", marks=pytest.mark.full
        ),
        pytest.param("Remedy", "misaligned", "2 requests in Remedy", marks=pytest.mark.full),
    ],
)
def test_a_robot_that_does_not_look_first_is_caught(
    place: str, kind: str, doubled: str, mock: MockPortals, tmp_path: Path
) -> None:
    """The comparison can fail: the same kill, of a robot that trusts its own clicks."""
    kill = Plan("confirmed", "process", place=place)
    result = run_chain(0, [kill], mock, tmp_path, kinds=(kind,), blind=True)
    assert any(doubled in sentence for sentence in result.wrong)
