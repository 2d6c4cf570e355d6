"""Who may come in: passwords, sessions, and how guessing ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from flows.store import tables as robots_own
from flows.store.database import connect
from robots.console import console_tables
from robots.console import user_store as module
from robots.console.audit import Audit
from robots.console.user_store import (
    IDLE,
    LONGEST,
    TRIES,
    TRIES_OF_ADDRESS,
    WINDOW,
    LoginRefused,
    Role,
    UserRefused,
    UserStore,
)

PASSWORD = "una clave larga 1"
HERE = "10.0.0.1"


#: what the product hashes with, which takes the time that it is meant to
HASHER = module._hasher


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Iterator[UserStore]:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(module, "_hasher", lambda: quick)
    engine = connect("sqlite://")
    console_tables.metadata.create_all(engine)
    known = UserStore(engine)
    known.add("ana", Role.ASESOR, PASSWORD)
    yield known
    engine.dispose()


def test_who_guesses_pays_for_each_password() -> None:
    hasher = HASHER()
    assert hasher.memory_cost >= 64 * 1024 and hasher.time_cost >= 3


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 11, 20, 9, tzinfo=UTC)
        monkeypatch.setattr(module, "_now", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_who_comes_in_is_known_by_the_session(people: UserStore) -> None:
    token = people.log_in(" Ana ", PASSWORD, HERE)
    user = people.who(token)
    assert user is not None
    assert (user.name, user.role) == ("ana", Role.ASESOR)
    assert people.who(token + "x") is None


def test_neither_a_password_nor_a_token_can_be_read_in_the_database(people: UserStore) -> None:
    token = people.log_in("ana", PASSWORD, HERE)
    with people.engine.connect() as db:
        kept = [
            str(row)
            for table in (console_tables.users, console_tables.sessions)
            for row in db.execute(table.select())
        ]
    assert "$argon2id$" in kept[0]
    assert not any(PASSWORD in row or token in row for row in kept)


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "otra"), ("nadie", PASSWORD), ("", ""), ("ana", "")]
)
def test_a_wrong_name_or_password_is_told_alike(
    people: UserStore, name: str, password: str
) -> None:
    with pytest.raises(LoginRefused, match="El usuario o la contraseña no son correctos"):
        people.log_in(name, password, HERE)


def test_guessing_a_password_has_to_wait_even_with_the_right_one(
    people: UserStore, clock: Clock
) -> None:
    for _ in range(TRIES):
        with pytest.raises(LoginRefused, match="no son correctos"):
            people.log_in("ana", "otra", HERE)
    with pytest.raises(LoginRefused, match="espere"):
        people.log_in("ana", PASSWORD, "10.0.0.2")
    clock.now += WINDOW + timedelta(seconds=1)
    assert people.log_in("ana", PASSWORD, HERE)


def test_one_address_cannot_try_one_name_after_the_other(
    people: UserStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_is_right", lambda kept, password: password == PASSWORD)
    for number in range(TRIES_OF_ADDRESS):
        with pytest.raises(LoginRefused, match="no son correctos"):
            people.log_in(f"persona{number}", "otra", HERE)
    with pytest.raises(LoginRefused, match="espere"):
        people.log_in("ana", PASSWORD, HERE)
    assert people.log_in("ana", PASSWORD, "10.0.0.2")


def test_a_session_ends_unused_and_after_a_day_s_work(people: UserStore, clock: Clock) -> None:
    token = people.log_in("ana", PASSWORD, HERE)
    begun = clock.now
    while clock.now - begun < LONGEST - IDLE:
        clock.now += IDLE - timedelta(minutes=1)
        assert people.who(token)
    clock.now = begun + LONGEST + timedelta(seconds=1)
    assert people.who(token) is None
    token = people.log_in("ana", PASSWORD, HERE)
    clock.now += IDLE + timedelta(seconds=1)
    assert people.who(token) is None


def test_a_page_that_only_stands_open_keeps_no_session(people: UserStore, clock: Clock) -> None:
    token = people.log_in("ana", PASSWORD, HERE)
    clock.now += IDLE - timedelta(minutes=1)
    assert people.who(token, active=False)
    clock.now += timedelta(minutes=2)
    assert people.who(token, active=False) is None


def test_logging_out_a_new_password_and_removal_end_sessions(people: UserStore) -> None:
    first, second = (people.log_in("ana", PASSWORD, HERE) for _ in range(2))
    people.log_out(first)
    assert people.who(first) is None
    assert people.who(second)
    people.set_password("ana", "otra clave larga")
    assert people.who(second) is None
    third = people.log_in("ana", "otra clave larga", HERE)
    people.remove("ana")
    assert people.who(third) is None


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ana", PASSWORD),
        ("ANA", PASSWORD),
        ("../raiz", PASSWORD),
        ("<b>", PASSWORD),
        ("=1+1", PASSWORD),
        ("", PASSWORD),
        ("berta", "corta"),
        ("berta", "aaaaaaaaaaaaaaaa"),
        ("berta", "soy berta y entro"),
        ("berta", "x" * 257),
    ],
)
def test_a_user_that_cannot_be_is_refused_in_a_sentence(
    people: UserStore, name: str, password: str
) -> None:
    with pytest.raises(UserRefused, match=r"\.$"):
        people.add(name, Role.OPERADOR, password)
    assert [user.name for user in people.all()] == ["ana"]


def test_the_audit_trail_keeps_before_and_after(people: UserStore) -> None:
    audit = Audit(people.engine)
    audit.note("ana", "Registró un caso", "CF-1", before="", after={"líneas": ["987000001"]})
    audit.note("ana", "Entró", "consola")
    (entry,) = audit.entries("CF-1")
    assert (entry.who, entry.what, entry.after) == (
        "ana",
        "Registró un caso",
        '{"líneas": ["987000001"]}',
    )
    assert [e.what for e in audit.entries()] == ["Entró", "Registró un caso"]
    assert sa.inspect(people.engine).has_table("cf_console_audit")


def test_its_tables_are_not_the_robot_s() -> None:
    assert not set(console_tables.metadata.tables) & set(robots_own.metadata.tables)
