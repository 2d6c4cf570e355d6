"""*Correos*: messages that wait, shown as text, given to a case or set aside."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from flows.rules.case import Estado, OrigenEvidencia
from flows.rules.mail_matching import REASONS, Reason
from flows.store.incoming_mail import Copy, Message, Messages, State
from tests.support.console import LONG, Console, come_in
from tests.support.door import Door
from tests.support.filled import MARKUP, Filled
from tests.support.incoming import CLIENT, PDF, mail, with_file
from tests.support.mock import MockPortals
from tests.support.robot import Robot

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

FAR = "http://lejos.example/rastro.png"
#: a character that shows nothing, as it comes along from a page
UNSEEN = "\u200b"


def keep(messages: Messages, key: str, raw: EmailMessage, reason: Reason, *among: str) -> None:
    copy = Copy(folder="f", uidvalidity=1, uid=len(key), key=key)
    message = Message(
        key=key,
        state=State.NEW,
        came=datetime.now(UTC),
        sender=str(raw["From"]),
        about=str(raw["Subject"]),
    )
    messages.record([(copy, message, raw.as_bytes())], (), "f", 1, len(key))
    messages.wait(key, State.WAITING, reason, "", among)


@dataclass
class Waiting:
    filled: Filled
    console: Console
    messages: Messages

    @property
    def reference(self) -> str:
        return self.filled.references[Estado.PENDIENTE_DE_EVIDENCIA]

    def door(self, name: str) -> Door:
        made = Door(self.console.url)
        assert made.come_in(name)[0] == 303
        return made


@pytest.fixture
def waiting(mock_process: MockPortals, tmp_path: Path) -> Iterator[Waiting]:
    """A message that nobody proves with a hostile page in it, and one without a case."""
    robot = Robot(mock_process, tmp_path / "robot")
    filled = Filled(f"sqlite:///{robot.folder / 'var' / 'cargofijo.sqlite'}")
    messages = Messages(filled.ledger.engine)
    hostile = mail(CLIENT, f"Oferta {MARKUP}", f"Adjunto {MARKUP}")
    hostile.add_alternative(f'<script>alert(1)</script><img src="{FAR}">', subtype="html")
    with_file(with_file(hostile), b"<script>", "../pagina.html")
    reference = filled.references[Estado.PENDIENTE_DE_EVIDENCIA]
    keep(messages, "a" * 64, hostile, Reason.SIN_PROBAR, reference)
    keep(messages, "b" * 63, mail("x@lejos.example", "Promoción"), Reason.SIN_CASO)
    console = Console(robot)
    yield Waiting(filled, console, messages)
    console.stop()
    filled.ledger.engine.dispose()


def test_a_message_is_shown_as_text_to_whom_it_concerns(waiting: Waiting) -> None:
    inside = waiting.door("oscar")
    _, _, page = inside.ask("GET", "/correos")
    for text in ("Promoción", REASONS[Reason.SIN_CASO], REASONS[Reason.SIN_PROBAR]):
        assert text in page
    assert MARKUP not in page
    address = f"/correos/{'a' * 64}"
    _, _, page = inside.ask("GET", address)
    assert "oferta.pdf (1 KB)" in page and waiting.reference in page
    assert MARKUP not in page and FAR not in page
    status, _, content = inside.ask("GET", f"/correo/{'a' * 64}/0")
    assert (status, content) == (200, PDF.decode())
    assert inside.ask("GET", f"/correo/{'a' * 64}/9")[0] == 404
    assert FAR in inside.ask("GET", f"/correo/{'a' * 64}/correo")[2]

    # an advisor sees what may be about a case of theirs, and nothing else
    advisor = waiting.door("ana")
    assert "Ningún correo espera" in advisor.ask("GET", "/correos")[2]
    assert "no es suyo" in advisor.ask("GET", address)[2]
    assert advisor.ask("GET", f"/correo/{'a' * 64}/0")[0] == 404
    hand = waiting.filled.ledger.latest([waiting.reference])[waiting.reference]
    waiting.filled.ledger.begin_attempts(
        [(waiting.reference, 2, hand.case)], requested_by="ana", dry_run=False
    )
    _, _, page = advisor.ask("GET", "/correos")
    assert "Promoción" not in page and REASONS[Reason.SIN_PROBAR] in page


def test_a_message_is_given_to_a_case_or_set_aside(waiting: Waiting, window: Browser) -> None:
    page = come_in(window, waiting.console, "oscar")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{waiting.console.url}/correos")
    page.get_by_role("link", name=re.compile("Oferta")).click()
    assert page.get_by_label("Referencia del caso").input_value() == waiting.reference
    give = page.get_by_role("button", name="Dárselo al caso")
    page.get_by_label("Origen de la evidencia").click()
    page.get_by_role("option", name="DACE").click()
    page.get_by_label("Aprobado por").fill(UNSEEN)
    give.click()
    page.get_by_text("o confirme que no los hay").wait_for()
    page.get_by_role("checkbox").click()
    give.click()
    page.wait_for_url(f"**/caso/{waiting.reference}", timeout=LONG)
    attempts = waiting.filled.ledger.attempts([waiting.reference])[waiting.reference]
    given = attempts[1].case
    assert [f.name for f in given.evidencia] == [
        "oferta.pdf", "correo 2026-11-27.eml",
    ]  # fmt: skip
    assert given.origen_evidencia is OrigenEvidencia.DACE
    assert not [url for url in asked if "lejos" in url]

    page.goto(f"{waiting.console.url}/correos")
    page.get_by_role("link", name="Promoción").click()
    page.get_by_label("Motivo").fill(UNSEEN)
    page.get_by_role("button", name="Descartar").click()
    page.get_by_text("para descartarlo hace falta el motivo").wait_for()
    page.get_by_label("Motivo").fill("Publicidad")
    page.get_by_role("button", name="Descartar").click()
    page.get_by_text("Ningún correo espera a una persona.").wait_for()
    assert waiting.messages.content("b" * 63) is None
    page.goto(f"{waiting.console.url}/auditoria")
    for text in ("Dio un correo al caso", "Descartó un correo", "Publicidad"):
        page.get_by_text(text).first.wait_for()
