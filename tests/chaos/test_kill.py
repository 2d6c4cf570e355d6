"""Killed at every boundary of a write: a short sample of ``make chaos``, with fixed plans."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.chaos.chain import KINDS, run_chain
from tests.chaos.saboteur import Plan
from tests.conftest import MockPortals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")

#: kinds of cases, and the kills
CHAINS: dict[str, tuple[Sequence[str], Sequence[Plan]]] = {
    "robot": (
        ("configuration", "evidence"),
        [
            Plan("before", "process"),
            Plan("during", "process", delay=0.02),
            Plan("pressed", "group"),
            Plan("confirmed", "process"),
            Plan("during", "group", delay=0.1),
            Plan("mail before", "process"),
            Plan("mail sent", "process"),
            Plan("recorded", "group"),
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
            Plan("mail before", "process"),
            Plan("pressed", "process"),
            Plan("mail during", "process", delay=0.005),
            Plan("mail sent", "group"),
        ],
    ),
    # whose robot lives on, starts another one and goes on
    "browser": (("configuration",), [Plan("during", "browser", nth=2, delay=0.05)]),
    "driver": (("misaligned",), [Plan("pressed", "driver", nth=2)]),
}


@pytest.mark.parametrize(
    "chain",
    [pytest.param(name, marks=pytest.mark.full if name != "robot" else ()) for name in CHAINS],
)
def test_killed_anywhere_nothing_is_lost_and_nothing_is_twice(
    chain: str, mock: MockPortals, tmp_path: Path
) -> None:
    kinds, plans = CHAINS[chain]
    result = run_chain(0, plans, mock, tmp_path, kills=len(plans), kinds=kinds)
    assert result.wrong == []
    # What a killed robot had done already is a moment less for the ones after it.
    assert sum(result.kills.values()) >= max(1, len(plans) - 2)


def test_a_robot_that_does_not_look_first_is_caught(mock: MockPortals, tmp_path: Path) -> None:
    """The comparison can fail: the same kill, of a robot that trusts its own clicks."""
    kill, never = (Plan("confirmed", "process", nth=n, blind=True) for n in (1, 1000))
    result = run_chain(0, [kill, never], mock, tmp_path, kinds=("configuration",))
    assert any("2 SIAC cases" in sentence for sentence in result.wrong)
