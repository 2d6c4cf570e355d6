"""The demo's evidence: small, real files of each kind, the same bytes each time."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

FOLDER = "evidencias_demo"
PDF_OFFER = f"{FOLDER}/carta_oferta.pdf"
PDF_APPROVAL = f"{FOLDER}/aprobacion_gerencia.pdf"
CHAT = f"{FOLDER}/captura_chat.png"
MAIL = f"{FOLDER}/correo_ejecutivo.eml"
PROPOSAL = f"{FOLDER}/propuesta_comercial.docx"
PRICES = f"{FOLDER}/tarifario_negociado.xlsx"

_EPOCH = (2026, 1, 1, 0, 0, 0)


def write_evidence(base: Path) -> None:
    """Writes all of them below ``base``, the folder of the list."""
    (base / FOLDER).mkdir(parents=True, exist_ok=True)
    files = {
        PDF_OFFER: _pdf(
            "Carta oferta - Max Empresas",
            "Cargo fijo mensual ofrecido: S/ 39.90 por linea.",
            "Oferta vigente hasta el 31/12/2026.",
        ),
        PDF_APPROVAL: _pdf(
            "Aprobacion de condiciones comerciales",
            "Se aprueba el cargo fijo negociado para el cliente.",
            "Aprobado por: Gerencia de Ventas Corporativas.",
        ),
        CHAT: _picture(),
        MAIL: _mail(),
        PROPOSAL: _word(
            "Propuesta comercial",
            "Para las líneas evaluadas se ofrece un cargo fijo especial durante doce meses.",
        ),
        PRICES: _excel(),
    }
    for name, content in files.items():
        (base / name).write_bytes(content)


def freeze_workbook(content: bytes) -> bytes:
    """The same workbook without the time at which it was saved, nor a compressor's version."""
    frozen = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(frozen, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", part)
            target.writestr(zipfile.ZipInfo(name, _EPOCH), part)
    return frozen.getvalue()


def _pdf(title: str, *lines: str) -> bytes:
    shown = f"BT /F1 16 Tf 60 760 Td ({title}) Tj /F1 11 Tf 0 -36 Td "
    shown += " ".join(f"({line}) Tj 0 -18 Td" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    content += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
    content += f"<< /Size {size} /Root 1 0 R >>\nstartxref\n{content.index('xref')}\n%%EOF\n"
    return content.encode("ascii")


def _picture(width: int = 360, height: int = 480) -> bytes:
    """A chat as seen from afar: bubbles to the left and to the right, with lines of writing."""
    bubbles = [(20, 40, 220, 90, 1), (130, 110, 340, 190, 2), (20, 210, 250, 280, 1)]
    bubbles += [(110, 300, 340, 350, 2), (20, 370, 180, 420, 1)]
    rows = []
    for y in range(height):
        row = bytearray(width)
        for left, top, right, bottom, colour in bubbles:
            if top <= y < bottom:
                row[left:right] = bytes([colour]) * (right - left)
                writing = 10 <= y - top < bottom - top - 8 and (y - top - 10) % 16 < 4
                if writing:
                    row[left + 12 : right - 24] = bytes([3]) * (right - left - 36)
        rows.append(b"\0" + bytes(row))
    palette = bytes([236, 229, 221, 255, 255, 255, 217, 247, 208, 110, 118, 125])
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(b"".join(rows), level=9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _mail() -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Óscar Ñahui Campos <oscar.nahui@ejecutivos.example>"
    message["To"] = "Buzón de atención corporativa <buzon@operador.example>"
    message["Subject"] = "Oferta negociada con el cliente"
    message["Date"] = "Tue, 10 Nov 2026 09:15:00 -0500"
    message["Message-ID"] = "<demo-1@ejecutivos.example>"
    message.set_content(
        "Buenos días:\n\nConfirmo que al cliente se le ofreció el cargo fijo especial antes de "
        "cerrar la venta.\nLa aprobación de la gerencia va en el documento adjunto.\n\nSaludos,\n"
        "Óscar Ñahui\n",
        cte="8bit",
    )
    return message.as_bytes()


def _word(title: str, text: str) -> bytes:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    word_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{word_type}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{main}"><w:body>'
        f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{title}</w:t></w:r></w:p>"
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
    }
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, body in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), (head + body).encode("utf-8"))
    return content.getvalue()


def _excel() -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Tarifario"
    sheet.append(["Plan", "Cargo de lista", "Cargo ofrecido"])
    sheet.append(["Max Empresas 59.90", 59.90, 39.90])
    sheet.append(["Max Empresas 99.90", 99.90, 74.90])
    content = BytesIO()
    workbook.save(content)
    return freeze_workbook(content.getvalue())
