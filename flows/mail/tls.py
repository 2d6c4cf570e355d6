"""Secure connections to mail servers, and why one is not to be had."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Literal

from flows.rules.typed_text import decoded, is_marked

#: of X509_verify_cert: the chain ends in nobody who is trusted
_UNKNOWN_AUTHORITY = (18, 19, 20, 21)
_NOT_VALID_TODAY = (9, 10)
_OTHER_NAME = (62, 64)
_TOO_WEAK = (66, 67, 68)
#: what OpenSSL says of an answer that is no TLS
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")
#: and where the two have no version or no cipher in common
_TOO_OLD = (
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "UNSUPPORTED_PROTOCOL",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "DH_KEY_TOO_SMALL",
)


def tls_context(ca: Path | None = None) -> ssl.SSLContext:
    """A context that trusts the machine's authorities, and those in ``ca``; raises OSError where
    that is no PEM file with a certificate."""
    context = ssl.create_default_context()
    if ca is not None:
        content = ca.read_bytes()
        if is_marked(content):  # OpenSSL reads no UTF-16
            context.load_verify_locations(
                cadata=decoded(content).encode("ascii", "ignore").decode()
            )
        else:
            context.load_verify_locations(ca)
        # A company's own authority: what it issues need not follow RFC 5280 to the letter, which
        # Python 3.13 asks for, and its file may hold the issuer alone, without the root.
        context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def why_not_secure(error: ssl.SSLError, group: Literal["smtp", "imap", "inbox"]) -> str:
    """One sentence with the setting of this group that is to be mended."""
    code = getattr(error, "verify_code", None)
    if error.reason in _TOO_OLD or code in _TOO_WEAK:
        return (
            "El servidor de correo solo ofrece un TLS o un certificado demasiado antiguos o "
            "débiles: pida que lo actualicen."
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _UNKNOWN_AUTHORITY:
            return (
                "El certificado del servidor de correo es de una autoridad que esta máquina no "
                f"conoce: ponga en {group}.ca el archivo con el certificado de esa autoridad."
            )
        if error.verify_code in _OTHER_NAME:
            return (
                "El certificado del servidor de correo está a otro nombre: ponga en "
                f"{group}.host el nombre que figura en él."
            )
        if error.verify_code in _NOT_VALID_TODAY:
            return (
                "El certificado del servidor de correo venció o todavía no vale: revise la fecha "
                "de esta máquina o pida que lo renueven."
            )
    if error.reason in _NO_TLS:
        return (
            "El servidor de correo no usa TLS en ese puerto: revise "
            f"{group}.security y el puerto ({group}.port)."
        )
    return f"No hay una conexión segura con el servidor de correo: revise {group}.security."
