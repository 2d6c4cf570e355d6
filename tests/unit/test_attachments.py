"""The names under which files are attached, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flows.rules.attachments import attached_as, told_renamed
from flows.rules.case import Estado
from tests.support.fake_portals import FakePortals, names_hold
from tests.support.mini_world import MiniWorld
from tests.support.procedure import Robot, finish, quick_ledger

EML = b"From: a@b.example\r\nSubject: Oferta\r\n\r\nS/ 39.90\r\n"


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("acuerdo 25.pdf", "acuerdo 25.pdf"),
        ("Ñandú, año (1) + anexo – v1.2.eml", "Ñandú, año (1) + anexo – v1.2.eml"),
        ('a~b#c%d&e*f{g}h\\i:j<k>l?m/n|o"p.pdf', "a_b_c_d_e_f_g_h_i_j_k_l_m_n_o_p.pdf"),
        ("oferta..final.pdf", "oferta__final.pdf"),
        ("oferta...pdf", "oferta__.pdf"),
        (".oferta.pdf", "_oferta.pdf"),
        ("oferta.", "oferta_"),
        ("línea\n\tuno\x7f.png", "línea__uno_.png"),
        (" oferta.pdf ", "oferta.pdf"),
        ("correo_archivos", "correo_archivos_"),
        ("correo.Files", "correo_.Files"),
        ("mal\udce9.pdf", "mal_.pdf"),
        ("...", "___"),
        (f"{'x' * 124}.pdf", f"{'x' * 124}.pdf"),
        (f"{'x' * 125}.pdf", f"{'x' * 120}.pdf"),
        (f"{'x' * 119}. {'y' * 9}.pdf", f"{'x' * 119}.pdf"),
        (f"{'😀' * 70}.pdf", f"{'😀' * 60}.pdf"),
        (f"x.{'p' * 200}", f"x.{'p' * 118}"),
    ],
)
def test_a_name_that_sharepoint_takes(name: str, given: str) -> None:
    assert attached_as([name]) == (given,)
    assert names_hold([given])


def test_the_second_of_one_name_gets_a_number_whichever_case_it_is_written_in() -> None:
    same = ["Oferta.PDF", "oferta.pdf", "ofer\u00adta.pdf", "OFERTA (2).pdf", "a#.pdf", "a%.pdf"]
    assert attached_as(same) == (
        "Oferta.PDF",
        "oferta (2).pdf",
        "ofer\u00adta (3).pdf",
        "OFERTA (2) (2).pdf",
        "a_.pdf",
        "a_ (2).pdf",
    )
    long = attached_as([f"{'x' * 200}.docx"] * 12)
    assert names_hold(list(long)) and max(map(len, long)) == 125


def test_what_is_said_of_them() -> None:
    names = ["a#.pdf", "b.pdf", "c.pdf", "C.pdf"]
    assert told_renamed(names, attached_as(names)) == (
        "«a#.pdf» se adjunta como «a_.pdf»: el portal no acepta su nombre. "
        "«C.pdf» se adjunta como «C (2).pdf»: ya hay otro archivo de ese nombre."
    )
    assert told_renamed(["b.pdf"], ["b.pdf"]) == ""


@pytest.fixture
def mini(tmp_path: Path) -> MiniWorld:
    return MiniWorld()


def robot_of(mini: MiniWorld, folder: Path) -> Robot:
    return Robot(FakePortals(mini.world), quick_ledger(folder), folder / "evidence")


@pytest.mark.parametrize("dry_run", [True, False])
def test_evidence_that_the_portal_would_refuse_is_attached_under_another_name_and_told(
    mini: MiniWorld, tmp_path: Path, dry_run: bool
) -> None:
    files = ["oferta #2: 25%.eml", "uno/Carta.eml", "dos/carta.eml", "descripcion.eml"]
    for file in files:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(EML + file.encode())
    mini.sale(evidencia="; ".join(files), origen_evidencia="CAE")
    robot = robot_of(mini, tmp_path)
    case = robot.case(mini.rows[0], tmp_path)
    outcome = finish(robot.attempt(case, dry_run=dry_run))
    assert outcome.estado is (Estado.SIMULADO if dry_run else Estado.ATENDIDO), outcome.detail
    assert "«oferta #2: 25%.eml» se adjunta como «oferta _2_ 25_.eml»" in outcome.detail
    assert "«carta.eml» se adjunta como «carta (2).eml»" in outcome.detail
    filed: list[dict[str, Any]] = robot.portals.state()["nintex"]["operador"]
    if dry_run:
        assert not filed
        return
    held = filed[0]["attachments"]
    names = ["oferta _2_ 25_.eml", "Carta.eml", "carta (2).eml", "descripcion.eml"]
    assert [file["name"] for file in held] == names == list(outcome.adjuntos or ())
    assert [file["sha256"] for file in held] == [file.sha256 for file in case.evidencia]
    assert [Path(file.path).name for file in case.evidencia] == [Path(f).name for f in files]


def test_evidence_called_as_the_robots_own_picture(mini: MiniWorld, tmp_path: Path) -> None:
    picture = tmp_path / "Descripcion.PNG"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    mini.configuration(evidencia=picture.name, origen_evidencia="Cliente")
    robot = robot_of(mini, tmp_path)
    outcome = finish(robot.attempt(robot.case(mini.rows[0], tmp_path)))
    (filed,) = robot.portals.state()["nintex"]["activaciones"]
    names = [file["name"] for file in filed["attachments"]]
    assert names == ["descripcion.png", "Descripcion (2).PNG"]
    assert "«Descripcion.PNG» se adjunta como «Descripcion (2).PNG»" in outcome.detail
