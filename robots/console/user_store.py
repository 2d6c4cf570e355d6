"""Store of users: roles, passwords, sessions, and the limits of guessing."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from flows.rules.case import Model
from robots.console.console_tables import failures, sessions, users
from robots.failures import Unusable

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
#: of one name, and from one address, before its next try has to wait
TRIES, TRIES_OF_ADDRESS, WINDOW = 5, 20, timedelta(minutes=15)
SHORTEST, LONGEST_PASSWORD = 10, 256

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
#: a session's last sign of life is written at most so often
_SEEN_EVERY = timedelta(minutes=1)


class Role(StrEnum):
    """Role of a user. An *asesor* sees own cases; the others see all."""

    ASESOR = "asesor"
    SUPERVISOR = "supervisor"
    OPERADOR = "operador"


class User(Model):
    name: str
    role: Role

    @property
    def sees_all(self) -> bool:
        return self.role is not Role.ASESOR

    @property
    def may_approve(self) -> bool:
        return self.role is Role.SUPERVISOR

    @property
    def may_run(self) -> bool:
        """Whether lists and runs are their business."""
        return self.role is Role.OPERADOR


class UserRefused(Unusable):
    """There can be no such user or password."""


class LoginRefused(Exception):
    """Login refused; the text is one Spanish sentence that says no more than it must."""


class UserStore:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    # users

    def any(self) -> bool:
        with self.engine.connect() as db:
            return db.execute(sa.select(users.c.name).limit(1)).first() is not None

    def all(self) -> list[User]:
        with self.engine.connect() as db:
            found = db.execute(sa.select(users.c.name, users.c.role).order_by(users.c.name))
            return [User(name=row.name, role=Role(row.role)) for row in found]

    def find(self, name: str) -> User | None:
        with self.engine.connect() as db:
            row = db.execute(users.select().filter_by(name=_plain(name))).one_or_none()
        return User(name=row.name, role=Role(row.role)) if row else None

    def add(self, name: str, role: Role, password: str) -> User:
        """Add a user; raises `UserRefused`."""
        name = _plain(name)
        if not _NAME.fullmatch(name):
            raise UserRefused(
                "El nombre lleva de 2 a 40 letras sin acentos, cifras, puntos o guiones."
            )
        if self.find(name):
            raise UserRefused(f"Ya existe el usuario {name}.")
        _check_password(name, password)
        kept = _hasher().hash(password)
        self._write(users.insert().values(name=name, role=role, password=kept, created=_now()))
        return User(name=name, role=role)

    def set_password(self, name: str, password: str) -> User:
        """Raises `UserRefused`. Whoever is in under this name is out."""
        user = self._known(name)
        _check_password(user.name, password)
        self._write(_new_password(user.name, password), sessions.delete().filter_by(user=user.name))
        return user

    def remove(self, name: str) -> User:
        """Raises `UserRefused`. Whoever is in under this name is out."""
        user = self._known(name)
        self._write(
            users.delete().filter_by(name=user.name), sessions.delete().filter_by(user=user.name)
        )
        return user

    def _known(self, name: str) -> User:
        user = self.find(name)
        if user is None:
            raise UserRefused(f"No existe el usuario {_plain(name)}.")
        return user

    # coming in

    def log_in(self, name: str, password: str, address: str) -> str:
        """Log in; gives the token of a new session. Raises `LoginRefused`."""
        name = _plain(name)[:40]
        self._refuse_guessing(name, address)
        with self.engine.connect() as db:
            kept = db.scalar(sa.select(users.c.password).filter_by(name=name))
        # As long for a name that nobody has: the time taken tells nothing.
        right = _is_right(kept or _nobodys(), password[:LONGEST_PASSWORD]) and kept is not None
        if not right:
            self._write(failures.insert().values(name=name, address=address, at=_now()))
            raise LoginRefused("El usuario o la contraseña no son correctos.")
        if kept and _hasher().check_needs_rehash(kept):
            self._write(_new_password(name, password))
        self._write(failures.delete().filter_by(name=name))
        return self.begin_session(name)

    def begin_session(self, name: str) -> str:
        """Begin a session for somebody who has shown who they are; gives its token."""
        token = secrets.token_urlsafe(32)
        self._write(
            sessions.delete().where(sessions.c.begun < _now() - LONGEST),
            sessions.insert().values(token=_digest(token), user=name, begun=_now(), seen=_now()),
        )
        return token

    def who(self, token: str, *, active: bool = True) -> User | None:
        """User of a session, while it lasts. ``active``: the person did something."""
        query = sa.select(sessions, users.c.role).join(users, users.c.name == sessions.c.user)
        with self.engine.connect() as db:
            found = db.execute(query.where(sessions.c.token == _digest(token))).one_or_none()
        if found is None:
            return None
        now = _now()
        if now - found.seen > IDLE or now - found.begun > LONGEST:
            self.log_out(token)
            return None
        if active and now - found.seen > _SEEN_EVERY:
            self._write(sessions.update().filter_by(token=_digest(token)).values(seen=now))
        return User(name=found.user, role=Role(found.role))

    def log_out(self, token: str) -> None:
        self._write(sessions.delete().filter_by(token=_digest(token)))

    def _write(self, *changes: sa.Executable) -> None:
        """All of them or none."""
        with self.engine.begin() as db:
            for change in changes:
                db.execute(change)

    def _refuse_guessing(self, name: str, address: str) -> None:
        recent = failures.c.at > _now() - WINDOW
        with self.engine.connect() as db:
            of_name, of_address = (
                db.scalar(sa.select(sa.func.count()).select_from(failures).where(recent, which))
                for which in (failures.c.name == name, failures.c.address == address)
            )
        if (of_name or 0) >= TRIES or (of_address or 0) >= TRIES_OF_ADDRESS:
            raise LoginRefused(
                "Demasiados intentos fallidos: espere 15 minutos y vuelva a intentar."
            )


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def _new_password(name: str, password: str) -> sa.Update:
    return users.update().filter_by(name=name).values(password=_hasher().hash(password))


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_urlsafe())


def _is_right(kept: str, password: str) -> bool:
    try:
        return _hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _check_password(name: str, password: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST_PASSWORD:
        raise UserRefused(f"La contraseña necesita {SHORTEST} caracteres o más.")
    if name in password.lower() or len(set(password)) < 5:
        raise UserRefused("La contraseña es demasiado fácil: no repita el nombre ni un carácter.")


def _plain(name: str) -> str:
    return name.strip().lower()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
