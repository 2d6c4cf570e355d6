"""Portals' pages that change while everything works: told once, and nothing is done otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from robots.reports.display_names import NEWS_TITLE
from robots.reports.report_file import page_of
from tests.demo import write
from tests.support.lists import make_list
from tests.support.machine import ROOT
from tests.support.marks import needs
from tests.support.mini_world import MiniWorld
from tests.support.mock import SEEDS, MockPortals
from tests.support.robot import ATENDIDO, Done, Robot

BOSS = "jefa@claro.example"
EMPTY = ("<th></th></tr>", '<th scope="col"></th></tr>', '<th scope="col">&nbsp;</th></tr>')
COLUMN = [
    {"portal": "sisact", "before": "Ver</a></td></tr>", "now": "Ver</a></td><td>No</td></tr>"},
    *(
        {"portal": "sisact", "before": before, "now": f"{before[:-5]}<th>Observado</th></tr>"}
        for before in EMPTY
    ),
]
FIELD = {
    "portal": "siac",
    "before": "Datos de la plantilla</legend>",
    "now": "Datos de la plantilla</legend><table><tr><td><label for=observado>Observado por</label>"
    "</td><td><input id=observado></td></tr></table>",
}
OPTION = {
    "portal": "nintex",
    "before": "Corrección de topes de consumo</option>",
    "now": 'Corrección de topes de consumo</option><option value="9;#X">Traslado de línea</option>',
}
#: found by its number, and in spite of another spelling
LABEL = {"portal": "remedy", "before": "Razón social", "now": "Nombre de la empresa"}
SPELLED = {"portal": "siac", "before": "Campaña ofrecida", "now": "CAMPAÑA OFRECIDA"}
TOLD = {
    "column": (
        COLUMN,
        "SISACT, página «Consulta de SEC»: columna nueva «Observado» en la tabla «Resultado de la "
        "consulta».",
    ),
    "field": ([FIELD], "SIAC Único, página «Registrar caso»: campo nuevo «Observado por»."),
    "option": (
        [OPTION],
        "NINTEX activaciones, página «Nuevo elemento»: opción nueva «Traslado de línea» en la "
        "lista «Tipo de solicitud».",
    ),
    "label": (
        [LABEL],
        "Remedy, página «Nueva incidencia»: el campo «Razón social» ahora se llama «Nombre de la "
        "empresa».",
    ),
    "spelling": (
        [SPELLED],
        "SIAC Único, página «Registrar caso»: el campo «Campaña ofrecida» ahora se llama «CAMPAÑA "
        "OFRECIDA».",
    ),
}


class Nights:
    """A robot's nights, each with a case of each system."""

    def __init__(self, mock: MockPortals, folder: Path, nights: int) -> None:
        self.mini = MiniWorld()
        for _ in range(nights):
            self.mini.configuration()
            self.mini.misaligned()
            self.mini.with_evidence(folder)
        mock.reset(self.mini.world)
        self.mock, self.folder, self.night = mock, folder, 0
        self.robot = Robot(mock, folder / "robot", CARGOFIJO_SMTP__OPERATOR=BOSS)

    def works(self) -> list[str]:
        """What the next night's report tells, and its e-mail too."""
        rows = self.mini.rows[3 * self.night : 3 * self.night + 3]
        self.night += 1
        done = self.robot.run(make_list(self.folder / f"lista{self.night}.xlsx", *rows))
        assert set(done.states().values()) == {ATENDIDO}, done.err
        news = told_by(done)
        mail = next(one for one in reversed(self.mock.state()["mail"]) if one["to"] == [BOSS])
        assert (NEWS_TITLE in mail["text"]) == bool(news)
        assert all(sentence in mail["text"] for sentence in news)
        return news

    def checked(self) -> Any:
        """What `check` tells, on the screen and to scripts."""
        done = self.robot.call("check", "--json")
        assert done.code == 0, done.out + done.err
        assert all(one["what"] in done.err for one in done.summary["news"])
        return done.summary["news"]


def told_by(done: Done) -> list[str]:
    """The radar's sentences in the workbook, which the page has too."""
    path = Path(done.summary["report"])
    texts = [str(row[0]) for row in load_workbook(path)["Resumen"].iter_rows(values_only=True)]
    page = page_of(path).read_text(encoding="utf-8")
    assert (NEWS_TITLE in page) == (NEWS_TITLE in texts)
    if NEWS_TITLE not in texts:
        return []
    start = texts.index(NEWS_TITLE) + 1
    news = texts[start : texts.index("None", start)]
    assert all(sentence in page for sentence in news)
    return news


def changed(names: Iterable[str]) -> tuple[list[Any], list[str]]:
    """All of these changes, and what is told of them."""
    return [one for name in names for one in TOLD[name][0]], [TOLD[name][1] for name in names]


def test_what_changes_is_told_in_the_report_and_by_e_mail_and_all_ends_as_before(
    mock: MockPortals, tmp_path: Path
) -> None:
    nights = Nights(mock, tmp_path, 2)
    assert nights.works() == []
    changes, sentences = changed(TOLD)
    mock.reword(*changes)
    assert sorted(nights.works()) == sorted(sentences)


@pytest.mark.full
@pytest.mark.parametrize("name", TOLD)
def test_each_change_is_told_once(mock: MockPortals, tmp_path: Path, name: str) -> None:
    nights = Nights(mock, tmp_path, 4)
    assert nights.works() == []
    mock.reword(*TOLD[name][0])
    assert nights.works() == [TOLD[name][1]]
    assert nights.works() == []
    mock.reword()  # as it was
    (back,) = nights.works()
    assert back != TOLD[name][1]


@pytest.mark.full
def test_check_tells_it_once_too(mock: MockPortals, tmp_path: Path) -> None:
    nights = Nights(mock, tmp_path, 2)
    assert nights.works() == []
    assert nights.checked() == []
    mock.reword(FIELD, OPTION, LABEL, *COLUMN)
    found = [f"{one['portal']} {one['page']} {one['what']}" for one in nights.checked()]
    assert sorted(found) == [
        "nintex Nuevo elemento opción nueva «Traslado de línea» en la lista «Tipo de solicitud»",
        "remedy Nueva incidencia el campo «Razón social» ahora se llama «Nombre de la empresa»",
        "siac Registrar caso campo nuevo «Observado por»",
        "sisact Consulta de SEC columna nueva «Observado» en la tabla «Resultado de la consulta»",
    ]
    assert nights.checked() == []
    assert len(nights.works()) == 4  # the operator has not heard of it yet
    assert nights.checked() == []


@pytest.fixture(params=[0, *SEEDS[:3]])
@needs("process")
def demo(request: pytest.FixtureRequest) -> Iterator[MockPortals]:
    """The demo's portals, each time in another layout."""
    with MockPortals("--seed", str(request.param)) as started:
        yield started


@pytest.mark.full
def test_the_demo_list_over_again_tells_nothing(demo: MockPortals, tmp_path: Path) -> None:
    """Each time as new, in portals that know nothing of the time before."""
    robot, path = Robot(demo, tmp_path / "robot"), ROOT / write.LIST
    done = robot.run(path, "--seats", "2")
    valid = [id for id, row in done.rows.items() if row["Estado"] != "Dato inválido"]
    demo.reset()
    again = robot.run(path, "--seats", "2", *(text for id in valid for text in ("--again", id)))
    assert again.states() == done.states()
    assert told_by(done) == told_by(again) == []
