"""The passwords of the portals in the operating system's keyring."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

import keyring
import keyring.backends.fail
import keyring.errors

from robots.failures import NotReady, Unusable
from robots.settings import KEYRING_SERVICE


class Owner(StrEnum):
    """Owner of a password: a portal, the mail server where it asks for one, the mailbox of what was
    sent or that of what comes in, or the packets, whose password is the key that they are signed
    with."""

    SISACT = "sisact"
    SIAC = "siac"
    NINTEX = "nintex"
    REMEDY = "remedy"
    SMTP = "smtp"
    IMAP = "imap"
    INBOX = "inbox"
    PACKET = "packet"


class NoKeyring(NotReady):
    """This machine keeps no passwords."""


def store(owner: Owner, password: str) -> None:
    """Keep a password; raises `NoKeyring`."""
    with _keyring():
        keyring.set_password(KEYRING_SERVICE, owner, password)
        kept = keyring.get_password(KEYRING_SERVICE, owner) == password
    if not kept:  # a backend that is there to keep nothing
        raise _none()


def is_kept(owner: Owner) -> bool:
    """Whether there is one; raises `NoKeyring`."""
    with _keyring():
        return bool((keyring.get_password(KEYRING_SERVICE, owner) or "").strip())


def remove(owner: Owner) -> None:
    """Remove a password; raises `NoKeyring`, and `Unusable` where there is none."""
    if not is_kept(owner):
        raise Unusable(f"El llavero no tiene una contraseña de {owner.upper()}.")
    with _keyring():
        keyring.delete_password(KEYRING_SERVICE, owner)


@contextmanager
def _keyring() -> Iterator[None]:
    if isinstance(keyring.get_keyring(), keyring.backends.fail.Keyring):
        raise _none()
    try:
        yield
    except keyring.errors.KeyringError as error:
        # The type only: a backend's text could carry anything.
        raise NoKeyring(
            f"El llavero de contraseñas de este equipo no responde ({type(error).__name__}): "
            "desbloquéelo, o ponga las contraseñas en el entorno."
        ) from None


def _none() -> NoKeyring:
    return NoKeyring(
        "Este equipo no tiene un llavero de contraseñas: póngalas en el entorno, en las variables "
        "CARGOFIJO_…__PASSWORD."
    )
