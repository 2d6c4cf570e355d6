"""Why a connection of the browser is not secure, told by what is to be mended."""

from __future__ import annotations

import re

_CODE = re.compile(r"net::ERR_((?:CERT|SSL|BAD_SSL)_\w+)")

_OBSOLETE = (
    "solo ofrece un TLS o un certificado demasiado antiguos o débiles para el navegador; pida que "
    "lo actualicen"
)
#: by Chromium's name for it (``net_error_list.h``)
_WHY = {
    "CERT_AUTHORITY_INVALID": (
        "su certificado es de una autoridad que el navegador no conoce; ponga el de esa autoridad "
        "en el ajuste browser.ca (en Windows, en el almacén de certificados del sistema)"
    ),
    "CERT_COMMON_NAME_INVALID": (
        "su certificado está a otro nombre; ponga en la dirección del portal el que figura en él"
    ),
    "CERT_DATE_INVALID": (
        "su certificado venció o todavía no vale; revise la fecha de esta máquina o pida que lo "
        "renueven"
    ),
    "CERT_REVOKED": "su certificado está revocado; pida que lo renueven",
    "CERT_WEAK_SIGNATURE_ALGORITHM": _OBSOLETE,
    "SSL_VERSION_OR_CIPHER_MISMATCH": _OBSOLETE,
    "BAD_SSL_CLIENT_AUTH_CERT": "pide un certificado a quien entra, y el robot no tiene ninguno",
    "SSL_PROTOCOL_ERROR": (
        "no usa TLS en ese puerto; revise si su dirección es de http o de https, y el puerto"
    ),
}


def why_not_secure(words: str) -> str:
    """The reason in an error's text, in Spanish; empty where it is about something else."""
    code = _CODE.search(words)
    if code is None:
        return ""
    other = f"no hay una conexión segura con él (ERR_{code[1]}); pida que revisen su certificado"
    return _WHY.get(code[1], other)
