"""What the documents say of settings, states and files is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from flows.rules.case import Estado, Motivo
from robots.settings import PORTALS, Settings, load_settings
from tests.docs.reading import DOCUMENTS, blocks
from tests.support.machine import ROOT, forget_settings

README, OPERADOR = ROOT / "README.md", ROOT / "docs" / "operador.md"
#: Folders at the root: a path that begins with one of them is the project's.
ROOMS = ("robots", "flows", "pages", "inputs", "mock_portals", "tests", "docs")
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")


def settings_of(toml: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(folder)
    forget_settings(monkeypatch)
    (folder / "cargofijo.toml").write_text(toml, encoding="utf-8")
    return load_settings()


def leaves(model: BaseModel, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            found |= leaves(value, (*path, name))
        elif name not in ("password", "key"):  # never in the file
            found[*path, name] = value
    return found


def test_the_example_of_the_readme_names_every_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = (body for kind, body in blocks(README) if kind == "toml")
    assert settings_of(example, tmp_path, monkeypatch)
    all_on = re.sub(r"^# (?=\w+ = )", "", example, flags=re.MULTILINE)
    given = settings_of(all_on, tmp_path, monkeypatch).model_fields_set
    assert given == set(Settings.model_fields)
    named = set(re.findall(r"^(?:# )?(\w+) = ", example, re.MULTILINE))
    assert named == {path[-1] for path in leaves(Settings())}
    for portal in PORTALS:
        assert f"[portals.{portal}]" in example


def test_the_example_of_the_readme_shows_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = (body for kind, body in blocks(README) if kind == "toml")
    shown = leaves(settings_of(example, tmp_path, monkeypatch))
    own = {path for path in shown if path[0] == "portals" or path in OF_A_COMPANY}
    (tmp_path / "cargofijo.toml").unlink()
    defaults = leaves(load_settings())
    assert {path: value for path, value in shown.items() if path not in own} == {
        path: value for path, value in defaults.items() if path not in own
    }


OF_A_COMPANY = {("smtp", "host"), ("smtp", "sender")}


def test_other_examples_of_settings_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = [
        body for document in DOCUMENTS[1:] for kind, body in blocks(document) if kind == "toml"
    ]
    assert examples
    for example in examples:
        assert settings_of(example, tmp_path, monkeypatch).model_fields_set


def first_cells(document: Path, title: str) -> list[str]:
    """The first column of the table whose header begins with this."""
    text = document.read_text(encoding="utf-8")
    table = text.split(f"\n| {title} |", 1)[1].split("\n\n", 1)[0]
    return [row.split("|")[1].strip() for row in table.splitlines()[2:]]


def test_the_operator_is_told_of_every_estado_and_every_motivo() -> None:
    assert first_cells(OPERADOR, "Estado") == [estado.value for estado in Estado]
    assert first_cells(OPERADOR, "Motivo") == [motivo.value for motivo in Motivo]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for path, anchor in LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in path:
            continue
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), path
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8").replace("\\", "/")
    named = re.findall(rf"(?<![\w./-])(?:{'|'.join(ROOMS)})/[\w./*-]*", text)
    assert [path for path in named if not any(ROOT.glob(path.rstrip("./")))] == []


def slug(heading: str) -> str:
    """As GitHub makes an anchor of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
