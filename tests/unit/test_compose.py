"""The e-mails: what each says, and what nobody can make it say."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.mail.compose import (
    TEMPLATES,
    Kind,
    MailSettings,
    MailTemplateError,
    compose,
    message_id,
)
from flows.mail.mail_error import (
    MailRefused,
)
from tests.support.mail_samples import (
    CASE,
    CLIENT,
    MAIL,
    MAILBOX,
    SENDER,
    SIAC,
    WHEN,
    bodies,
    reply,
)


def to_executive(
    razon_social: str = "Minera Ñandú S.A.C.", kind: Kind = "evidencia-ejecutivo"
) -> EmailMessage:
    return compose(
        MAIL,
        kind,
        CASE,
        to="ejecutiva@claro.example",
        name="Ana Ríos",
        canal_ejecutivo="CAE",
        razon_social=razon_social,
        siac_case=SIAC,
        when=WHEN,
    )


def to_client(kind: Kind = "evidencia-cliente") -> EmailMessage:
    return compose(MAIL, kind, CASE, to=CLIENT, name="José Ñahui Pérez", siac_case=SIAC, when=WHEN)


# What they say


@pytest.mark.parametrize(
    "message",
    [
        reply(),
        to_executive(),
        to_client(),
        to_executive(kind="recordatorio-ejecutivo"),
        to_client(kind="recordatorio-cliente"),
    ],
)
def test_every_message_says_who_what_and_that_a_machine_sent_it(message: EmailMessage) -> None:
    assert message["From"] == SENDER
    assert message["Reply-To"] == MAILBOX
    assert message["Date"] == "Fri, 20 Nov 2026 22:00:00 -0500"
    assert message["Auto-Submitted"] == "auto-generated"
    assert SIAC in message["Subject"]
    for body in bodies(message):
        for said in (SIAC, MAILBOX, CASE.ruc, CASE.reference, "S/ 39.90", *CASE.lineas):
            assert said in body
    assert "Estimado(a)" in bodies(message)[0]


def test_the_reply_says_that_the_request_was_attended_to_with_both_numbers() -> None:
    for body in bodies(reply()):
        assert "ha sido atendida" in body
        assert "418" in body
    assert reply()["To"].addresses[0].addr_spec == CLIENT
    assert reply()["To"].addresses[0].display_name == "José Ñahui Pérez"


def test_the_evidence_requests_ask_for_it_at_the_mailbox() -> None:
    for message in (to_executive(), to_client()):
        for body in bodies(message):
            assert "evidencia" in body
    assert "Minera Ñandú S.A.C." in bodies(to_executive())[0]
    assert "canal CAE" in bodies(to_executive())[0]


def test_the_same_arguments_make_the_same_bytes_and_each_kind_its_own_id() -> None:
    assert reply().as_bytes() == reply().as_bytes()
    ids = [m["Message-ID"] for m in (reply(), to_executive(), to_client())]
    assert ids[0] == f"<respuesta.{CASE.reference}@claro.example>"
    assert ids[0] == message_id("respuesta", CASE.reference, SENDER)
    assert len(set(ids)) == 3


# What nobody can make them say

INJECTED = "Juan\r\nBcc: otro@malo.example\r\n\r\n<script>alert(1)</script>\u2028Cc: x@malo.example"


@pytest.mark.parametrize(
    "message",
    [
        reply(name=INJECTED),
        reply(siac_case=INJECTED, solicitud=INJECTED),
        reply(name='"Juan" <otro@malo.example>, x'),
        to_executive(razon_social=INJECTED),
    ],
)
def test_what_portals_and_lists_say_adds_no_header_no_address_and_no_markup(
    message: EmailMessage,
) -> None:
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert set(read.keys()) == set(reply().keys())
    assert len(read["To"].addresses) == 1
    assert read["To"].addresses[0].addr_spec in (CLIENT, "ejecutiva@claro.example")
    text, html = bodies(read)
    assert "<script" not in html
    assert not [line for line in text.splitlines() if line.startswith(("Bcc:", "Cc:"))]


@settings(deadline=None)  # rendering is quick, but not on a busy machine
@given(name=st.text(), number=st.text())
def test_any_name_and_number_give_one_message_to_one_address(name: str, number: str) -> None:
    sent = reply(name=name, siac_case=number).as_bytes()
    read = message_from_bytes(sent, policy=policy.default)
    assert set(read.keys()) == set(reply().keys())
    assert [a.addr_spec for a in read["To"].addresses] == [CLIENT]


@pytest.mark.parametrize(
    "address",
    [
        "sin-arroba",
        "a@b.example, sin-arroba",
        "a@b.example\r\nBcc: c@d.example",
        "a b@c.example",
        "a@empresa..example",
        "a@empresa.example, .b@empresa.example",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(MailRefused) as refused:
        reply(to=address)
    assert str(refused.value) == "La dirección de correo no es válida."
    assert refused.value.__context__ is None


# Templates a person edits


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_edited_template_is_used_and_the_others_stay_ours(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "respuesta.txt.j2").write_text(
        "Asunto: Listo {{ caso_siac }}\n\nHola {{ nombre }}: listo.\n", encoding=encoding
    )
    edited = MailSettings(SENDER, MAILBOX, tmp_path)
    message = reply("José", settings=edited)
    assert message["Subject"] == f"Listo {SIAC}"
    text, html = bodies(message)
    assert text.strip() == "Hola José: listo."
    assert "ha sido atendida" in html


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Asunto: a\n\n{{ nombr }}", "nombr"),
        ("Asunto: a\n\n{% if %}", "línea 3"),
        ("Hola {{ nombre }}\n\nsin asunto", "debe empezar con una línea"),
        ("Asunto: solo el asunto\n", "debe empezar con una línea"),
        ("Asunto: atención\n\nSí.", "UTF-8"),
    ],
)
def test_a_template_that_cannot_be_used_is_named(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "respuesta.txt.j2").write_text(written, encoding="cp1252")
    edited = MailSettings(SENDER, MAILBOX, tmp_path)
    with pytest.raises(MailTemplateError, match=f"respuesta.txt.j2.*{told}"):
        reply("José", settings=edited)


def test_each_kind_has_a_text_and_a_page() -> None:
    ours = {path.name for path in TEMPLATES.iterdir() if not path.name.startswith("_")}
    kinds = {name.split(".")[0] for name in ours}
    assert ours == {f"{kind}.{form}.j2" for kind in kinds for form in ("txt", "html")}
    assert kinds == set(get_args(Kind))
