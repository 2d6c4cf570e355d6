"""Headers on the wire, read as mail programs read them (RFC 5322, RFC 2047)."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import compat32
from email.utils import getaddresses

import pytest

from flows.mail.folding import MAIL_POLICY

NAMES = ["Rosa Ñuñoa", "«SAC» Perú evidencia «SAC» 3,", "Rosa Quispe", "á" * 60]


def wire(utf8: bool = False, **headers: object) -> bytes:
    message = EmailMessage(policy=MAIL_POLICY)
    for name, value in headers.items():
        message[name] = value
    return message.as_bytes(policy=MAIL_POLICY.clone(utf8=utf8))


def shown(raw: bytes, name: str) -> str:
    written = message_from_bytes(raw, policy=compat32)[name]
    return str(make_header(decode_header("".join(str(written).splitlines()))))


@pytest.mark.parametrize("before", range(30, 100, 7))
def test_a_subject_has_the_spaces_that_it_was_given(before: int) -> None:
    """The operator's night began a line with «inválido», after two spaces."""
    subject = f"{('casos ' * 20)[:before].strip()} en Dato inválido, 3 Falla técnica"
    raw = wire(Subject=subject)
    assert raw.isascii() and max(map(len, raw.splitlines())) <= 78
    assert b" \r\n" not in raw
    assert shown(raw, "Subject") == subject
    assert f"Subject: {subject}\r\n".encode() in wire(utf8=True, Subject=subject)


@pytest.mark.parametrize("utf8", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_two_recipients_are_two_with_their_name(name: str, utf8: bool) -> None:
    pair = Address(name, "rosa", "cliente.example"), Address(name, "luis", "cliente.example")
    raw = wire(utf8=utf8, To=pair)
    head = raw.partition(b"To: ")[2].replace(b"\r\n ", b" ").strip().decode()
    found = [(str(make_header(decode_header(n))), a) for n, a in getaddresses([head])]
    assert found == [(name, "rosa@cliente.example"), (name, "luis@cliente.example")]
