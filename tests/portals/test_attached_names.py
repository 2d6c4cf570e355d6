"""Files under other names than their own, in both forms that take files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from flows.rules.attachments import attached_as
from pages.contract.errors import FormRefused
from pages.contract.nintex import Site
from pages.contract.request_records import Attachment
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from tests.support import nintex_samples, remedy_samples
from tests.support.mock import MockPortals
from tests.support.seats import Seats

NAMES = ("oferta #2: 25%.eml", ".oculta..eml", f"{'larga ' * 40}.pdf", "carta.pdf", "dos/Carta.pdf")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, ...]:
    made = tuple(tmp_path / name for name in NAMES)
    (tmp_path / "dos").mkdir()
    for file in made:
        file.write_bytes(file.name.encode())
    return made


def renamed(files: tuple[Path, ...]) -> tuple[Attachment, ...]:
    names = attached_as(file.name for file in files)
    return tuple(Attachment(name=n, path=file) for n, file in zip(names, files, strict=True))


def held(files: tuple[Attachment, ...]) -> list[dict[str, str]]:
    return [
        {"name": file.name, "sha256": hashlib.sha256(file.path.read_bytes()).hexdigest()}
        for file in files
    ]


def test_nintex_has_them_under_the_names_that_it_takes(
    mock: MockPortals, seats: Seats, files: tuple[Path, ...], run: Any
) -> None:
    mock.reset(nintex_samples.WORLD)
    nintex = seats.open(NintexPortal, mock)
    draft = nintex_samples.draft().model_copy(update={"adjuntos": renamed(files)})
    run(nintex.file(Site.ACTIVACIONES, draft))
    kept = mock.state()["nintex"]["activaciones"][-1]
    assert kept["attachments"] == held(draft.adjuntos)
    (found,) = run(nintex.search(Site.ACTIVACIONES, draft.sec))
    assert found.adjuntos == tuple(file.name for file in draft.adjuntos)
    assert nintex.altered_fields(draft, found) == ()
    assert all(file.is_file() for file in files), "each keeps its own name"


@pytest.mark.full
def test_remedy_has_them_too(
    mock: MockPortals, seats: Seats, files: tuple[Path, ...], run: Any
) -> None:
    mock.reset(remedy_samples.world())
    remedy = seats.open(RemedyPortal, mock)
    draft = remedy_samples.draft().model_copy(update={"adjuntos": renamed(files)})
    run(remedy.file(draft))
    (kept,) = mock.state()["remedy"]["incidents"]
    assert kept["attachments"] == held(draft.adjuntos)
    (found,) = run(remedy.search(draft.sec))
    assert remedy.altered_fields(draft, found) == ()


@pytest.mark.sample(1, of="a name that SharePoint refuses")
@pytest.mark.parametrize("name", ["a#b.pdf", "a..b.pdf", ".a.pdf", "a%.pdf", f"{'x' * 125}.pdf"])
def test_the_portal_refuses_such_a_name(
    name: str, mock: MockPortals, seats: Seats, tmp_path: Path, run: Any
) -> None:
    mock.reset(nintex_samples.WORLD)
    nintex = seats.open(NintexPortal, mock)
    file = tmp_path / name
    file.write_bytes(b"%PDF-")
    with pytest.raises(FormRefused, match="Adjuntos: el nombre del archivo"):
        run(nintex.file(Site.ACTIVACIONES, nintex_samples.draft(file)))
    assert mock.state()["writes"] == 0
