"""E-mails as clients and executives send them, each with one thing that people's programs do."""

from __future__ import annotations

import io
import zlib
from base64 import encodebytes
from email.message import EmailMessage, Message
from email.policy import SMTP
from quopri import encodestring

from flows.mail.received import Received, read_message
from tests.support.mock import MockPortals

DOMAIN = "claro.example"
#: the name under which the mailbox' server tells of senders
SERVER = "mx.claro.example"
CLIENT, EXECUTIVE, STRANGER = "rosa@cliente.example", "luis@claro.example", "otro@lejos.example"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(80)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64) + b"\xff\xd9"


def mailbox_settings(mock: MockPortals) -> dict[str, str]:
    """The mock's mailbox, and the name under which its server tells of senders."""
    known = {
        "HOST": "127.0.0.1",
        "PORT": str(mock.imap_port),
        "SECURITY": "none",
        "USERNAME": "robot",
        "PASSWORD": "robot",
        "AUTHSERV_ID": SERVER,
    }
    return {f"CARGOFIJO_INBOX__{name}": value for name, value in known.items()}


def mail(
    sender: str = CLIENT,
    subject: str = "Re: Evidencia",
    text: str = "Adjunto lo que me ofrecieron.",
    *,
    answers: str = "",
    verdict: str = "pass",
    **headers: str,
) -> EmailMessage:
    """A message whose sender the server has looked at; ``answers`` is the Message-ID of ours."""
    message = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2]
    if verdict:
        message["Authentication-Results"] = f"{SERVER}; dmarc={verdict} header.from={domain}"
    message["From"] = sender
    message["To"] = f"buzon@{DOMAIN}"
    message["Subject"] = subject
    message["Date"] = "Fri, 27 Nov 2026 10:00:00 -0500"
    number = zlib.crc32(f"{sender} {subject} {text}".encode())
    message["Message-ID"] = f"<{number}@{domain}>"
    if answers:
        message["In-Reply-To"] = answers
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def with_file(
    message: EmailMessage, content: bytes = PDF, name: str = "oferta.pdf"
) -> EmailMessage:
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def with_signature(message: EmailMessage) -> EmailMessage:
    """As Outlook writes: the text as a page that shows a picture."""
    message.add_alternative('<p>Saludos</p><img src="cid:logo@01D">', subtype="html")
    page = message.get_payload()[1]
    page.add_related(PNG, "image", "png", cid="<logo@01D>", filename="image001.png")
    return message


def forwarded(outer: EmailMessage, inner: EmailMessage) -> EmailMessage:
    outer.add_attachment(inner)
    return outer


def bounced(
    ours: Message,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    report: str = "delivery-status",
    returned: str = "message/rfc822",
    encoded: str = "",
) -> bytes:
    """A delivery report as Postfix makes it, with what it gives back: of a message that asked for
    SMTPUTF8 a ``global-delivery-status``, with ``message/global`` or ``message/global-headers``.
    Its parts may be ``encoded`` (RFC 6533)."""
    fields = f"""Reporting-MTA: dns; mail.{DOMAIN}

Final-Recipient: rfc822; nadie@cliente.example
Action: {action}
Status: {status}

"""
    given = ours.as_bytes().replace(b"\r\n", b"\n")
    if returned.endswith("headers"):
        given = given.partition(b"\n\n")[0] + b"\n\n"
    encode = {"base64": encodebytes, "quoted-printable": encodestring}.get(encoded, bytes)
    parts = (f"message/{report}", fields.encode()), (returned, given)
    head = f"""From: MAILER-DAEMON@{DOMAIN}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="="

--=

I'm sorry to have to inform you ...
"""
    encoding = f"Content-Transfer-Encoding: {encoded or '8bit'}"
    return b"".join(
        (
            head.encode(),
            *(
                f"--=\nContent-Type: {kind}\n{encoding}\n\n".encode() + encode(content) + b"\n"
                for kind, content in parts
            ),
            b"--=--\n",
        )
    )


def read(message: Message | bytes, *, trust_from: bool = False) -> Received:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return read_message(raw, domain=DOMAIN, authserv_id=SERVER, trust_from=trust_from)


