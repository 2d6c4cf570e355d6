"""Remedy through the real browser: what is searched, what is filed, and what goes wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows.runtime.session_lease import UserSession
from flows.store.database import connect
from flows.store.ledger import Ledger
from pages.contract.errors import (
    AccessDenied,
    FormAltered,
    FormRefused,
    PageChanged,
    PortalDown,
    PortalError,
    PortalSlow,
    SessionBusy,
    SessionLost,
    SubmitWithheld,
    WriteUncertain,
)
from pages.contract.ports import Sending
from pages.contract.remedy import Incident, IncidentDraft
from pages.core.account import Limits
from pages.core.portal_map import Override, PortalMap
from pages.remedy.portal import RemedyPortal
from tests.support.mock import SEEDS, MockPortals
from tests.support.pictures import form_height, height_of
from tests.support.remedy_samples import REFERENCE, SEC, draft, incident, world
from tests.support.seats import Seats

OTHER = incident(1003, sec="0099999999", reference="CF-0099999999-20261001-0003eb")
LINKED = incident(1002, sec="0088888888", reference=f"CF-{SEC}-20261001-0003ea")
Run = Callable[[Any], Any]


Open = Callable[..., RemedyPortal]


@pytest.fixture
def seat(mock: MockPortals, seats: Seats) -> Open:
    """Opens a portal: each is a session of its own."""
    mock.reset(world(incident(1001), LINKED, OTHER))
    return partial(seats.open, RemedyPortal, mock)


@pytest.fixture
def portal(seat: Open) -> RemedyPortal:
    return seat()


def own_session(folder: Path) -> UserSession:
    """What the robot knows of its user's sessions."""
    engine = connect(f"sqlite:///{folder / 'robot.sqlite'}")
    Ledger(engine).prepare()
    return UserSession(engine, "Remedy", "robot", holder="robot")


def incidents(mock: MockPortals) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = mock.state()["remedy"]["incidents"]
    return held


def as_record(held: dict[str, Any]) -> Incident:
    return Incident.model_validate(
        {
            "numero": held["number"],
            "referencia": held["reference"],
            "caso_siac": held["siac_case"],
            "escenario": held["scenario"],
            "sec": held["sec"],
            "ruc": held["ruc"],
            "resumen": held["summary"],
            "lineas": held["lines"],
            "cargo": held["charge"],
            "estado": held["status"],
            "creado": held["created"],
            "creado_por": held["created_by"],
            "adjuntos": [file["name"] for file in held["attachments"]],
        }
    )


def records(found: tuple[Incident, ...]) -> tuple[Incident, ...]:
    """Without what only who has just filed an incident asks of it."""
    return tuple(incident.model_copy(update={"otros": {}}) for incident in found)


def files(folder: Path) -> tuple[Path, Path]:
    first, second = folder / "descripción ñ.png", folder / "oferta (1).pdf"
    first.write_bytes(b"\x89PNG" * 50)
    second.write_bytes(b"%PDF-1.4" * 5000)
    return first, second


def assert_filed(mock: MockPortals, numero: str, filed: IncidentDraft) -> None:
    held = incidents(mock)[-1]
    assert held["number"] == numero
    assert (held["status"], held["created_by"], held["created"]) == (
        "Asignado",
        "robot",
        "2026-11-20",
    )
    assert held["reference"] == filed.referencia
    assert held["siac_case"] == filed.caso_siac
    assert (held["sec"], held["ruc"], held["scenario"]) == (filed.sec, filed.ruc, filed.escenario)
    assert (held["summary"], held["charge"]) == (filed.resumen, "1039.90")
    assert tuple(held["lines"]) == filed.lineas
    assert held["attachments"] == [
        {"name": file.name, "sha256": hashlib.sha256(file.path.read_bytes()).hexdigest()}
        for file in filed.adjuntos
    ]
    assert held["fields"] == {
        "Empresa": "Claro Perú",
        "Razón social": filed.razon_social,
        "Campaña": filed.campana,
        "Detalle": filed.detalle,
        "Categoría de producto": "Servicios móviles",
        "Categoría de producto N2": "Facturación",
        "Categoría de producto N3": "Cargo fijo",
        "Impacto": "4-Menor/Localizado",
        "Urgencia": "3-Media",
        "Grupo asignado": "Facturación Móvil Corporativa",
    }


