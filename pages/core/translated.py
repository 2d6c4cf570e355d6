"""Translation of Playwright's errors into ours."""

from __future__ import annotations

import re

from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import (
    AccessDenied,
    BrowserLost,
    Insecure,
    PageChanged,
    PortalDown,
    PortalError,
)
from pages.core.secure import why_not_secure

#: a server's challenge, or a proxy's, to which the browser has no answer that it takes
REFUSED = re.compile(r"net::ERR_\w*AUTH_")
_LOST = re.compile("crash|has been closed|(?:browser|connection) closed", re.IGNORECASE)


def translated(error: PlaywrightError, portal: str, where: str, element: str = "") -> PortalError:
    """The error as one of ours, by who must act; ``element`` is what was to be used.

    Its own text is left out: it quotes what was typed and read.
    """
    words = error.message
    if _LOST.search(words):
        return BrowserLost(portal, where, "el navegador o su ventana se cerró")
    if why := why_not_secure(words):
        return Insecure(portal, where, why)
    if REFUSED.search(words):
        return AccessDenied(portal, where, "el servidor no acepta al usuario del robot")
    if "net::ERR_" in words or "chrome-error://" in words:
        return PortalDown(portal, where, "no se pudo conectar con el portal")
    return PageChanged(
        portal, where, f"no se puede usar «{element}»" if element else "la página no se deja usar"
    )
