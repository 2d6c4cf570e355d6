"""Whole workbooks as programs write them, and documents that are none: read, or told by name."""

from __future__ import annotations

import random
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from inputs.reader import ListError
from tests.inputs.parts import RELS, SHEET, STYLES, TYPES, WORKBOOK, patched, replaced, zipped
from tests.support.lists import good, libreoffice, make_list, read
from tests.support.machine import FULL

TRANSITIONAL = "http://schemas.openxmlformats.org/"
STRICT = "http://purl.oclc.org/ooxml/"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def made(folder: Path) -> Path:
    return make_list(folder / "lista.xlsx", good(fecha_solicitud=46329))


def is_read(path: Path) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (row,) = read(path).rows
    return row.case is not None and row.case.fecha_solicitud.day == 3


def refusal(path: Path) -> str:
    with pytest.raises(ListError) as caught:
        read(path)
    return str(caught.value)


# strict Open XML


def test_strict_open_xml(tmp_path: Path) -> None:
    """As Excel saves it: other namespaces everywhere, and dates as text."""

    def strict(name: str, part: bytes) -> bytes:
        found = part.decode()
        for namespace in ("spreadsheetml/2006/main", "officeDocument/2006/relationships"):
            kind, _, last = namespace.partition("/2006")
            found = found.replace(f"{TRANSITIONAL}{namespace}", f"{STRICT}{kind}{last}")
        found = found.replace("<workbook ", '<workbook conformance="strict" ')
        return (
            found.replace("<v>46329</v>", "<v>2026-11-03</v>")
            .replace('<c r="C2" t="n">', '<c r="C2" t="d">')
            .encode()
        )

    path = patched(made(tmp_path), strict)
    with zipfile.ZipFile(path) as archive:
        assert TRANSITIONAL + "spreadsheetml" not in archive.read(SHEET).decode()
        assert 't="d"><v>2026-11-03' in archive.read(SHEET).decode()
    assert is_read(path)


# styles


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (STYLES, '<cellStyle name="Normal" ', "<cellStyle "),
        (STYLES, "<fill><patternFill /></fill>", "<fill/>"),
        (STYLES, '<color theme="1" />', '<color rgb="rojo"/>'),
        (STYLES, '<family val="2" />', '<family val="34"/>'),
        (STYLES, '<numFmt numFmtId="164"', '<numFmt numFmtId="170"'),
        (STYLES, "<cellStyle ", '<cellStyle nuevo="1" '),
        (STYLES, "<font>", "<font><novedad/>"),
        (STYLES, "<cellXfs count", "<cellXfs cuenta"),
        (WORKBOOK, 'state="visible"', 'state="show"'),
        (WORKBOOK, "<workbookView ", '<workbookView novedad="1" '),
        (RELS, "styles.xml", "otros.xml"),
    ],
)
def test_what_openpyxl_does_not_know(tmp_path: Path, part: str, old: str, new: str) -> None:
    assert is_read(replaced(made(tmp_path), part, (old, new)))


def test_a_library_s_warnings_are_not_heard(tmp_path: Path) -> None:
    """`is_read` makes errors of them; openpyxl warns of a workbook without a default style."""

    def without_default(name: str, part: bytes) -> bytes:
        begin, end = part.find(b"<cellStyles"), part.find(b"</cellStyles>")
        return part[:begin] + part[end + len(b"</cellStyles>") :] if name == STYLES else part

    assert is_read(patched(made(tmp_path), without_default))


def test_a_library_s_words_are_not_heard(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """openpyxl prints the number of a style that is not there."""
    path = replaced(made(tmp_path), STYLES, ('<cellStyle name="Normal" xfId="0"',
                                             '<cellStyle name="Normal" xfId="7"'))  # fmt: skip
    assert is_read(path)
    assert capfd.readouterr() == ("", "")


# names of parts


def renamed(path: Path, name_of: Callable[[str], str]) -> Path:
    with zipfile.ZipFile(path) as source:
        parts = {name_of(name): source.read(name) for name in source.namelist()}
    return zipped(path, parts)


@pytest.mark.parametrize(
    "name_of",
    [
        lambda name: name.replace("/", "\\"),
        str.upper,
        lambda name: name.replace("sheet1", "Sheet1"),
        lambda name: f"/{name}",
        lambda name: f"./{name}",
        lambda name: name.replace("sheet1", "sheet%31"),
    ],
    ids=["backslashes", "capitals", "a capital", "from the root", "from here", "an escape"],
)
def test_names_of_parts_in_any_spelling(tmp_path: Path, name_of: Callable[[str], str]) -> None:
    assert is_read(renamed(made(tmp_path), name_of))


@pytest.mark.parametrize(
    "target",
    [
        "worksheets/sheet1.xml",
        "./worksheets/sheet1.xml",
        "../xl/worksheets/sheet1.xml",
        "\\xl\\worksheets\\sheet1.xml",
        "/XL/Worksheets/Sheet1.xml",
        "/xl/worksheets/sheet%31.xml",
    ],
)
def test_references_in_any_spelling(tmp_path: Path, target: str) -> None:
    assert is_read(replaced(made(tmp_path), RELS, ("/xl/worksheets/sheet1.xml", target)))


@pytest.mark.parametrize("name", ["hoja uno.xml", "hoja%20uno.xml"])
def test_a_reference_with_an_escaped_space(tmp_path: Path, name: str) -> None:
    path = renamed(made(tmp_path), lambda part: part.replace("sheet1.xml", name))
    assert is_read(replaced(path, RELS, ("sheet1.xml", "hoja%20uno.xml")))


# other documents

OTHERS = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": "plantilla",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": "plantilla",
    "application/vnd.ms-excel.addin.macroEnabled.main+xml": "complemento",
    "application/vnd.ms-excel.sheet.binary.macroEnabled.main": "binario",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "Word",
    "application/vnd.ms-word.document.macroEnabled.main+xml": "Word",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": (
        "PowerPoint"
    ),
    "application/vnd.ms-visio.drawing.main+xml": "no es un libro de Excel",
}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("ending", [".xlsx", ".otro"])
def test_another_office_document(tmp_path: Path, kind: str, ending: str) -> None:
    path = replaced(made(tmp_path), TYPES, (BOOK_TYPE, kind)).rename(tmp_path / f"lista{ending}")
    assert OTHERS[kind] in refusal(path)


