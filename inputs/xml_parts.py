"""Parser (expat) of the parts of a workbook; none may declare entities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple
from xml.parsers import expat

_CHUNK = 1 << 16


class XmlElement(NamedTuple):
    """Start of an element; the names are without their namespaces."""

    parent: str
    name: str
    attributes: dict[str, str]


def new_parser() -> expat.XMLParserType:
    """Parser that gives names as ``namespace name`` and raises `ValueError` at a document type."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def fed(parser: expat.XMLParserType, source: IO[bytes]) -> Iterator[None]:
    """Parse the source a chunk at a time; raises `ValueError` or `expat.ExpatError` where
    damaged."""
    while chunk := source.read(_CHUNK):
        parser.Parse(chunk)
        yield
    parser.Parse(b"", True)
    yield


def elements(source: IO[bytes]) -> Iterator[XmlElement]:
    """The elements of a part, in order; raises as `fed` does."""
    path = [""]
    found: list[XmlElement] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        found.append(
            XmlElement(path[-1], name, {_local(key): value for key, value in attributes.items()})
        )
        path.append(name)

    def end(_: str) -> None:
        path.pop()

    parser = new_parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    for _ in fed(parser, source):
        yield from found
        found.clear()


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse_doctype(*_: object) -> None:
    """A workbook declares none; entities would come with it."""
    raise ValueError("a document type declaration")
