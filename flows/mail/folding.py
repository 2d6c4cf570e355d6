"""Headers as they go over the wire: their long lines, and their letters beyond ASCII.

The library's own folding puts a second space before a word with an accent that begins a line, and
encodes the comma between two recipients as if it were of a name (Python 3.11 to 3.13).
"""

from __future__ import annotations

from email.header import Header
from email.headerregistry import Address, AddressHeader, UnstructuredHeader
from email.policy import EmailPolicy
from typing import Any


class _Policy(EmailPolicy):
    def fold(self, name: str, value: Any) -> str:
        return _folded(name, value, utf8=self.utf8) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        folded = _folded(name, value, utf8=self.utf8)
        return folded.encode() if folded else super().fold_binary(name, value)


#: of every message that is written
MAIL_POLICY = _Policy(linesep="\r\n")


def _folded(name: str, value: Any, *, utf8: bool) -> str:
    """Empty for what the library folds well."""
    if str(value).isascii():
        return ""
    if isinstance(value, UnstructuredHeader):
        return f"{name}: {str(value) if utf8 else _encoded(str(value), name)}\r\n"
    if isinstance(value, AddressHeader) and value.addresses:
        written = [str(a) if utf8 else _address(a, name) for a in value.addresses]
        return f"{name}: " + ",\r\n ".join(written) + "\r\n"
    return ""


def _address(address: Address, header: str) -> str:
    if address.display_name.isascii():
        return str(address)
    return f"{_encoded(address.display_name, header)} <{address.addr_spec}>"


def _encoded(text: str, header: str) -> str:
    """Encoded words (RFC 2047) all through: between two of them no space counts."""
    return Header(text, "utf-8", maxlinelen=76, header_name=header).encode(linesep="\r\n")