# searching


def test_search_reads_whole_every_incident_with_the_text_in_sec_or_reference(
    mock: MockPortals, portal: RemedyPortal, run: Run
) -> None:
    mock.patch(remedy={"incidents": [{"number": "INC000000001001", "status": "Cerrado"}]})
    found = run(portal.search(SEC))
    assert records(found) == tuple(map(as_record, reversed(incidents(mock)[:2])))
    found = run(portal.search("20261001-0003eb"))
    assert records(found) == (as_record(incidents(mock)[2]),)
    assert mock.state()["writes"] == 0


def test_search_without_a_match_leaves_the_portal_ready_for_the_next(
    portal: RemedyPortal, run: Run
) -> None:
    assert run(portal.search("0000000000")) == ()
    assert len(run(portal.search(SEC))) == 2


@pytest.mark.sample(1, of="a long list")
def test_search_reads_on_through_every_chunk(
    mock: MockPortals, portal: RemedyPortal, run: Run
) -> None:
    mock.reset(world(*(incident(n, lines=[f"9{n:08d}"], attachments=[]) for n in range(1, 57))))
    found = run(portal.search(SEC))
    assert records(found) == tuple(map(as_record, reversed(incidents(mock))))


def test_an_incident_with_the_empty_fields_of_another_system_is_read_too(
    mock: MockPortals, portal: RemedyPortal, run: Run
) -> None:
    bare = {"number": "INC000000000007", "reference": f"CF-{SEC}-x", "created": "2026-01-02"}
    mock.reset(world(bare))
    (found,) = run(portal.search(SEC))
    assert (found.lineas, found.adjuntos, str(found.cargo)) == ((), (), "0.00")


# filing


def test_file_keeps_everything_that_was_typed(
    mock: MockPortals, portal: RemedyPortal, run: Run, tmp_path: Path
) -> None:
    filed = draft(*files(tmp_path))
    assert_filed(mock, run(portal.file(filed)), filed)
    assert (len(incidents(mock)), mock.state()["writes"]) == (4, 1)
    found = run(portal.search(REFERENCE))
    assert records(found) == (as_record(incidents(mock)[-1]),)
    assert portal.altered_fields(filed, found[0]) == ()


@pytest.mark.full
def test_each_field_that_the_portal_keeps_otherwise_is_named(
    mock: MockPortals, portal: RemedyPortal, run: Run, tmp_path: Path
) -> None:
    filed = draft(*files(tmp_path))
    number = run(portal.file(filed))
    held = incidents(mock)[-1]
    for label in set(held["fields"]) - {"Empresa"}:
        fields = {**held["fields"], label: "Otra cosa"}
        mock.patch(remedy={"incidents": [{"number": number, "fields": fields}]})
        (found,) = run(portal.search(REFERENCE))
        assert portal.altered_fields(filed, found) == (label,)
    changes = {
        "siac_case": "Caso SIAC",
        "summary": "Resumen",
        "lines": "Líneas afectadas",
        "charge": "Cargo ofrecido",
        "attachments": "Adjuntos",
    }
    for field, label in changes.items():
        changed = held[field][:1] if field in ("attachments", "lines") else "7"
        record = {"number": number, "fields": held["fields"], **{f: held[f] for f in changes}}
        mock.patch(remedy={"incidents": [{**record, field: changed}]})
        (found,) = run(portal.search(REFERENCE))
        assert portal.altered_fields(filed, found) == (label,)


@pytest.mark.sample(1, of="another layout")
@pytest.mark.parametrize("seed", SEEDS)
def test_file_and_search_whatever_the_seed(
    seed: int, seats: Seats, run: Run, tmp_path: Path
) -> None:
    with MockPortals("--seed", str(seed)) as mock:
        mock.reset(world(incident(1001)))
        portal, filed = seats.open(RemedyPortal, mock), draft(*files(tmp_path))
        assert_filed(mock, run(portal.file(filed)), filed)
        found = run(portal.search(SEC))
        assert records(found) == tuple(map(as_record, reversed(incidents(mock))))


