"""What is told of portals' pages that change: what is compared, and what is the case's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import AsyncMock

import pytest
import sqlalchemy as sa

from flows.rules.news import news_of
from flows.runtime.radar import Radar
from flows.store.database import change, fetch
from flows.store.ledger import Ledger
from flows.store.retention import forget, past_cases
from flows.store.tables import news, surfaces
from pages.contract.ports import SIAC
from pages.contract.surface import Surface
from pages.core.noted import columns_of, form_of, labels_of, state_of


def field(label: str, *options: str, known: bool = True) -> dict[str, object]:
    key = label.lower()
    told = {"key": key, "label": label, "known": known, "sure": known}
    return told | {"required": False, "options": options}


RUC, COLA, MOTIVO = field("RUC"), field("Cola", "Altas", "Bajas"), field("Motivo")


def form(*fields: dict[str, object], chosen: str = "Altas") -> Surface:
    return form_of("", "Alta", [chosen], fields)


FORM = form(RUC, COLA)
TABLE = columns_of("", "Consulta", "Líneas", ["Número", "Plan ▲"])


# what differs


@pytest.mark.parametrize(
    ("good", "seen", "told"),
    [
        (FORM, form(COLA, RUC), []),
        (FORM, form(RUC, COLA, MOTIVO), ["campo nuevo «Motivo»"]),
        (FORM, form(RUC, COLA, MOTIVO | {"required": True}), ["campo nuevo «Motivo», obligatorio"]),
        (FORM, form(RUC, COLA, field("Motivo", "Error")), ["campo nuevo «Motivo»"]),
        (FORM, form(RUC), ["ya no está el campo «Cola»"]),
        (FORM, form(RUC | {"required": True}, COLA), ["el campo «RUC» ahora es obligatorio"]),
        (form(RUC | {"required": True}), form(RUC), ["el campo «RUC» ya no es obligatorio"]),
        (
            FORM,
            form(RUC | {"label": "N° de RUC"}, COLA),
            ["el campo «RUC» ahora se llama «N° de RUC»"],
        ),
        (FORM, form(RUC | {"label": "* RUC :"}, COLA), []),
        (
            FORM,
            form(RUC, field("Cola", "Altas", "Traslados")),
            [
                "ya no está la opción «Bajas» de la lista «Cola»",
                "opción nueva «Traslados» en la lista «Cola»",
            ],
        ),
        (
            FORM,
            form(RUC, field("Cola", "ALTAS", "Bajas")),
            ["en la lista «Cola», la opción «Altas» ahora se llama «ALTAS»"],
        ),
        (TABLE, columns_of("", "Consulta", "Líneas", ["Plan", "Número ▼", ""]), []),
        (
            TABLE,
            columns_of("", "Consulta", "Líneas", ["Número", "Observado"]),
            [
                "ya no está la columna «Plan» de la tabla «Líneas»",
                "columna nueva «Observado» en la tabla «Líneas»",
            ],
        ),
        (
            TABLE,
            columns_of("", "Consulta", "Líneas", ["NÚMERO", "Plan"]),
            ["en la tabla «Líneas», la columna «Número» ahora se llama «NÚMERO»"],
        ),
        (
            labels_of("", "Datos", ["Campaña"], ["Campaña:"]),
            labels_of("", "Datos", ["Campaña"], ["Campana"]),
            ["el campo «Campaña» ahora se llama «Campana»"],
        ),
    ],
)
def test_what_differs_is_a_clause(good: Surface, seen: Surface, told: list[str]) -> None:
    assert [one.what for one in news_of(SIAC, good.items, seen)] == told


def test_a_sentence_says_where() -> None:
    (one,) = news_of("NINTEX", FORM.items, replace(form(RUC, COLA, MOTIVO), part="operador"))
    assert one.sentence == "NINTEX operador, página «Alta»: campo nuevo «Motivo»."


@pytest.mark.parametrize(
    "people",
    [
        field("Contacto", "Rosa Quispe Mamani", "Luis Paz", known=False),
        field("Línea", "987654321", "987654322", known=False),
        field("Línea", "987654321"),
        field("Correo", "rosa@textiles.example"),
    ],
)
def test_records_and_people_in_a_list_are_not_kept(people: dict[str, object]) -> None:
    assert {item.sort for item in form(people).items} == {"field"}


def test_words_of_a_list_that_nobody_mapped_are() -> None:
    words = form(field("Motivo", "Seleccione", "Error de registro", "Otros motivos", known=False))
    assert [item.text for item in words.items[1:]] == ["Error de registro", "Otros motivos"]


def test_what_looks_like_data_is_no_header() -> None:
    table = columns_of("", "Consulta", "Recibos", ["Cargo", "10/2026", None])
    assert [item.text for item in table.items] == ["Cargo"]


# what is told


@pytest.fixture
def night(database: sa.Engine) -> Callable[..., list[str]]:
    """Another process sees these, one after the other; gives what its run's report tells."""
    nights = iter(range(100))

    def seen(*pages: Surface) -> list[str]:
        radar, run = Radar(database), f"night {next(nights)}"
        for page in pages:
            radar.note(SIAC, [page])
        told = radar.tell_in(run, None)
        assert told == radar.told_in(run)
        return [one.what for one in told]

    return seen


WITH_MOTIVO = form(RUC, COLA, MOTIVO)
NEW = ["campo nuevo «Motivo»"]

Night = Callable[..., list[str]]


def test_the_first_look_tells_nothing_and_news_is_told_once(night: Night) -> None:
    assert night(FORM) == []
    assert night(FORM, WITH_MOTIVO, WITH_MOTIVO) == NEW
    assert night(WITH_MOTIVO) == []
    assert night(FORM) == ["ya no está el campo «Motivo»"]
    assert night(WITH_MOTIVO) == NEW


