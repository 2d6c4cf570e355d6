"""The sweep tells what it is there to tell: a difference, a traceback, a refusal."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from inputs.sheet_xml import read_rows
from tests.inputs import sweep
from tests.support.lists import good, make_list


@pytest.fixture
def books(tmp_path: Path) -> Path:
    rows = [good(fecha_solicitud=date(2026, 11, 3), id=7), good(sec="9", observaciones=True)]
    make_list(tmp_path / "lista.xlsx", *rows)
    (tmp_path / "más").mkdir()
    (tmp_path / "más" / "nada.xlsx").write_bytes(b"nada")
    return tmp_path


def swept(folder: Path) -> tuple[bool, list[sweep.Found]]:
    all_found = [sweep.look_at(path) for path in sweep.workbooks([folder])]
    return sweep.tell(all_found), all_found


def test_what_three_readers_agree_on(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fine, (book, other) = swept(books)
    assert fine
    assert book.compared == {"openpyxl", "python-calamine"}
    assert (book.differences, book.cells) == ([], 17 + 2 * 9 + 2)
    assert not other.compared
    told = capsys.readouterr().out
    assert "1  leído como lista" in told
    assert "1  X no es un libro de Excel" in told


def test_what_they_do_not_agree_on(
    books: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def shifted(*given: Any, **named: Any) -> Any:
        return ((number, cells[1:]) for number, cells in read_rows(*given, **named))

    monkeypatch.setattr("inputs.workbook.read_rows", shifted)
    fine, _ = swept(books)
    assert not fine
    assert "SIN EXPLICAR" in capsys.readouterr().out


def test_a_traceback(
    books: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise AssertionError("a defect")

    monkeypatch.setattr("inputs.workbook.read_rows", broken)
    assert not swept(books)[0]
    assert "AssertionError: a defect" in capsys.readouterr().out