def test_two_in_a_row_are_two_incidents_in_one_session(
    mock: MockPortals, portal: RemedyPortal, run: Run
) -> None:
    numbers = [run(portal.file(draft(referencia=f"{REFERENCE}{n}"))) for n in range(2)]
    assert [i["number"] for i in incidents(mock)[3:]] == numbers
    assert mock.state()["sessions"]["remedy"]["logins"] == 1


@pytest.mark.sample(1, of="a withheld submit")
def test_a_withheld_submit_files_nothing_and_leaves_the_portal_usable(
    mock: MockPortals, seat: Open, run: Run, tmp_path: Path
) -> None:
    portal = seat()
    asked: list[tuple[str, str]] = []
    shot = tmp_path / "antes.png"
    heights: list[float] = []

    async def submit_hook(sending: Sending, picture: Any) -> bool:
        asked.append((sending.portal, sending.what))
        heights.append(await form_height((await portal.main()).main_frame))
        await picture(shot)
        return False

    portal.submit_hook = submit_hook
    with pytest.raises(SubmitWithheld):
        run(portal.file(draft(detalle="Una línea.\n" * 80)))
    assert asked == [("Remedy", "Nueva incidencia")]
    assert height_of(shot) >= heights[0] > 900, "more than its window shows"
    assert mock.state()["writes"] == 0
    assert len(run(portal.search(SEC))) == 2  # over the unsaved form, which asks first


@pytest.mark.sample(1, of="an altered form")
def test_a_form_that_changes_what_is_typed_is_not_saved(
    mock: MockPortals, seat: Open, run: Run
) -> None:
    script = """document.addEventListener('change', (event) => {
      const field = event.target.closest('div[arid="536871013"]');
      if (field) event.target.value = event.target.value.slice(0, -1);
    }, true);"""
    with pytest.raises(FormAltered, match="RUC") as raised:
        run(seat(script=script).file(draft()))
    assert "20100017491" not in str(raised.value)
    assert mock.state()["writes"] == 0


@pytest.mark.sample(1, of="a refused form")
def test_a_form_that_the_portal_refuses_is_told_with_its_code(
    mock: MockPortals, portal: RemedyPortal, run: Run
) -> None:
    with pytest.raises(WriteUncertain, match="ARERR 326") as raised:
        run(portal.file(draft(ruc="2010001749")))
    assert isinstance(raised.value.__cause__, FormRefused)
    assert mock.state()["writes"] == 0
    assert len(run(portal.search(SEC))) == 2


# faults

FORM, LOOKUP = "Help Desk", "Support Group"
SEARCHING = [FORM, "GetListEntry", "GetEntry"]
FILING = [FORM, "ExpandMenu", LOOKUP, "SetAttachment"]
STEPS = [("search", path) for path in SEARCHING] + [("file", path) for path in FILING]


def do(portal: RemedyPortal, step: str, folder: Path) -> Any:
    return portal.search(SEC) if step == "search" else portal.file(draft(*files(folder)))


@pytest.mark.sample(5, of="trouble while reading")
@pytest.mark.parametrize(("step", "path"), STEPS)
def test_an_error_anywhere_is_the_portals_and_the_next_call_goes_well(
    step: str, path: str, mock: MockPortals, portal: RemedyPortal, run: Run, tmp_path: Path
) -> None:
    mock.fault({"portal": "remedy", "kind": "error", "path": path, "status": 500})
    with pytest.raises(PortalDown):
        run(do(portal, step, tmp_path))
    assert mock.state()["writes"] == 0
    assert len(run(portal.search(SEC))) == 2


@pytest.mark.sample(5, of="trouble while reading")
@pytest.mark.parametrize(("step", "path"), STEPS)
def test_a_session_that_expires_anywhere_is_noticed_and_opened_again(
    step: str, path: str, mock: MockPortals, portal: RemedyPortal, run: Run, tmp_path: Path
) -> None:
    mock.fault({"portal": "remedy", "kind": "session_expired", "path": path})
    with pytest.raises(SessionLost):
        run(do(portal, step, tmp_path))
    assert mock.state()["writes"] == 0
    assert len(run(portal.search(SEC))) == 2
    assert mock.state()["sessions"]["remedy"]["logins"] == 2


