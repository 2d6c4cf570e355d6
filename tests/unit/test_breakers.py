"""A portal's breaker: when it opens, who may try, what closes it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from flows.rules.case import Motivo
from flows.runtime.breakers import Breakers
from flows.store.database import clock
from flows.store.tables import breakers as table
from pages.contract.errors import (
    AccessDenied,
    BrowserLost,
    Insecure,
    PageChanged,
    PortalDown,
    PortalError,
    PortalSlow,
    SessionBusy,
    SessionLost,
    WriteUncertain,
)

DOWN = PortalDown("Remedy", "/arsys", "respondió con error 503")


@pytest.fixture
def breakers(database: sa.Engine) -> Breakers:
    return Breakers(database, failures=3, pauses=(100.0, 200.0, 400.0))


@pytest.fixture
def later(database: sa.Engine) -> Callable[[float], None]:
    """So many seconds pass: every moment that the breaker waits for comes nearer."""

    def pass_(seconds: float) -> None:
        with database.begin() as db:
            retry_at = db.execute(sa.select(table.c.retry_at)).scalar_one()
            db.execute(table.update().values(retry_at=retry_at - timedelta(seconds=seconds)))

    return pass_


def seconds_left(breakers: Breakers) -> float:
    state = breakers.state("Remedy")
    assert state is not None and state.retry_at is not None
    return (state.retry_at - state.now).total_seconds()


def opened(breakers: Breakers) -> None:
    for _ in range(3):
        breakers.failed(DOWN)


def test_it_opens_at_the_third_failure_in_a_row_and_only_for_its_portal(
    breakers: Breakers,
) -> None:
    for _ in range(2):
        breakers.failed(DOWN)
        assert breakers.enter("Remedy").resting is None
    breakers.failed(DOWN)
    resting = breakers.enter("Remedy").resting
    assert resting is not None
    assert resting.motivo is Motivo.PORTAL_NO_DISPONIBLE
    assert resting.what.startswith("Remedy, /arsys: respondió con error 503. ")
    assert breakers.enter("NINTEX").resting is None


def test_an_answer_in_between_forgets_what_was_counted(breakers: Breakers) -> None:
    for _ in range(3):
        breakers.failed(DOWN)
        breakers.failed(PortalSlow("Remedy", "/arsys", "no respondió a tiempo"))
        breakers.answered("Remedy")
    assert breakers.enter("Remedy").resting is None


def test_each_try_that_fails_makes_the_next_one_later(
    breakers: Breakers, later: Callable[[float], None]
) -> None:
    opened(breakers)
    for pause in (100, 200, 400, 400):
        assert pause - 5 < seconds_left(breakers) <= pause
        later(pause - 5)
        assert breakers.enter("Remedy").resting is not None
        later(5)
        assert breakers.enter("Remedy").resting is None
        breakers.failed(DOWN)


def test_of_all_seats_and_machines_one_tries(
    breakers: Breakers, later: Callable[[float], None]
) -> None:
    opened(breakers)
    later(100)
    others = [Breakers(breakers.engine, 3, breakers.pauses) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        entered = list(threads.map(lambda other: other.enter("Remedy").resting, others))
    assert entered.count(None) == 1


def test_one_answer_closes_it(breakers: Breakers, later: Callable[[float], None]) -> None:
    opened(breakers)
    later(100)
    assert breakers.enter("Remedy").resting is None
    breakers.answered("Remedy")
    assert breakers.enter("Remedy").resting is None
    state = breakers.state("Remedy")
    assert state is not None and state.answered is not None and not state.failures
    with breakers.engine.connect() as db:
        assert abs((clock(db) - state.answered).total_seconds()) < 60


@pytest.mark.parametrize("kind", [SessionLost, BrowserLost, WriteUncertain, PageChanged])
def test_what_is_not_the_portals_own_fault_does_not_count(
    breakers: Breakers, kind: type[PortalError]
) -> None:
    for _ in range(5):
        breakers.failed(kind("Remedy", "x", "y"))
    assert breakers.state("Remedy") is None


def test_a_page_that_is_otherwise_for_case_after_case_opens_it(breakers: Breakers) -> None:
    for _ in range(3):
        assert breakers.enter("Remedy").resting is None
        breakers.page_changed(PageChanged("Remedy", "Nueva incidencia", "no se encuentra «Plan»"))
    resting = breakers.enter("Remedy").resting
    assert resting is not None and resting.motivo is Motivo.PAGINA_CAMBIADA


def test_a_session_that_a_person_has_is_waited_for_at_once(breakers: Breakers) -> None:
    breakers.failed(SessionBusy("Remedy", "Inicio de sesión", "conectado en otro equipo"))
    resting = breakers.enter("Remedy").resting
    assert resting is not None and resting.motivo is Motivo.SESION_OCUPADA
    assert resting.retry_at is not None


def test_a_refused_password_is_not_typed_again_until_a_login_succeeds(breakers: Breakers) -> None:
    breakers.failed(AccessDenied("Remedy", "Inicio de sesión", "usuario o contraseña rechazados"))
    resting = breakers.enter("Remedy").resting
    assert resting is not None and resting.retry_at is None
    breakers.may_be_tried()  # a person, once
    assert breakers.enter("Remedy").resting is None
    breakers.failed(AccessDenied("Remedy", "Inicio de sesión", "usuario o contraseña rechazados"))
    assert breakers.enter("Remedy").resting is not None
    breakers.answered("Remedy")
    assert breakers.enter("Remedy").resting is None


def test_who_is_not_secure_time_after_time_is_left_to_a_person(breakers: Breakers) -> None:
    for _ in range(3):
        assert breakers.enter("Remedy").resting is None
        breakers.failed(Insecure("Remedy", "Inicio de sesión", "no usa TLS en ese puerto"))
    resting = breakers.enter("Remedy").resting
    assert resting is not None and resting.retry_at is None
    assert resting.motivo is Motivo.ACCESO_RECHAZADO


def test_what_the_preflight_finds_opens_it_anew(
    breakers: Breakers, later: Callable[[float], None]
) -> None:
    opened(breakers)
    for pause in (100, 200):
        later(pause)
        assert breakers.enter("Remedy").resting is None
        breakers.failed(DOWN)
    assert seconds_left(breakers) > 300
    breakers.open(DOWN)
    assert breakers.enter("Remedy").resting is not None
    assert 95 < seconds_left(breakers) <= 100
