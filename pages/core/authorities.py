"""The company's own authorities, as Chromium takes them on Linux."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from pages.contract.errors import BrowserLost

_CERTIFICATE = re.compile(r"-----BEGIN ([\w ]*CERTIFICATE)-----.+?-----END \1-----", re.DOTALL)
#: an authority for servers; or, where it is none, the one server whose certificate it is
_TRUST = "CP,,"


def trusting_home(ca: Path) -> TemporaryDirectory[str]:
    """A home folder for a browser that trusts, besides its own, every certificate of a PEM file.

    Private roots come from an NSS store and from nowhere else: ``.pki/nssdb`` at home which, where
    it is there, hides the newer place in ``XDG_DATA_HOME``. With a home of its own a browser
    neither reads nor changes the account's. Raises `BrowserLost` where it cannot be made.
    """
    certutil = shutil.which("certutil")
    if certutil is None:
        raise _unusable(
            "falta el programa certutil; instale libnss3-tools (Debian, Ubuntu), nss-tools (Red "
            "Hat, Fedora) o mozilla-nss-tools (SUSE)"
        )
    # A browser that is being stopped may still write there.
    home = TemporaryDirectory(prefix="cargofijo-home-", ignore_cleanup_errors=True)
    store = Path(home.name) / ".pki" / "nssdb"
    store.mkdir(parents=True)
    add = [certutil, "-A", "--empty-password", "-d", f"sql:{store}", "-t", _TRUST]
    try:
        text = ca.read_text(encoding="ascii", errors="replace")  # others may stand around them
        for number, found in enumerate(_CERTIFICATE.finditer(text), 1):
            # certutil takes the first of a file and leaves the others
            subprocess.run(
                [*add, "-n", str(number)], input=found[0].encode(), capture_output=True, check=True
            )
    except (OSError, subprocess.CalledProcessError) as error:
        home.cleanup()
        raise _unusable("no se pudo usar ese archivo") from error
    return home


def at_home(folder: str) -> dict[str, str | float | bool]:
    """The environment of a program whose home is there."""
    # without the variable, whoever may use the screen is told by a file at home
    screen = {"XAUTHORITY": str(Path.home() / ".Xauthority")}
    return {**screen, **os.environ, "HOME": folder}


def _unusable(what: str) -> BrowserLost:
    return BrowserLost("Navegador", "inicio", f"{what} (ajuste browser.ca)")