@pytest.mark.sample(5, of="trouble while reading")
@pytest.mark.parametrize(
    ("kind", "path"), [("maintenance", FORM), ("maintenance", "GetEntry"), ("truncated", "GetList")]
)
def test_maintenance_and_broken_replies_are_the_portals(
    kind: str, path: str, mock: MockPortals, portal: RemedyPortal, run: Run
) -> None:
    mock.fault({"portal": "remedy", "kind": kind, "path": path})
    with pytest.raises(PortalDown):
        run(portal.search(SEC))
    assert len(run(portal.search(SEC))) == 2


@pytest.mark.sample(1, of="a slow portal")
@pytest.mark.parametrize("path", ["Help Desk", "SetEntry"])
def test_a_slow_portal_is_waited_for(
    path: str, mock: MockPortals, portal: RemedyPortal, run: Run
) -> None:
    mock.fault({"portal": "remedy", "kind": "slow", "path": path, "ms": 900})
    run(portal.file(draft()))
    assert len(run(portal.search(SEC))) == 3
    assert mock.state()["writes"] == 1


def test_a_portal_that_does_not_answer_is_left_at_the_limit(
    mock: MockPortals, seat: Open, run: Run
) -> None:
    portal = seat(limits=Limits(visible=3))
    run(portal.search(SEC))
    mock.fault({"portal": "remedy", "kind": "hang", "path": "GetListEntry"})
    with pytest.raises(PortalSlow):
        run(portal.search(SEC))
    assert len(run(portal.search(SEC))) == 2


@pytest.mark.sample(2, of="a write without its answer")
@pytest.mark.parametrize(
    ("kind", "kept"),
    [("error", 0), ("session_expired", 0), ("error_after", 1), ("lost_reply", 1)],
)
def test_what_goes_wrong_from_the_press_on_is_uncertain(
    kind: str, kept: int, mock: MockPortals, portal: RemedyPortal, run: Run
) -> None:
    mock.fault({"portal": "remedy", "kind": kind, "on": "write"})
    with pytest.raises(WriteUncertain):
        run(portal.file(draft()))
    assert mock.state()["writes"] == kept
    assert len(run(portal.search(REFERENCE))) == kept


def test_a_page_without_its_button_is_a_changed_page(
    mock: MockPortals, seat: Open, run: Run
) -> None:
    script = """document.addEventListener('DOMContentLoaded', () =>
      document.querySelectorAll('[data-act=save]').forEach((e) => e.remove()));"""
    portal = seat(script=script, limits=Limits(visible=2))
    with pytest.raises(PageChanged, match="Guardar"):
        run(portal.file(draft()))


# one session for each user


def test_a_wrong_password_is_told_without_it(seat: Open, run: Run) -> None:
    with pytest.raises(AccessDenied) as raised:
        run(seat(password="equivocada1").search(SEC))
    assert "equivocada1" not in str(raised.value)


def test_logging_out_frees_the_user(mock: MockPortals, seat: Open, run: Run) -> None:
    first = seat()
    run(first.search(SEC))
    run(first.close())
    second = seat()
    assert len(run(second.search(SEC))) == 2
    run(second.close())
    assert mock.state()["sessions"]["remedy"] == {"logins": 2, "logouts": 2}


