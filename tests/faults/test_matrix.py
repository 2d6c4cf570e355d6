"""Every fault that a portal can have, at every page that the robot visits.

Once, and from then on always: the step ends as if nothing had happened, or `Falla técnica` with a
sentence that says portal, page and fault; what the portals hold is whole and there once, and the
step that is tried again without the fault finds or makes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.rules.case import Estado
from flows.rules.endings import Ending
from tests.faults.bench import Bench
from tests.faults.matrix import LASTING, LOGINS, MATRIX, VISITS, Visit
from tests.support.marks import needs
from tests.support.mock import MockPortals

PORTALS = {"sisact": "SISACT", "siac": "SIAC Único", "nintex": "NINTEX", "remedy": "Remedy"}


@pytest.fixture(scope="module")
@needs("browser")
def bench(run: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    mock = MockPortals("--seed", "1", "--session-idle", "3600")
    built = Bench(mock, run, tmp_path_factory.mktemp("faults"))
    yield built
    built.end()
    mock.stop()


@pytest.fixture(scope="module")
def good(bench: Bench) -> Callable[[Visit], Any]:
    """What a step gives and leaves in the portals without any fault."""
    known: dict[tuple[str, int], Any] = {}

    def ask(visit: Visit) -> Any:
        key = visit.step, visit.serial
        if key not in known:
            bench.begin(bench.folder / f"good-{len(known)}", *key)
            known[key] = bench.tried(visit.visit(bench)), bench.held()
            assert not isinstance(known[key][0], Ending), known[key][0]
        return known[key]

    return ask


def name(value: Any) -> str:
    return f"{value.portal} {value.page}" if isinstance(value, Visit) else str(value)


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("visit", "kind", "times"),
    [(*once, 1) for once in MATRIX] + [(*always, 1000) for always in LASTING],
    ids=name,
)
def test_a_fault_costs_at_most_a_later_run(
    visit: Visit,
    kind: str,
    times: int,
    bench: Bench,
    good: Callable[[Visit], Any],
    tmp_path: Path,
) -> None:
    expected, whole = good(visit)
    bench.begin(tmp_path, visit.step, visit.serial)
    before = bench.held()
    if visit.login:
        bench.leave(visit.portal)
    bench.mock.fault(
        {
            "portal": visit.portal,
            "method": visit.method,
            "path": f"^{re.escape(visit.path)}$",
            "kind": kind,
            "ms": 700,
            "times": times,
        }
    )
    ended = bench.tried(visit.visit(bench))
    if visit.login:
        bench.leave(visit.portal)  # the way out has pages too
    if isinstance(ended, Ending):
        assert ended.estado is Estado.FALLA_TECNICA, ended
        told = f"{PORTALS[visit.portal]}, .+: .+\\."
        if times > 1:  # each try within its limits, and all of them in the step's
            told += f"|El paso «.+» no terminó .+ Lo último fue {PORTALS[visit.portal]}, .+\\."
        assert re.fullmatch(told, ended.detail), ended.detail
    else:
        assert ended == expected
        assert bench.held() == whole
    for kind_of_record, records in bench.held().items():
        assert len(records) <= len(whole[kind_of_record]), "a duplicate"
        complete = before[kind_of_record] + whole[kind_of_record]
        assert all(record in complete for record in records), "half filled"

    bench.mock.call("DELETE", "/faults")
    bench.services.breakers.may_be_tried()  # as a later run does, also after a refused password
    assert bench.tried(visit.visit(bench)) == expected
    assert bench.held() == whole


@pytest.mark.full
def test_these_are_all_the_pages_that_a_robot_visits(bench: Bench) -> None:
    requests = {(r["portal"], r["method"], r["path"]) for r in bench.mock.state()["requests"]}
    assert requests <= LOGINS | {(visit.portal, visit.method, visit.path) for visit in VISITS}
