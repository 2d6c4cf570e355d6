"""The reader of ``winmail.dat``: each shape of an attachment, and whatever is damaged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.mail.tnef import TnefAttachment, TnefError, TnefKind, read_tnef
from tests.support import envelopes as made
from tests.support.envelopes import (
    attachment,
    attribute,
    envelope,
    file,
    fixed,
    number,
    properties,
    variable,
    written,
)
from tests.support.incoming import PDF, PNG

GUID = bytes(range(16))
TWO_FILES = envelope(file("oferta.pdf", PDF), file("logo.png", PNG))


def read(*attachments: bytes, code_page: int = 1252) -> list[TnefAttachment]:
    return list(read_tnef(envelope(*attachments, code_page=code_page)).attachments)


def one(*attributes: bytes, code_page: int = 1252, kind: int = 1) -> TnefAttachment:
    (found,) = read(attachment(*attributes, kind=kind), code_page=code_page)
    return found


def of(*each: bytes) -> TnefAttachment:
    """An attachment with these properties."""
    return one(attribute(made.PROPERTIES, properties(*each)))


# --- shapes ---------------------------------------------------------------------------------------


def test_files_in_their_order() -> None:
    found = read_tnef(TWO_FILES)
    assert [(a.kind, a.name, a.content, a.in_text) for a in found.attachments] == [
        (TnefKind.FILE, "oferta.pdf", PDF, False),
        (TnefKind.FILE, "logo.png", PNG, False),
    ]
    assert read() == []
    # programs that take it for a text end its last line
    assert read_tnef(TWO_FILES + b"\n") == read_tnef(TWO_FILES + b"\r\n") == found


def test_content_as_an_attribute_or_a_property() -> None:
    before = one(attribute(made.DATA, PDF), attribute(made.TITLE, b"a.pdf\0"))
    assert (before.name, before.content) == ("a.pdf", PDF)
    held = of(variable(made.ATTACH_DATA, PDF), variable(made.LONG_FILENAME, written("b.pdf")))
    assert (held.name, held.content) == ("b.pdf", PDF)
    elsewhere = of(variable(made.LONG_FILENAME, written("en la nube.pdf")))
    assert (elsewhere.name, elsewhere.content) == ("en la nube.pdf", b"")
    assert one().name == ""


@pytest.mark.parametrize(
    ("code_page", "encoding", "name"),
    [
        (1252, "cp1252", "propuesta económica ñ.pdf"),
        (850, "cp850", "propuesta económica ñ.pdf"),
        (65001, "utf-8", "propuesta económica ñ – €.pdf"),
        (932, "cp932", "提案.pdf"),
        (1251, "cp1251", "предложение.pdf"),
        (12, "latin-1", "año.pdf"),  # none
    ],
)
def test_names_of_8_bits_are_in_the_code_page(code_page: int, encoding: str, name: str) -> None:
    title = attribute(made.TITLE, name.encode(encoding) + b"\0")
    long = variable(made.LONG_FILENAME8, name.encode(encoding) + b"\0")
    assert one(title, code_page=code_page).name == name
    held = attribute(made.PROPERTIES, properties(long))
    assert one(held, code_page=code_page).name == name


def test_the_longest_name_counts() -> None:
    long = variable(made.LONG_FILENAME, written("propuesta económica €.pdf"))
    short = variable(made.FILENAME, written("PROPUE~1.PDF"))
    shown = variable(made.DISPLAY_NAME, written("Propuesta"))
    title = attribute(made.TITLE, b"propuesta econ?mica.pdf\0")
    for each, name in (
        ((shown, short, long), "propuesta económica €.pdf"),
        ((shown, short), "PROPUE~1.PDF"),
        ((shown,), "propuesta econ?mica.pdf"),
    ):
        assert one(title, attribute(made.PROPERTIES, properties(*each))).name == name
    assert of(shown).name == "Propuesta"
    assert of(variable(made.LONG_FILENAME, written("a\r\nb\t.pdf"))).name == "a b .pdf"


@pytest.mark.parametrize(
    ("more", "in_text"),
    [
        ([fixed(made.HIDDEN, 1)], True),
        ([fixed(made.HIDDEN, 0), fixed(made.FLAGS, 4)], True),
        ([fixed(made.FLAGS, 3)], False),
        ([variable(made.CONTENT_ID, written("<logo@01D>"))], False),
    ],
)
def test_what_the_text_shows(more: list[bytes], in_text: bool) -> None:
    (found,) = read(file("image001.png", PNG, variable(made.MIME_TAG, written("image/PNG")), *more))
    assert (found.in_text, found.mime_type) == (in_text, "image/png")
    assert found.content_id in ("", "logo@01D")


def test_a_message_within_is_a_stream_of_its_own() -> None:
    (found,) = read(made.message("La oferta", TWO_FILES))
    assert (found.kind, found.name, found.content) == (TnefKind.MESSAGE, "La oferta", TWO_FILES)


def test_what_a_message_says_is_told_but_for_rtf() -> None:
    named = b"a\xf1o\0"
    old = attribute(0x00018004, named, level=1) + attribute(0x0002800C, b"cuerpo\0", level=1)
    assert read_tnef(envelope(old)).text == "año\ncuerpo"
    held = (
        variable(0x0037001F, written("asunto")),
        variable(0x1000001E, named),
        variable(0x10130102, b"<p>hoja</p>"),
    )
    assert read_tnef(envelope(told=held)).text == "asunto\naño\n<p>hoja</p>"
    assert read_tnef(envelope()).text == ""
    with pytest.raises(TnefError):
        read_tnef(envelope(told=(held[0][:-4],)))


def test_an_object_of_a_program_is_no_file() -> None:
    title = attribute(made.TITLE, b"Hoja.pdf\0")
    known = properties(variable(made.ATTACH_OBJECT, made.IID_STORAGE + b"OLE"))
    for found in (
        one(title, attribute(made.DATA, b"OLE"), kind=2),
        one(title, attribute(made.PROPERTIES, known), kind=2),
        one(title, attribute(made.PROPERTIES, known)),
    ):
        assert (found.kind, found.name, found.content) == (TnefKind.OBJECT, "Hoja.pdf", b"OLE")


def test_properties_of_every_kind_lie_before_one_that_counts() -> None:
    by_number, by_name = GUID + number(0) + number(7), GUID + number(1) + made.sized(written("x"))
    sizes = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
    found = of(
        *(fixed(0x0E200000 + kind, 1, size) for kind, size in sizes.items()),
        *(number(0x0E201000 + kind) + number(2) + bytes(2 * s) for kind, s in sizes.items()),
        fixed(0x80000003, 1, named=by_number),
        # named: what has this identifier is not what it says elsewhere
        variable(0x8001001F, written("x.pdf"), named=by_name),
        variable(0x0E20101F, written("uno"), written("dos y más")),
        variable(0x0E201102),
        variable(made.LONG_FILENAME, written("oferta.pdf")),
    )
    assert found.name == "oferta.pdf"


# --- damage ---------------------------------------------------------------------------------------

KNOWN = variable(made.LONG_FILENAME, written("oferta.pdf"))


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"TNEF",
        TWO_FILES[4:],
        TWO_FILES + b"\0",
        TWO_FILES.replace(b"%PDF", b"%PDG"),
        envelope(attribute(made.DATA, PDF)),
        envelope(attachment(attribute(made.DATA, PDF, level=3))),
        envelope(attachment(attribute(made.DATA, PDF), attribute(made.DATA, PNG))),
        envelope(attachment(number(2, 1) + number(made.DATA) + number(2**32 - 1) + PDF)),
        envelope(file("a.pdf", PDF, variable(made.ATTACH_DATA, PNG))),
        envelope(file("a.pdf", PDF, fixed(0x37010003, 1))),
        envelope(file("a.pdf", PDF, fixed(0x0E200001, 1))),
        envelope(*[attachment()] * 10_000),
        *(
            envelope(attachment(attribute(made.PROPERTIES, data)))
            for data in (
                b"",
                properties(KNOWN)[:-1],
                properties(KNOWN) + bytes(4),
                number(2) + KNOWN,
                number(2**32 - 1) + KNOWN,
                properties(number(made.LONG_FILENAME) + number(2**32 - 1)),
                properties(number(made.LONG_FILENAME) + number(1) + number(2**32 - 1)),
                properties(number(0x0E201003) + number(2**32 - 1)),
            )
        ),
    ],
)
def test_what_is_damaged_is_an_error(stream: bytes) -> None:
    with pytest.raises(TnefError):
        read_tnef(stream)


def test_a_stream_cut_anywhere_but_between_two_attributes_is_an_error() -> None:
    whole = read_tnef(TWO_FILES).attachments
    read_cuts = 0
    for cut in range(len(TWO_FILES)):
        try:
            found = read_tnef(TWO_FILES[:cut]).attachments
        except TnefError:
            continue
        read_cuts += 1
        for given_, known in zip(found, whole, strict=False):
            assert given_.content in (b"", known.content)
    assert read_cuts == 1 + 3 + 8 - 1


@given(st.binary(max_size=200))
def test_no_properties_are_another_error(data: bytes) -> None:
    """Behind a checksum that is right."""
    for known in (data, number(1) + data, properties(KNOWN) + data):
        for stream in (
            attachment(attribute(made.PROPERTIES, known)),
            made.message("x", data),
            attribute(made.CODE_PAGE, known, level=1) + file("a.pdf", PDF),
            attribute(made.RENDER_DATA, known),
        ):
            try:
                read(stream)
            except TnefError:
                continue


@given(
    st.lists(st.tuples(st.integers(0, len(TWO_FILES)), st.binary(max_size=6)), max_size=6),
    st.binary(max_size=60),
)
def test_no_damage_is_another_error(changes: list[tuple[int, bytes]], end: bytes) -> None:
    stream = bytearray(TWO_FILES)
    for at, new in changes:
        stream[at : at + len(new)] = new
    for damaged in (bytes(stream), bytes(stream) + end, end):
        try:
            read_tnef(damaged)
        except TnefError:
            continue