def test_what_comes_and_goes_is_the_cases_own_and_never_told(night: Night) -> None:
    assert night(FORM) == []
    assert night(FORM, WITH_MOTIVO, FORM, WITH_MOTIVO) == []
    assert night(WITH_MOTIVO) == night(FORM) == night(WITH_MOTIVO) == []


def test_the_night_in_which_a_page_is_first_seen_learns_what_varies(night: Night) -> None:
    assert night(FORM, WITH_MOTIVO) == []
    assert night(FORM) == night(WITH_MOTIVO) == []


def test_the_machines_that_work_then_learn_it_together(database: sa.Engine, night: Night) -> None:
    one, other = Radar(database), Radar(database)
    one.note(SIAC, [FORM])
    other.note(SIAC, [WITH_MOTIVO])
    assert night() == []


def test_where_something_else_was_chosen_another_page_is_to_be_known_first(night: Night) -> None:
    other = form(RUC, COLA, MOTIVO, chosen="Bajas")
    assert night(FORM) == []
    assert night(FORM, other) == night(other, FORM) == []


STATES = ("Altas", "Bajas", "Traslados", "Cortes")


def test_a_new_choice_is_compared_with_the_others_where_those_have_the_same_fields(
    night: Night,
) -> None:
    """A list whose combinations of choices all come for the first time is not deaf to a field."""
    assert night(*(form(RUC, COLA, chosen=one) for one in STATES[:3])) == []
    fresh = form(RUC, COLA, MOTIVO, chosen="Cortes")
    assert night(fresh, fresh) == NEW
    assert night(fresh) == night(form(RUC, COLA, MOTIVO, chosen="Altas")) == []
    assert night(form(RUC, COLA, MOTIVO, chosen="Otros")) == []


def test_a_choice_that_brings_its_own_fields_is_known_first(night: Night) -> None:
    """Where some choices have brought other fields, what a new one brings is its own."""
    shaped = form(RUC, COLA, MOTIVO, chosen="Bajas")
    assert night(FORM, form(RUC, COLA, chosen="Traslados"), shaped) == []
    assert night(form(RUC, COLA, field("Sede"), chosen="Cortes")) == []


def test_the_options_of_a_new_choice_are_its_own(night: Night) -> None:
    assert night(*(form(RUC, COLA, chosen=one) for one in STATES[:3])) == []
    assert night(form(RUC, field("Cola", "Otra"), chosen="Cortes")) == []


def test_what_is_new_wherever_what_was_chosen_is_told_once(night: Night) -> None:
    assert night(*(form(RUC, chosen=one) for one in STATES[:3])) == []
    assert night(*(form(RUC, MOTIVO, chosen=one) for one in STATES[:2])) == NEW
    assert night(*(form(RUC, MOTIVO, chosen=one) for one in STATES[:3])) == []


def test_the_screen_and_the_reports_tell_it_each_once(database: sa.Engine, night: Night) -> None:
    night(FORM)
    radar = Radar(database)
    radar.note(SIAC, [WITH_MOTIVO])
    assert radar.tell_now(["Remedy"]) == ()
    assert [one.what for one in radar.tell_now([SIAC])] == NEW
    assert radar.tell_now([SIAC]) == ()
    assert night(WITH_MOTIVO) == NEW
    assert night(WITH_MOTIVO) == [] and radar.tell_now([SIAC]) == ()


def test_a_report_of_long_ago_tells_nothing_of_today(database: sa.Engine, night: Night) -> None:
    night(FORM)
    radar = Radar(database)
    radar.note(SIAC, [WITH_MOTIVO])
    assert radar.tell_in("old", datetime.now(UTC) - timedelta(days=1)) == ()
    assert night() == NEW


def test_what_looks_as_it_did_is_not_asked_about_again(database: sa.Engine) -> None:
    asked: list[str] = []
    radar = Radar(database)
    radar.note(SIAC, [FORM, TABLE])
    sa.event.listen(database, "before_cursor_execute", lambda *given: asked.append(given[2]))
    radar.note(SIAC, [FORM, TABLE])
    assert radar.is_known(SIAC, [FORM, TABLE]) and asked == []
    assert not radar.is_known(SIAC, [FORM, WITH_MOTIVO]) and not radar.is_known("Remedy", [FORM])


def test_what_fails_in_it_is_no_matter_of_the_case(database: sa.Engine) -> None:
    change(database, sa.DDL("DROP TABLE cf_surfaces"))  # type: ignore[arg-type]
    Radar(database).note(SIAC, [FORM])


def test_what_was_told_goes_in_time_and_what_varies_stays(
    database: sa.Engine, night: Night
) -> None:
    def left(before: datetime) -> tuple[int, int]:
        ledger = Ledger(database)
        asyncio.run(forget(ledger, past_cases(ledger, before), AsyncMock()))
        return len(fetch(database, surfaces.select())), len(fetch(database, news.select()))

    night(FORM)
    assert night(form(COLA, MOTIVO), form(RUC, COLA, MOTIVO)) == NEW
    now = datetime.now(UTC)
    assert left(now - timedelta(days=1)) == (1, 2)
    assert left(now + timedelta(days=1)) == (0, 1)


def test_nobody_is_in_what_is_kept_of_a_state() -> None:
    assert "Quispe" not in repr(form(RUC, chosen="Rosa Quispe").place)
    assert state_of(["Cargo fijo:"]) == state_of(["CARGO FIJO"])
