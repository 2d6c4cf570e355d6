"""Package of an Office document (Open Packaging Conventions): its parts, and how they refer to
each other.

Names of parts are compared as Excel does it: without case, escapes like ``%20`` resolved, and with
backslashes, which older .NET writes, for slashes.
"""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import unquote

from inputs.xml_parts import XmlElement, elements

_CONTENT_TYPES = "[content_types].xml"


class Relationship(NamedTuple):
    """Reference to another part: ``kind`` is the last word of its type, ``part`` a name to open."""

    id: str
    kind: str
    part: str


class Package:
    """An open package, read-only. What zipfile and expat raise of a damaged one goes through."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._archive.infolist():
            if self._parts.setdefault(_name(info.filename), info).CRC != info.CRC:
                raise zipfile.BadZipFile(f"two parts have the name {info.filename}")

    def close(self) -> None:
        self._archive.close()

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def open(self, part: str) -> IO[bytes]:
        """Raises `KeyError` where there is no such part."""
        return self._archive.open(self._parts[part])

    def elements(self, part: str) -> list[XmlElement]:
        """The elements of a part of XML; none where there is no such part."""
        if part not in self:
            return []
        with self.open(part) as source:
            return list(elements(source))

    def relationships(self, part: str = "") -> list[Relationship]:
        """The references of a part, or of the package, to other parts in it."""
        folder, file = posixpath.split(part)
        return [
            Relationship(
                element.attributes.get("Id", ""),
                element.attributes.get("Type", "").rpartition("/")[2],
                _name(element.attributes.get("Target", ""), folder),
            )
            for element in self.elements(posixpath.join(folder, "_rels", f"{file}.rels"))
            if element.name == "Relationship" and element.attributes.get("TargetMode") != "External"
        ]

    def content_type(self, part: str) -> str:
        """What a part is said to hold, in lower case; empty where nothing is said."""
        by_ending = ""
        for element in self.elements(_CONTENT_TYPES):
            kind = element.attributes.get("ContentType", "").strip().lower()
            match element.name:
                case "Override" if _name(element.attributes.get("PartName", "")) == part:
                    return kind
                case "Default" if part.endswith(
                    f".{element.attributes.get('Extension', '').lower()}"
                ):
                    by_ending = kind
        return by_ending


def _name(written: str, folder: str = "") -> str:
    path = posixpath.join("/", folder, unquote(written).replace("\\", "/"))
    return posixpath.normpath(path).lstrip("/").lower()
