"""Incoming messages, read: who sent them and whether that is proven, what they bring, bounces."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.mail.authenticated import is_proven
from flows.mail.received import fingerprint
from tests.support import envelopes
from tests.support.incoming import (
    CLIENT,
    EXECUTIVE,
    PDF,
    PHOTO,
    PNG,
    SERVER,
    bounced,
    forwarded,
    mail,
    outlook_message,
    read,
    with_file,
    with_signature,
)

REF = "CF-46000001-20261118-ed6260"
OURS = f"<evidencia-cliente.{REF}@claro.example>"


def names(message: EmailMessage | bytes) -> list[str]:
    return [attachment.name for attachment in read(message).attachments]


# --- whether the sender is proven -----------------------------------------------------------------

_FROM = "cliente.example"


@pytest.mark.parametrize(
    ("headers", "proven"),
    [
        ([f"{SERVER}; dmarc=pass header.from={_FROM}"], True),
        ([f"{SERVER} 1; dkim=pass (good) header.d={_FROM} header.i=@x; dmarc=none"], True),
        ([f"{SERVER}; dkim=pass header.d={_FROM}"], True),
        ([f"MX.Claro.Example; dkim=pass header.d={_FROM.upper()}"], True),
        ([f"{SERVER}; spf=pass smtp.mailfrom=rosa@{_FROM}"], True),
        ([f"{SERVER}; dkim=fail header.d={_FROM}; spf=pass smtp.mailfrom=x@{_FROM}"], True),
        ([f"{SERVER}; dmarc=fail header.from={_FROM}; spf=pass smtp.mailfrom={_FROM}"], False),
        ([f"{SERVER}; dmarc=pass header.from=otro.example"], False),
        ([f"{SERVER}; dkim=pass header.d=otro.example"], False),
        ([f"{SERVER}; dkim=pass header.d=example"], False),
        ([f"{SERVER}; spf=pass smtp.mailfrom=rosa@lejos.example"], False),
        ([f"{SERVER}; none"], False),
        # a stranger's own word, above or below the server's, and one that looks like it
        ([f"mx.lejos.example; dmarc=pass header.from={_FROM}"], False),
        ([f"{SERVER}.lejos.example; dmarc=pass header.from={_FROM}"], False),
        ([f"{SERVER}; dmarc=fail", f"{SERVER}; dmarc=pass header.from={_FROM}"], False),
        (["mx.lejos.example; dmarc=fail", f"{SERVER}; dmarc=pass header.from={_FROM}"], True),
        # one of the server's that cannot be read hides none below
        ([f"{SERVER}; ???", f"{SERVER}; dmarc=pass header.from={_FROM}"], False),
        ([], False),
    ],
)  # fmt: skip
def test_a_sender_is_proven_by_the_mailbox_own_server(headers: list[str], proven: bool) -> None:
    assert is_proven(headers, SERVER, f"rosa@{_FROM}") is proven


def test_a_subdomain_is_its_domains() -> None:
    headers = [f"{SERVER}; dkim=pass header.d={_FROM}"]
    assert is_proven(headers, SERVER, f"rosa@ventas.{_FROM}")
    assert not is_proven(headers, SERVER, f"rosa@mal{_FROM}")


@given(st.lists(st.text(max_size=80), max_size=4))
def test_no_header_of_strangers_proves_anything(headers: list[str]) -> None:
    assert is_proven([f"otro; {text}" for text in headers], SERVER, CLIENT) is False


def test_whom_from_names() -> None:
    assert read(mail(f'"{CLIENT}" <x@lejos.example>')).sender == "x@lejos.example"
    several = mail()
    del several["From"]
    several["From"] = f"{CLIENT}, {EXECUTIVE}"
    assert (read(several).sender, read(several).is_proven) == ("", False)
    twice = mail().as_bytes().replace(b"To: ", b"From: luis@claro.example\r\nTo: ", 1)
    assert read(twice).sender == ""
    assert read(mail(verdict="fail"), trust_from=True).is_proven
    assert not read(mail(verdict="")).is_proven


# --- what it brings -------------------------------------------------------------------------------


def test_a_file_beside_a_signature() -> None:
    found = read(with_file(with_signature(mail()))).attachments
    assert [(a.name, a.in_text) for a in found] == [("image001.png", True), ("oferta.pdf", False)]
    assert found[1].content == PDF


def test_a_photo_from_a_telephone() -> None:
    message = mail()
    message.add_attachment(
        PHOTO, "image", "jpeg", disposition="inline", filename="IMG_0001.JPG", cid="<a@b>"
    )
    (photo,) = read(message).attachments
    assert (photo.name, photo.in_text, photo.content) == ("IMG_0001.JPG", False, PHOTO)


def test_a_forwarded_chain() -> None:
    inner = with_file(mail(CLIENT, "La oferta de julio", "Caso CAS-2026001000"))
    outer = forwarded(mail(EXECUTIVE, "RV: La oferta"), forwarded(mail(subject="RV"), inner))
    assert names(outer) == ["RV.eml", "La oferta de julio.eml", "oferta.pdf"]
    found = read(outer)
    assert "CAS-2026001000" in found.named and "CAS-2026001000" not in found.text


def test_a_message_that_outlook_saved() -> None:
    within = outlook_message("dentro", {"foto.jpg": PHOTO})
    saved = outlook_message("Oferta", {"oferta.pdf": PDF + bytes(9000), "más.msg": within})
    message = with_file(mail(), saved, "Oferta.msg")
    assert names(message) == ["Oferta.msg", "oferta.pdf", "más.msg", "foto.jpg"]
    assert read(message).attachments[1].content == PDF + bytes(9000)
    damaged = with_file(mail(), saved[:3000], "Oferta.msg")
    assert names(damaged) == ["Oferta.msg"]


def in_envelope(*attachments: bytes) -> EmailMessage:
    message = mail()
    whole = envelopes.envelope(*attachments)
    message.add_attachment(whole, "application", "ms-tnef", filename="winmail.dat")
    return message


def test_outlooks_envelope_is_opened() -> None:
    picture = envelopes.variable(envelopes.MIME_TAG, envelopes.written("image/png"))
    logo = envelopes.file("image001.png", PNG, picture, envelopes.fixed(envelopes.HIDDEN, 1))
    named = envelopes.attachment(
        envelopes.attribute(envelopes.DATA, PNG),
        envelopes.attribute(envelopes.PROPERTIES, envelopes.properties(picture)),
    )
    hidden = envelopes.file("oferta.pdf", PDF, envelopes.fixed(envelopes.HIDDEN, 1))
    found = read(in_envelope(logo, named, hidden)).attachments
    assert [(a.name, a.content, a.in_text) for a in found] == [
        ("image001.png", PNG, True),
        ("adjunto.png", PNG, False),
        ("oferta.pdf", PDF, False),
    ]
    assert names(in_envelope()) == []
    assert names(forwarded(mail(subject="RV"), in_envelope(hidden)))[1:] == ["oferta.pdf"]
    by_name = with_file(mail(), envelopes.envelope(hidden), "WinMail.DAT")
    assert names(by_name) == ["oferta.pdf"]
    # the picture is shown by the text outside of it
    shown = envelopes.variable(envelopes.CONTENT_ID, envelopes.written("logo@01D"))
    beside = with_signature(mail())
    whole = envelopes.envelope(envelopes.file("image001.png", PNG, shown))
    beside.add_attachment(whole, "application", "ms-tnef", filename="x.bin")
    assert [a.in_text for a in read(beside).attachments] == [True, True]


def test_what_lies_in_an_envelope_is_opened_too() -> None:
    saved = outlook_message("Oferta", {"foto.jpg": PHOTO})
    inner = envelopes.envelope(envelopes.file("oferta.pdf", PDF))
    envelope = envelopes.envelope(envelopes.file("hoja.png", PNG))
    message = in_envelope(
        envelopes.file("Oferta.msg", saved),
        envelopes.message("RV: La oferta.pdf", inner),
        envelopes.file("winmail.dat", envelope),
        envelopes.attachment(envelopes.attribute(envelopes.DATA, b"OLE"), kind=2),
    )
    within = "RV: La oferta.pdf (mensaje de Outlook)"
    assert names(message) == [
        *("Oferta.msg", "foto.jpg", within, "oferta.pdf", "hoja.png"),
        "adjunto (objeto de Outlook)",
    ]


def test_an_envelope_that_cannot_be_read_is_left_as_it_is() -> None:
    whole = envelopes.file("oferta.pdf", PDF)
    damaged = whole.replace(b"%PDF", b"%PDG")
    assert names(in_envelope(whole, damaged)) == ["winmail.dat"]
    within = envelopes.message("RV", envelopes.envelope(damaged))
    assert names(in_envelope(whole, within)) == ["oferta.pdf", "winmail.dat"]
    assert names(with_file(mail(), b"TNEF", "Winmail.dat")) == ["winmail.dat"]
    # as deep as forwarded messages are opened, and no deeper
    deep = whole
    for _ in range(4):
        deep = envelopes.message("RV", envelopes.envelope(deep))
    assert names(in_envelope(deep))[4:] == ["oferta.pdf"]
    deep = envelopes.message("RV", envelopes.envelope(deep))
    assert names(in_envelope(deep))[4:] == ["winmail.dat"]


def test_what_outlooks_messages_say_is_named() -> None:
    """A case that a message within names is one that the answer may be about."""
    saved = outlook_message("Caso CAS-2026001000", {"oferta.pdf": PDF})
    told = envelopes.variable(0x0037001F, envelopes.written("RE: CAS-2026001001"))
    inner = envelopes.envelope(envelopes.file("Oferta.msg", saved), told=(told,))
    found = read(in_envelope(envelopes.message("RV", inner)))
    assert "CAS-2026001000" in found.named and "CAS-2026001001" in found.named
    assert "CAS" not in found.text


def test_names_as_programs_write_them() -> None:
    message = with_file(mail(), name="propuesta económica ñ.pdf")
    assert names(message) == ["propuesta económica ñ.pdf"]
    raw = mail().as_bytes().replace(b'text/plain; charset="utf-8"', b"application/pdf")
    assert names(raw) == ["adjunto.pdf"]
    old = b'application/pdf; name="=?utf-8?B?w7EucGRm?="'
    assert names(mail().as_bytes().replace(b'text/plain; charset="utf-8"', old)) == ["ñ.pdf"]


def test_the_text_is_what_a_person_reads() -> None:
    message = mail()
    message.set_content(
        "<html><head><style>p{}</style></head><body><script>alert(1)</script><p>Caso <b>CAS-1</b>"
        '&nbsp;aqu&iacute;</p><img src="http://lejos.example/x.png"></body></html>',
        subtype="html",
    )
    assert read(message).text == "Caso CAS-1\N{NO-BREAK SPACE}aquí"


# --- reports and automatic answers ----------------------------------------------------------------


def ours() -> EmailMessage:
    return mail("robot@claro.example", Message_ID=OURS)


@pytest.mark.parametrize("status", ["5.1.1", "5.2.2", "5.3.4"])
def test_a_bounce_names_our_message(status: str) -> None:
    found = read(bounced(ours(), status=status))
    assert found.bounce is not None
    assert (found.bounce.kind, found.bounce.reference) == ("evidencia-cliente", REF)
    assert status in found.bounce.told


@pytest.mark.parametrize("encoded", ["", "quoted-printable", "base64"])
@pytest.mark.parametrize("report", ["delivery-status", "global-delivery-status"])
@pytest.mark.parametrize(
    "returned",
    ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"],
)
def test_a_bounce_of_each_kind_and_what_it_gives_back(
    report: str, returned: str, encoded: str
) -> None:
    """The library takes all but one of these kinds of ``message`` for a message within."""
    found = read(bounced(ours(), report=report, returned=returned, encoded=encoded))
    assert found.bounce is not None and found.bounce.reference == REF
    assert found.bounce.status == "5.1.1"
    assert "Action" not in found.text


@pytest.mark.parametrize("report", ["delivery-status", "global-delivery-status"])
def test_a_delay_is_no_bounce(report: str) -> None:
    found = read(bounced(ours(), status="4.4.1", action="delayed", report=report))
    assert (found.bounce, found.is_automatic) == (None, True)


def test_a_bounce_of_another_message() -> None:
    assert read(bounced(mail())).bounce is None
    elsewhere = mail(Message_ID=OURS.replace("claro", "lejos"))
    assert read(bounced(elsewhere)).bounce is None


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ({"Auto_Submitted": "auto-replied"}, True),
        ({"Auto_Submitted": "auto-generated; type=x"}, True),
        ({"Auto_Submitted": "no"}, False),
        ({"X_Autoreply": "yes"}, True),
        ({"Precedence": "auto_reply"}, True),
        ({"Precedence": "bulk"}, False),
        ({"Return_Path": "<>"}, True),
        ({"Message_ID": OURS}, True),
        ({}, False),
    ],
)
def test_automatic_answers(headers: dict[str, Any], automatic: bool) -> None:
    assert read(mail(**headers)).is_automatic is automatic


def test_a_scanner_sends_a_file_by_itself() -> None:
    assert not read(with_file(mail(Auto_Submitted="auto-generated"))).is_automatic
    assert read(with_file(mail(Auto_Submitted="auto-replied"))).is_automatic


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Fri, 20 Nov 2026 10:00:00 -0500", datetime(2026, 11, 20, 15, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 10:00:00", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("Fri, 31 Dec 9999 23:00:00 -0500", None),  # in UTC, after the last year there is
        ("anteayer", None),
    ],
)
def test_when_it_was_sent(written: str, sent: datetime | None) -> None:
    assert (
        read(mail().as_bytes().replace(b"Fri, 27 Nov 2026 10:00:00 -0500", written.encode())).sent
        == sent
    )


# --- whatever comes -------------------------------------------------------------------------------


def test_one_message_delivered_twice() -> None:
    once = with_file(mail()).as_bytes()
    again = b"Received: from a by b\r\nDelivered-To: x\r\n" + once.replace(b"\r\n", b"\n")
    assert fingerprint(once) == fingerprint(again)
    assert fingerprint(once) != fingerprint(
        once.replace(b"%PDF", b"%PDG").replace(b"JVBE", b"JVBF")
    )
    assert fingerprint(once) != fingerprint(once.replace(b"Re: Evi", b"Re: evi"))


@given(st.binary(max_size=400))
def test_no_bytes_are_an_error(raw: bytes) -> None:
    read(raw)
    fingerprint(raw)


_WHOLE = forwarded(with_file(with_signature(mail())), with_file(mail())).as_bytes()
_SEALED = with_file(mail(), envelopes.envelope(envelopes.file("a.pdf", PDF)), "winmail.dat")
_REPORT = bounced(ours())
_GLOBAL = bounced(ours(), report="global-delivery-status", returned="message/global-headers")


@example(_REPORT, [(_REPORT.index(b"failed"), b"\xf1")])  # a header that is no longer text
@given(
    st.sampled_from([_WHOLE, _SEALED.as_bytes(), _REPORT, _GLOBAL]),
    st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=6)), min_size=1, max_size=6),
)
def test_no_damage_is_an_error(whole: bytes, changes: list[tuple[int, bytes]]) -> None:
    raw = bytearray(whole)
    for at, new in changes:
        raw[at : at + len(new)] = new
    read(bytes(raw))
    fingerprint(bytes(raw))
