"""`cargofijo inbox` from the front door: the mock portals' mailbox, and cases that wait."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient
from openpyxl import load_workbook

from tests.support.incoming import (
    bounced,
    forwarded,
    mail,
    mailbox_settings,
    with_file,
    with_signature,
)
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import ATENDIDO, Done, Robot

CLIENT, EXECUTIVE = "rosa@textiles.example", "csalas@claro.example"
DOMAIN = "cargofijo.example"
WAITS = ("Pendiente de evidencia", "FALTA_EVIDENCIA")


@dataclass
class Box:
    """A robot with a mailbox, and cases that wait for evidence."""

    mock: MockPortals
    mini: MiniWorld
    robot: Robot
    list_: Path
    first: Done
    references: dict[str, str] = field(default_factory=dict)

    def ours(self, row: str, kind: str = "evidencia-cliente") -> str:
        """The Message-ID of the e-mail that asked for a row's evidence."""
        return f"<{kind}.{self.references[row]}@{DOMAIN}>"

    def number(self, row: str) -> str:
        return str(self.first.rows[row]["Caso SIAC"])

    def receives(self, *messages: Message | bytes) -> None:
        for message in messages:
            self.mock.receives(message if isinstance(message, bytes) else message.as_bytes())

    def look(self, *arguments: str, code: int = 0, **settings: str) -> dict[str, Any]:
        robot = Robot(self.mock, self.robot.folder, **{**self.robot.settings, **settings})
        done = robot.call("inbox", "--once", "--json", *arguments)
        assert done.code == code, done.err
        return done.summary

    def run(self, *arguments: str) -> Done:
        return self.robot.run(self.list_, *arguments)

    def folders(self) -> dict[str, list[str]]:
        """The subjects in each folder of the mailbox."""
        found: dict[str, list[str]] = {}
        with IMAPClient("127.0.0.1", self.mock.imap_port, ssl=False) as box:
            box.login("robot", "robot")
            for _, _, name in box.list_folders():
                box.select_folder(name, readonly=True)
                kept = box.fetch(box.search(), ["BODY.PEEK[]"]) if box.search() else {}
                found[name] = [
                    str(re.search(rb"^Subject: (.*?)\r?$", m[b"BODY[]"], re.M)[1], "utf-8")  # type: ignore[index]
                    for m in kept.values()
                ]
        return found

    def attachments(self, row: str) -> list[str]:
        """What was attached to the request of a row, by name."""
        (request,) = (
            r
            for r in self.mock.state()["nintex"]["operador"]
            if r["reference"] == self.references[row]
        )
        return [one["name"] for one in request["attachments"]]


def opened_box(mock: MockPortals, folder: Path, rows: int, **row: Any) -> Box:
    """So many cases, each asked for its evidence."""
    mini = MiniWorld()
    for _ in range(rows):
        mini.sale(**row)
    mock.reset(mini.world)
    robot = Robot(mock, folder / "robot", CARGOFIJO_SEATS="2", **mailbox_settings(mock))
    list_ = mini.list_at(folder / "lista.xlsx")
    first = robot.run(list_)
    assert set(first.states().values()) == {WAITS}, first.err
    box = Box(mock, mini, robot, list_, first)
    box.references = {id: str(found["Referencia"]) for id, found in first.rows.items()}
    return box


@pytest.fixture
def backed(mock: MockPortals, tmp_path: Path) -> Iterator[Box]:
    """Three cases whose rows say until when the offer was in force."""
    yield opened_box(mock, tmp_path, 3, oferta_vigente_hasta="31/12/2026")


