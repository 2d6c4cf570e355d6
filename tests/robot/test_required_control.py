"""A portal's form that has come to ask for something nobody has mapped: nothing is sent to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import ATENDIDO, Robot

LABEL = "Motivo del cliente"
ADDED = {
    "SIAC Único": {
        "portal": "siac",
        "before": "Datos de la plantilla</legend>",
        "now": "Datos de la plantilla</legend><table><tr><td><label for=motivo>"
        f"{LABEL}: *</label></td><td><input id=motivo></td></tr></table>",
    },
    "NINTEX": {
        "portal": "nintex",
        "before": '<a href="#" class="nf-attachmentsLink">',
        "now": f"<div class=nf-filler-control-border><label>{LABEL}<span> *</span></label>"
        '<div class=nf-filler-control data-controlname=Motivo><input class="nf-associated-control">'
        '</div></div><a href="#" class="nf-attachmentsLink">',
    },
}


@pytest.mark.sample(1)
@pytest.mark.parametrize("portal", ADDED)
def test_nothing_is_sent_until_it_asks_for_it_no_more(
    portal: str, mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.configuration()
    mock.reset(mini.world)
    mock.reword(ADDED[portal])
    path = mini.list_at(tmp_path / "lista.xlsx")
    done = robot.run(path)
    assert done.states() == {"1": ("Falla técnica", "PAGINA_CAMBIADA")}, done.err
    assert f"«{LABEL}»" in done.rows["1"]["Detalle"]
    assert portal in done.rows["1"]["Detalle"]
    state = mock.state()
    assert not state["nintex"]["activaciones"]
    assert len(state["siac"]["cases"]) == (portal != "SIAC Único")

    mock.reword()
    assert robot.run(path).states() == {"1": ATENDIDO}
    state = mock.state()
    assert len(state["nintex"]["activaciones"]) == len(state["siac"]["cases"]) == 1
