"""Input that cannot be used: one Spanish sentence, exit code 2, and nothing touched."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.support.lists import PROTECTED, good, make_list
from tests.support.mock import MockPortals
from tests.support.robot import Robot

LISTS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "no such file": (lambda path: None, ("No existe", "lista.xlsx")),
    "a folder": (lambda path: path.mkdir(), ("es una carpeta",)),
    "not a workbook": (
        lambda path: path.write_text("ID;RUC\n1;2\n"),
        ("lista.xlsx no es un libro de Excel",),
    ),
    "half a workbook": (
        lambda path: path.write_bytes(make_list(path, good()).read_bytes()[:3000]),
        ("lista.xlsx está dañado",),
    ),
    "protected by a password": (
        lambda path: shutil.copy(PROTECTED, path),
        ("lista.xlsx está protegido con contraseña",),
    ),
    "open in another program": (
        lambda path: make_list(path, good()).with_name("~$lista.xlsx").touch(),
        ("lista.xlsx está abierto en otro programa", "~$lista.xlsx"),
    ),
    "columns that are missing": (
        lambda path: headers_only(path, "ID", "N° SEC", "Líneas", "Contacto"),
        ("«Fecha de solicitud»", "«Canal»", "«RUC»", "«Cargo fijo ofrecido»",
         "«DNI del contacto»", "«Correo del cliente»"),
    ),
    "no rows": (lambda path: make_list(path), ("lista.xlsx no tiene ningún caso",)),
}  # fmt: skip

REPORTS: dict[str, tuple[str, Callable[[Path], object], tuple[str, ...]]] = {
    "in a folder that is not there": (
        "no/informe.xlsx",
        lambda path: None,
        ("informe.xlsx", "no existe la carpeta"),
    ),
    "a folder": ("informe.xlsx", lambda path: path.mkdir(), ("es una carpeta",)),
    "not a workbook": ("informe.html", lambda path: None, ("debe acabar en .xlsx",)),
    "the list itself": ("lista.xlsx", lambda path: None, ("no puede reemplazar a la lista",)),
    "open in Excel": (
        "informe.xlsx",
        lambda path: path.with_name("~$informe.xlsx").touch(),
        ("informe.xlsx está abierto en otro programa", "~$informe.xlsx"),
    ),
    "open in LibreOffice": (
        "informe.xlsx",
        lambda path: path.with_name(".~lock.informe.xlsx#").touch(),
        ("informe.xlsx está abierto en otro programa",),
    ),
    "with a page that cannot be replaced": (
        "informe.xlsx",
        lambda path: path.with_suffix(".html").mkdir(),
        ("informe.html", "es una carpeta"),
    ),
}


def headers_only(path: Path, *headers: str) -> None:
    workbook = Workbook()
    assert workbook.active is not None
    workbook.active.append(headers)
    workbook.save(path)


@pytest.fixture
def robot(mock_process: MockPortals, tmp_path: Path) -> Robot:
    mock_process.reset()
    return Robot(mock_process, tmp_path / "robot")


def refused(robot: Robot, *arguments: str) -> str:
    """The one sentence; neither the portals nor the robot's record were touched."""
    done = robot.call(*arguments)
    (sentence,) = done.err.strip().splitlines()
    assert sentence.endswith((".", "?"))
    assert (done.code, done.out) == (2, "")
    assert robot.mock.state()["requests"] == []
    assert not list((robot.folder / "var").glob("cargofijo*"))
    return sentence


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_cannot_be_used(name: str, robot: Robot, tmp_path: Path) -> None:
    make, said = LISTS[name]
    make(tmp_path / "lista.xlsx")
    sentence = refused(robot, "run", str(tmp_path / "lista.xlsx"))
    assert [part for part in said if part not in sentence] == []


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_that_could_not_be_written(name: str, robot: Robot, tmp_path: Path) -> None:
    path, make, said = REPORTS[name]
    listed = make_list(tmp_path / "lista.xlsx", good())
    before = listed.read_bytes()
    make(tmp_path / path)
    there = sorted(tmp_path.rglob("*"))
    sentence = refused(robot, "run", str(listed), "--report", str(tmp_path / path))
    assert [part for part in said if part not in sentence] == []
    assert listed.read_bytes() == before
    left = [path for path in tmp_path.rglob("*") if robot.folder not in (path, *path.parents)]
    assert sorted(left) == there


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CARGOFIJO_PORTALS__NINTEX__URL", "", "CARGOFIJO_PORTALS__NINTEX__URL"),
        ("CARGOFIJO_SMTP__HOST", "", "CARGOFIJO_SMTP__HOST"),
        ("CARGOFIJO_PORTALS__SIAC__URLL", "x", "¿quiso decir CARGOFIJO_PORTALS__SIAC__URL?"),
        ("CARGOFIJO_POLICY__APPROVALS", "POSTVENTA", "se espera JSON"),
    ],
)
def test_a_setting_that_is_missing_or_wrong(
    name: str, value: str, said: str, robot: Robot, tmp_path: Path
) -> None:
    robot.settings[name] = value
    assert said in refused(robot, "run", str(make_list(tmp_path / "lista.xlsx", good())))


def test_a_typo_in_the_file(robot: Robot, tmp_path: Path) -> None:
    robot.folder.mkdir()
    (robot.folder / "cargofijo.toml").write_text("[portals.remedi]\nurl = 'http://x'\n")
    sentence = refused(robot, "run", str(make_list(tmp_path / "lista.xlsx", good())))
    assert sentence.endswith("¿quiso decir portals.remedy?")


def test_a_folder_that_cannot_be_written(robot: Robot, tmp_path: Path) -> None:
    robot.settings["CARGOFIJO_VAR_DIR"] = str(make_list(tmp_path / "lista.xlsx", good()))
    done = robot.call("run", str(tmp_path / "lista.xlsx"))
    assert done.code == 3
    (sentence,) = done.err.strip().splitlines()
    assert "CARGOFIJO_VAR_DIR" in sentence
