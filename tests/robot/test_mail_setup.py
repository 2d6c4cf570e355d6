"""A mail server that refuses the robot, and not the client: real Postfix, the front door."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.mail_servers import DOMAIN, PASSWORD, ROBOT, MailServers, mail_servers
from tests.support.marks import needs
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import ATENDIDO, Robot

CLIENT = f"buzon@{DOMAIN}"


@pytest.fixture
@needs("process")
def servers() -> Iterator[MailServers]:
    with mail_servers() as started:
        yield started


@pytest.mark.full
def test_what_the_set_up_kept_back_is_sent_once_it_is_mended(
    servers: MailServers, mini: MiniWorld, mock: MockPortals, tmp_path: Path
) -> None:
    mini.configuration(contacto_correo=CLIENT)
    (client,) = mini.world["customers"]
    client["contacts"][0]["email"] = CLIENT
    mock.reset(mini.world)
    workbook = mini.list_at(tmp_path / "lista.xlsx")
    known = {
        "CARGOFIJO_SMTP__HOST": "localhost",
        "CARGOFIJO_SMTP__PORT": str(servers.ports["submission"]),
        "CARGOFIJO_SMTP__SECURITY": "starttls",
        "CARGOFIJO_SMTP__SENDER": ROBOT,
        "CARGOFIJO_SMTP__MAILBOX": CLIENT,
        "CARGOFIJO_SMTP__CA": str(servers.folder / "certificado.pem"),
    }
    robot = Robot(mock, tmp_path / "robot", **known)
    checked = robot.call("check")
    assert checked.code == 3 and "smtp.username" in checked.out
    refused = robot.run(workbook)
    assert refused.code == 1
    assert refused.states() == {"1": ("Falla técnica", "ACCESO_RECHAZADO")}
    assert "smtp.username" in refused.rows["1"]["Detalle"]
    sheet = load_workbook(refused.summary["report"])["Por contactar"]
    told = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "Rosa Quispe Mamani" in told
    assert servers.inbox(CLIENT) == []

    login = {"CARGOFIJO_SMTP__USERNAME": ROBOT, "CARGOFIJO_SMTP__PASSWORD": PASSWORD}
    mended = Robot(mock, robot.folder, **known, **login)
    for _ in range(2):  # the second run has nothing left to do
        done = mended.run(workbook)
        assert (done.code, done.states()) == (0, {"1": ATENDIDO})
    (arrived,) = servers.inbox(CLIENT)
    assert CLIENT in message_from_bytes(arrived)["To"]
    assert len(mock.state()["siac"]["cases"]) == 1