@pytest.mark.usefixtures("libreoffice")
@pytest.mark.parametrize(
    ("kind", "said"),
    [("ods", "OpenDocument"), ("xltx", "plantilla"), ("xls", "97-2003"), ("csv", "no es un libro")],
)
def test_another_kind_of_workbook_as_libreoffice_saves_it(
    tmp_path: Path, kind: str, said: str
) -> None:
    (saved,) = libreoffice(tmp_path / "saved", kind, made(tmp_path))
    assert said in refusal(saved)
    assert said in refusal(saved.rename(tmp_path / "saved" / "lista.xlsx"))


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ("Workbook", "97-2003"),
        ("Book", "5.0/95"),
        ("WordDocument", "Word"),
        ("PowerPoint Document", "PowerPoint"),
        ("__properties_version1.0", "Outlook"),
        ("EncryptedPackage", "contraseña"),
        ("DRMEncryptedDataSpace", "permisos"),
        ("Contents", "no es un libro de Excel"),
    ],
)
def test_a_compound_file(tmp_path: Path, stream: str, said: str) -> None:
    """By the names of its streams, which stand in its directory with zeros after them."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    path = tmp_path / "lista.xlsx"
    path.write_bytes(head + stream.encode("utf-16-le").ljust(64, b"\0") + bytes(64))
    assert said in refusal(path)


def test_a_workbook_by_another_ending(tmp_path: Path) -> None:
    assert "cambie su nombre" in refusal(made(tmp_path).rename(tmp_path / "lista.xls"))


def test_a_workbook_of_charts_alone(tmp_path: Path) -> None:
    path = replaced(made(tmp_path), RELS, ("relationships/worksheet", "relationships/chartsheet"))
    assert "ninguna hoja de celdas" in refusal(path)


# damage


@pytest.mark.parametrize("method", [9, 12, 14, 97])
def test_a_compression_that_is_unknown_or_another(tmp_path: Path, method: int) -> None:
    path = made(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\x08\0", method.to_bytes(2, "little")))
    assert re.search("está dañado|No se puede leer", refusal(path))


def test_two_parts_of_one_name(tmp_path: Path) -> None:
    """Which of them holds the list nobody can say; two that are alike do no harm."""
    path = made(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET.upper(), archive.read(SHEET))
    assert is_read(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET.title(), archive.read(SHEET).replace(b"46329", b"46330"))
    assert "dañado" in refusal(path)


def test_an_encrypted_part(tmp_path: Path) -> None:
    path = made(tmp_path)
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(signature, place + 1)
    path.write_bytes(content)
    assert "dañado" in refusal(path)


@pytest.mark.parametrize("seed", range(300 if FULL else 40))
def test_any_damage_is_told(tmp_path: Path, seed: int) -> None:
    """A part with bytes changed, cut or doubled: a row is told, or the list, and nothing else."""
    chance = random.Random(seed)
    chosen = chance.choice([WORKBOOK, SHEET, STYLES, TYPES, RELS, "_rels/.rels"])

    def damaged(name: str, part: bytes) -> bytes:
        if name != chosen:
            return part
        content = bytearray(part)
        for _ in range(chance.randint(1, 5)):
            place = chance.randrange(len(content))
            match chance.randrange(4):
                case 0:
                    content[place] = chance.randrange(256)
                case 1:
                    del content[place : place + chance.randrange(1, 200)]
                case 2:
                    content[place:place] = content[place : place + 40]
                case 3:
                    content = bytearray(
                        content.replace(*chance.choice([(b"1", b"-7"), (b'"', b"'"), (b"A", b"")]))
                    )
        return bytes(content)

    path = patched(made(tmp_path), damaged)
    try:
        read(path)
    except ListError as error:
        assert str(error).endswith(".")


# long texts


def test_a_long_text_is_not_read_again_for_every_cell_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells, length = 300, 100_000
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(3, cells + 3)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    shared = f'<sst xmlns="{main}"><si><t>{"ñ" * length}</t></si></sst>'
    path = replaced(made(tmp_path), SHEET, ("</sheetData>", f"{rows}</sheetData>"))
    replaced(path, SHEET, ("Canal", "Otra"))
    relation = (
        '<Relationship Id="rId9" Target="sharedStrings.xml" '
        f'Type="{TRANSITIONAL}officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    replaced(path, RELS, ("</Relationships>", relation))
    patched(path, lambda _, part: part, **{"xl/sharedStrings.xml": shared.encode()})
    normalized: list[int] = []

    def counted(form: str, words: str) -> str:
        normalized.append(len(words))
        return normalize(form, words)

    normalize = unicodedata.normalize
    monkeypatch.setattr(unicodedata, "normalize", counted)
    assert "«Canal»" in refusal(path)
    assert sum(normalized) < cells * length / 100