# --- Outlook's saved message: a compound file (MS-CFB) with properties as streams (MS-OXMSG). -----

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def outlook_message(subject: str, files: dict[str, bytes]) -> bytes:
    """A ``.msg`` with these files, each of them over 4,096 bytes once it is padded."""
    root: dict[str, object] = {"__nameid_version1.0": {"__substg1.0_00020102": b""}}
    text = {"__substg1.0_001A001F": "IPM.Note", "__substg1.0_0037001F": subject}
    root |= {name: value.encode("utf-16-le") for name, value in text.items()}
    header = bytes(8) + (0).to_bytes(4, "little") + len(files).to_bytes(4, "little")
    header += (0).to_bytes(4, "little") + len(files).to_bytes(4, "little") + bytes(8)
    tags = (0x001A001F, 0x0037001F)
    root["__properties_version1.0"] = header + b"".join(_property(tag, 0) for tag in tags)
    for number, (name, content) in enumerate(files.items()):
        root[f"__attach_version1.0_#{number:08X}"] = {
            "__substg1.0_37010102": content,
            "__substg1.0_3707001F": name.encode("utf-16-le"),
            "__properties_version1.0": bytes(8)
            + _property(0x37050003, 1)
            + _property(0x37010102, len(content))
            + _property(0x3707001F, 0),
        }
    return _compound(root)


def _property(tag: int, value: int) -> bytes:
    return tag.to_bytes(4, "little") + (6).to_bytes(4, "little") + value.to_bytes(8, "little")


def _compound(root: dict[str, object]) -> bytes:
    """The tree as a compound file: streams in sectors, the small ones in the mini stream."""
    entries: list[list[object]] = [["Root Entry", 5, _FREE, _FREE, _FREE, _END, 0]]
    sectors: list[bytes] = []
    fat: list[int] = []
    mini, mini_fat = bytearray(), list[int]()

    def chain(content: bytes) -> int:
        start = len(sectors)
        parts = [content[at : at + _SECTOR] for at in range(0, len(content), _SECTOR)]
        sectors.extend(part.ljust(_SECTOR, b"\0") for part in parts)
        fat.extend([*range(start + 1, start + len(parts)), _END])
        return start

    def small(content: bytes) -> int:
        start = len(mini_fat)
        count = -(-len(content) // _MINI)
        mini.extend(content.ljust(count * _MINI, b"\0"))
        mini_fat.extend([*range(start + 1, start + count), _END])
        return start

    def add(tree: dict[str, object]) -> int:
        """The entries of a storage, each with the next one at its right; gives the first."""
        at = _FREE
        for name in sorted(tree, key=lambda n: (len(n), n.upper()), reverse=True):
            value = tree[name]
            number = len(entries)
            entries.append([name, 1, _FREE, at, _FREE, 0, 0])
            if isinstance(value, dict):
                entries[number][1], entries[number][4] = 1, add(value)
            else:
                assert isinstance(value, bytes)
                entries[number][1], entries[number][6] = 2, len(value)
                place = _END if not value else (small if len(value) < _CUTOFF else chain)(value)
                entries[number][5] = place
            at = number
        return at

    entries[0][4] = add(root)
    if mini:
        entries[0][5], entries[0][6] = chain(bytes(mini)), len(mini)
    mini_start = chain(_numbers(mini_fat)) if mini_fat else _END
    mini_sectors = -(-len(mini_fat) * 4 // _SECTOR)
    directory = b"".join(map(_entry, entries))
    free = _entry(["", 0, _FREE, _FREE, _FREE, 0, 0])
    directory += free * (-len(entries) % 4)
    first = chain(directory)
    fat_sectors = -(-(len(fat) + 1) // (_SECTOR // 4))
    while -(-(len(fat) + fat_sectors) // (_SECTOR // 4)) > fat_sectors:
        fat_sectors += 1
    places = [len(sectors) + number for number in range(fat_sectors)]
    table = _numbers([*fat, *[_FAT] * fat_sectors])
    file = io.BytesIO()
    file.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16))
    for value in (0x3E, 3, 0xFFFE, 9, 6):
        file.write(value.to_bytes(2, "little"))
    file.write(bytes(6))
    for value in (0, fat_sectors, first, 0, _CUTOFF, mini_start, mini_sectors, _END, 0):
        file.write(value.to_bytes(4, "little"))
    file.write(b"".join(p.to_bytes(4, "little") for p in places).ljust(436, b"\xff"))
    file.write(b"".join(sectors) + table)
    return file.getvalue()


def _numbers(values: list[int]) -> bytes:
    content = b"".join(value.to_bytes(4, "little") for value in values)
    return content + b"\xff" * (-len(content) % _SECTOR)


def _entry(fields: list[object]) -> bytes:
    name, kind, left, right, child, start, size = fields
    written = f"{name}\0".encode("utf-16-le") if name else b""
    numbers = b"".join(int(str(value)).to_bytes(4, "little") for value in (left, right, child))
    return (
        written.ljust(64, b"\0")
        + len(written).to_bytes(2, "little")
        + bytes([int(str(kind)), 1])
        + numbers
        + bytes(36)
        + int(str(start)).to_bytes(4, "little")
        + int(str(size)).to_bytes(8, "little")
    )
