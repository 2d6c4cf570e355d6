"""What is pure loads without a browser's library and without the durable engine."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.machine import ROOT

pytestmark = pytest.mark.process

#: libraries that take seconds to load, and have no part in a decision
HEAVY = {"playwright", "dbos"}
#: what help, completion and passwords wait for no more than for those
OF_THE_WORK = {"sqlalchemy", "openpyxl", "jinja2", "nicegui"}


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
        "robots.record",
        "robots.reports.write_report",
    ],
)
def test_it_loads_alone(module: str) -> None:
    assert not loaded_with(module) & HEAVY


def test_help_waits_for_no_library_of_the_work() -> None:
    assert not loaded_with("robots.cli.app") & (HEAVY | OF_THE_WORK)


def loaded_with(module: str) -> set[str]:
    """The libraries of a fresh interpreter that has imported it."""
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {module}, sys; print(*sys.modules, sep='\\n')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert module in loaded
    return {name.partition(".")[0] for name in loaded}
