"""Documents that are taken for a case list and are none, each told by name."""

from __future__ import annotations

from inputs.package import Package

_ASK = "ábralo en Excel y guárdelo como «Libro de Excel (.xlsx)»"
NO_WORKBOOK = f"no es un libro de Excel (.xlsx o .xlsm): si es una lista, {_ASK}"

_WORKBOOKS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml",
)

#: words of a content type, and what a document of that type is
_KINDS = {
    "sheet.binary": f"es un libro binario de Excel (.xlsb): {_ASK}",
    "spreadsheetml.template": f"es una plantilla de Excel (.xltx): {_ASK}",
    "ms-excel.template": f"es una plantilla de Excel (.xltm): {_ASK}",
    "ms-excel.addin": "es un complemento de Excel (.xlam), no un libro",
    "oasis.opendocument.spreadsheet": f"es una hoja de cálculo de OpenDocument (.ods): {_ASK}",
    "wordprocessingml": "es un documento de Word, no un libro de Excel",
    "ms-word": "es un documento de Word, no un libro de Excel",
    "presentationml": "es una presentación de PowerPoint, no un libro de Excel",
    "ms-powerpoint": "es una presentación de PowerPoint, no un libro de Excel",
}

#: names within a compound file (OLE), the format of Office 97-2003 and of all that is encrypted
_STREAMS = {
    "DRMEncryptedDataSpace": "está protegido con permisos de su organización: guárdelo sin ellos",
    "EncryptedPackage": "está protegido con contraseña: guárdelo sin ella",
    "Workbook": f"está en el formato de Excel 97-2003: {_ASK}",
    "Book": f"está en el formato de Excel 5.0/95: {_ASK}",
    "WordDocument": "es un documento de Word, no un libro de Excel",
    "PowerPoint Document": "es una presentación de PowerPoint, no un libro de Excel",
    "__properties_version1.0": "es un mensaje de Outlook, no un libro de Excel",
}


def other_document(package: Package, part: str) -> str | None:
    """What the document is whose main part is ``part``, where it is no workbook."""
    kind = package.content_type(part)
    if not kind and "mimetype" in package:
        with package.open("mimetype") as source:
            kind = source.read(100).decode("ascii", errors="replace")
    if kind in _WORKBOOKS:
        return None
    return next((said for words, said in _KINDS.items() if words in kind), NO_WORKBOOK)


def other_compound_file(content: bytes, suffix: str) -> str:
    """What a compound file is; in doubt, what its name says."""
    for name, said in _STREAMS.items():
        if f"{name}\0".encode("utf-16-le") in content:
            return said
    return _STREAMS["Workbook"] if suffix.lower() == ".xls" else NO_WORKBOOK