def test_a_way_out_that_is_called_otherwise_leaves_no_session(
    seat: Open, run: Run, mock: MockPortals
) -> None:
    """It would keep the user out, and whoever maps the portal until it has run out."""
    portal = seat(limits=Limits(visible=3.0))
    elements = {
        ("Toolbar", "salir"): Override(name="Salir de aquí"),
        ("ConsolePage", "titulo"): Override(name="Otra portada"),
    }
    portal.account = replace(portal.account, names=PortalMap(elements))
    with pytest.raises(PageChanged, match="Otra portada"):
        run(portal.main())
    run(portal.close())
    assert mock.state()["sessions"]["remedy"]["logouts"] == 1
    # inside, where the link alone is called otherwise
    second = seat(limits=Limits(visible=3.0))
    elements = {("Toolbar", "salir"): Override(name="Salir de aquí")}
    second.account = replace(second.account, names=PortalMap(elements))
    assert run(second.search(SEC))
    run(second.close())
    assert mock.state()["sessions"]["remedy"] == {"logins": 2, "logouts": 2}
    assert run(seat().search(SEC))


def test_another_persons_session_is_left_alone(mock: MockPortals, seat: Open, run: Run) -> None:
    person = seat()
    run(person.search(SEC))
    with pytest.raises(
        SessionBusy, match=r"desde el \d\d/\d\d/\d{4} \d\d:\d\d:\d\d en 127\.0\.0\.1"
    ):
        run(seat().search(SEC))
    assert len(run(person.search(SEC))) == 2
    assert mock.state()["sessions"]["remedy"] == {"logins": 1, "logouts": 0}
    assert len(run(seat("robot2").search(SEC))) == 2


@pytest.mark.sample(2, of="a user's one session")
def test_an_orphan_is_ended_once_in_a_while(
    mock: MockPortals, seat: Open, run: Run, tmp_path: Path
) -> None:
    own = own_session(tmp_path)
    orphan, heir, next_heir = (seat(own=own) for _ in range(3))
    run(orphan.search(SEC))
    assert len(run(heir.search(SEC))) == 2
    with pytest.raises(SessionBusy):
        run(next_heir.search(SEC))  # too soon after the last
    assert len(run(heir.search(SEC))) == 2
    with pytest.raises(SessionLost):
        run(orphan.search(SEC))


@pytest.mark.sample(2, of="a user's one session")
def test_a_session_that_began_otherwise_is_no_orphan(
    mock: MockPortals, seat: Open, run: Run, tmp_path: Path
) -> None:
    own = own_session(tmp_path)
    person, robot = seat(), seat(own=own)
    run(person.search(SEC))
    for _ in range(2):  # its own failed logins make it no other's heir
        with pytest.raises(SessionBusy):
            run(robot.search(SEC))
    assert len(run(person.search(SEC))) == 2


@pytest.mark.sample(2, of="a user's one session")
def test_a_session_taken_from_the_robot_is_not_fought_over(
    mock: MockPortals, seat: Open, run: Run, tmp_path: Path
) -> None:
    robot, person = seat(), seat(own=own_session(tmp_path))
    own_session(tmp_path).entering()  # as if the robot's login were its own
    run(robot.search(SEC))
    run(person.search(SEC))
    with pytest.raises(SessionLost):
        run(robot.search(SEC))
    with pytest.raises(SessionBusy):
        run(robot.search(SEC))
    assert len(run(person.search(SEC))) == 2


@pytest.mark.sample(2, of="a user's one session")
def test_an_idle_session_dies(seats: Seats, run: Run) -> None:
    with MockPortals("--session-idle", "0") as mock:
        mock.reset(world())
        with pytest.raises(PortalError) as raised:
            run(seats.open(RemedyPortal, mock).search(SEC))
        assert isinstance(raised.value, SessionLost)


# what it costs


@pytest.mark.sample(1, of="what a call costs")
def test_requests_of_each_step(
    mock: MockPortals, portal: RemedyPortal, run: Run, tmp_path: Path
) -> None:
    def cost(work: Any) -> int:
        before = mock.requests("remedy")
        run(work)
        return mock.requests("remedy") - before

    (file,) = files(tmp_path)[:1]
    assert cost(portal.main()) == 4  # address, login page, login, console
    assert cost(portal.search(SEC)) == 4  # form, list, one for each of two incidents
    assert cost(portal.search(SEC)) == 3  # the form is there already
    # form, five menus, lookup, one for each attachment, save
    assert cost(portal.file(draft(file))) == 9
    assert cost(portal.search(REFERENCE)) == 3
    assert cost(portal.close()) == 1
