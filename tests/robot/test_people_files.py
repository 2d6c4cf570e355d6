"""What people call their files, and whom the directory has twice, from a list to its report."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import ATENDIDO, Robot

EML = b"From: a@b.example\r\nSubject: Oferta\r\n\r\nS/ 39.90\r\n"


def test_a_request_gets_what_the_portal_takes_and_the_detail_says_what_it_did_not(
    mock: MockPortals, mini: MiniWorld, tmp_path: Path
) -> None:
    folder = tmp_path / "lista"
    folder.mkdir()
    for name in ("oferta #2 (25%).eml", "Oferta _2 (25_).eml"):
        (folder / name).write_bytes(EML)
    files = "oferta #2 (25%).eml; Oferta _2 (25_).eml"
    mini.sale(evidencia=files, origen_evidencia="CAE", aprobado_por="Gerencia")
    mini.sale()
    mini.happened(2, "2026-08-20", "Regularización de cargo fijo")
    mini.line(2)["invoices"][0]["charge"] = "39.90"  # the line alone shows what was offered
    executive = mini.world["customers"][0]["executive"]
    twin = {"name": executive["name"], "title": "Ejecutivo CAE", "account": "CLARO\\otra"}
    mini.world["directory"] = [twin]
    mock.reset(mini.world)
    robot, path = Robot(mock, tmp_path), mini.list_at(folder / "lista.xlsx")

    done = robot.run(path)
    assert done.states() == {"1": ATENDIDO, "2": ATENDIDO}, done.rows
    state = mock.state()
    ((request,), (incident,)) = state["nintex"]["operador"], state["remedy"]["incidents"]
    assert request["fields"]["EjecutivoCuenta"] == "CLARO\\csalas"
    names = ["oferta _2 (25_).eml", "Oferta _2 (25_) (2).eml"]
    assert [file["name"] for file in request["attachments"]] == names
    assert [file["name"] for file in incident["attachments"]] == ["linea-1.png"]
    detail = str(done.rows["1"]["Detalle"])
    assert f"«oferta #2 (25%).eml» se adjunta como «{names[0]}»" in detail
    assert f"«Oferta _2 (25_).eml» se adjunta como «{names[1]}»" in detail
    (picture,) = (tmp_path / "var").rglob(f"{done.rows['2']['Referencia']}/linea-1.png")
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600
    told = robot.call("reconcile", str(done.summary["run"]), "--json")
    assert told.code == 0, told.out + told.err
