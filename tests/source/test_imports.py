"""What is pure loads without a browser's library and without the durable engine."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.machine import ROOT

pytestmark = pytest.mark.process

#: libraries that take seconds to load, and have no part in a decision
HEAVY = ("playwright", "dbos")


@pytest.mark.parametrize(
    "module",
    [
        "flows.rules.requests",
        "flows.rules.endings",
        "flows.rules.decision",
        "pages.contract.errors",
        "pages.contract.ports",
        "flows.procedure.filing",
        "flows.procedure.siac_case",
        "flows.runtime.idempotent_write",
        "robots.reconcile.compare",
        "inputs.reader",
    ],
)
def test_it_loads_alone(module: str) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {module}, sys; print(*sys.modules, sep='\\n')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert module in loaded
    assert not [name for name in loaded if name.partition(".")[0] in HEAVY]
