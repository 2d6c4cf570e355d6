"""The console while `cargofijo run` works with the same database, which one process does at a
time: it shows that run at work, and what it is given meanwhile waits its turn and is not lost."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable

import pytest

from robots.console.user_store import Role
from tests.support.console import PATIENCE, Place
from tests.support.lists import make_list
from tests.support.mini_world import MiniWorld
from tests.support.robot import done_with

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

ADVISOR_S, OF_LIST = 1, range(2, 6)


@pytest.fixture(scope="module")
def place(open_place: Callable[..., Place]) -> Place:
    mini = MiniWorld()
    for _ in range(OF_LIST.stop - 1):
        mini.configuration()
    return open_place(mini, ana=Role.ASESOR, oscar=Role.OPERADOR)


def test_a_night_run_is_seen_at_work_and_a_case_registered_meanwhile_waits(place: Place) -> None:
    advisor, operator = place.of("ana"), place.of("oscar")
    place.type_case(advisor, ADVISOR_S)
    advisor.get_by_role("button", name="Validar", exact=True).click()
    advisor.get_by_text("Procede", exact=True).wait_for(timeout=PATIENCE)
    advisor.get_by_role("button", name="Siguiente").click()
    place.mock.fault({"portal": "nintex", "kind": "slow", "ms": 3000, "times": 12})
    rows = [place.mini.rows[n - 1] for n in OF_LIST]
    path = make_list(place.folder / "noche.xlsx", *rows)
    run = place.robot.start("run", str(path), "--json")
    place.go(operator, "/casos?estado=En curso")
    operator.locator(f"a[href^='/caso/CF-{rows[0]['sec']}']").wait_for(timeout=PATIENCE)
    place.go(operator, "/corridas")
    operator.get_by_role("row", name="noche.xlsx").get_by_role("link").first.click()
    operator.get_by_text("En curso: 1").wait_for(timeout=PATIENCE)
    operator.get_by_role("button", name="Detener").click()
    operator.get_by_text("La trabaja otro proceso: deténgala allí.").wait_for()
    advisor.get_by_role("button", name="Registrar").click()
    advisor.get_by_text(
        "Otro proceso del robot trabaja ahora; los casos quedan en su cola."
    ).wait_for(timeout=PATIENCE)
    assert run.poll() is None, "all of that while it works"
    operator.get_by_text("4 de 4 filas terminadas").wait_for(timeout=PATIENCE)
    advisor.get_by_text("Paso 3 de 3 · Seguimiento").wait_for(timeout=PATIENCE)
    out, err = run.communicate(timeout=300)
    done = done_with(run.returncode, out, err)
    assert done.code == 0, err
    assert set(done.states().values()) == {("Atendido", None)}
    state, wanted = place.mock.state(), {row["sec"]: 1 for row in place.mini.rows}
    assert Counter(r["sec"] for r in state["nintex"]["activaciones"]) == wanted
    assert Counter(case["sec"] for case in state["siac"]["cases"]) == wanted