def test_answers_are_evidence_and_their_cases_go_on(backed: Box, tmp_path: Path) -> None:
    """Whatever a message is, is in `tests/robot/test_inbox_look.py`; here each kind of end."""
    writes = backed.mock.state()["writes"]
    chain = forwarded(mail(CLIENT, "RV: oferta"), with_file(mail(text=backed.number("2"))))
    given = mail("robot@cargofijo.example", "Evidencia", Message_ID=backed.ours("3"))
    backed.receives(
        with_file(with_signature(mail(EXECUTIVE, "Re: oferta", answers=backed.ours("1")))),
        chain,
        with_file(mail("otro@lejos.example", "falso", answers=backed.ours("3"))),
        mail("promos@lejos.example", "Ofertas", verdict=""),
        mail(CLIENT, "Fuera de la oficina", Auto_Submitted="auto-replied"),
        bounced(given),
    )
    found = backed.look()
    assert found == {
        "messages": 6, "attached": 2, "waiting": 2, "bounces": 1, "automatic": 1, "exit": 0,
    }  # fmt: skip
    assert backed.mock.state()["writes"] == writes  # it writes nothing by itself
    folders = backed.folders()
    assert len(folders["Procesados"]) == 3 and "Re: oferta" in folders["Procesados"]
    assert folders["INBOX"] == ["falso", "Ofertas", "Fuera de la oficina"]

    # the first case goes on though no list names it
    other = MiniWorld()
    for _ in range(3):
        other.sale()
    other.configuration()
    backed.mock.happens(secs=other.world["secs"][3:], lines=other.world["lines"][3:])
    del other.rows[:3]
    done = backed.robot.run(other.list_at(tmp_path / "otra.xlsx"))
    assert done.states() == {"4": ATENDIDO}, done.err
    whole = "correo 2026-11-27.eml"
    assert backed.attachments("1") == ["oferta.pdf", whole]
    assert backed.attachments("2") == ["Re Evidencia.eml", "oferta.pdf", whole]

    # the list's rows name no evidence, and nothing is asked for or filed again
    held = backed.mock.counts()
    done = backed.run()
    assert done.states() == {"1": ATENDIDO, "2": ATENDIDO, "3": WAITS}, done.err
    assert backed.mock.counts() == held
    assert "No se entregó el correo que pide la evidencia" in str(done.rows["3"]["Detalle"])
    calls: Any = load_workbook(done.summary["report"])["Por contactar"]
    assert backed.references["3"] in {str(cell.value) for row in calls.rows for cell in row}


def test_a_mailbox_that_cannot_be_read(mock: MockPortals, tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    mock.reset(mini.world)
    robot = Robot(mock, tmp_path / "robot")
    done = robot.call("inbox", "--once")
    assert done.code == 2 and "CARGOFIJO_INBOX__HOST" in done.err
    wrong = mailbox_settings(mock) | {"CARGOFIJO_INBOX__PASSWORD": "secreta"}
    robot = Robot(mock, tmp_path / "robot", **wrong)
    done = robot.call("inbox", "--once", "--json")
    assert done.code == 3 and "rechazó el usuario o la contraseña" in done.err
    assert "secreta" not in done.err
    # a run says so, and works
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {"1": ATENDIDO}
    assert "rechazó el usuario o la contraseña" in done.err


def test_check_reads_the_mailbox_and_looks_where_bounces_go(
    mock: MockPortals, tmp_path: Path
) -> None:
    known = mailbox_settings(mock) | {"CARGOFIJO_SMTP__MAILBOX": "buzon@cargofijo.example"}
    robot = Robot(mock, tmp_path / "robot", **known)
    done = robot.call("check", "--portal", "inbox")
    assert done.code == 3 and "vuelven a smtp.sender" in done.out
    known["CARGOFIJO_SMTP__BOUNCES"] = "buzon@cargofijo.example"
    robot = Robot(mock, tmp_path / "robot", **known)
    done = robot.call("check", "--portal", "inbox")
    assert done.code == 0 and "✓ Buzón" in done.out
    known["CARGOFIJO_INBOX__FOLDER"] = "Otra"
    done = Robot(mock, tmp_path / "robot", **known).call("check", "--portal", "inbox")
    assert done.code == 3 and "«Otra»" in done.out
