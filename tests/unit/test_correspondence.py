"""E-mails of a case whose recipient has no address, or whose server refuses the robot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flows.mail.addresses import addresses_in
from flows.mail.mail_error import (
    MailError,
    MailMisconfigured,
    MailRefused,
    MailUnavailable,
    MailUncertain,
)
from flows.rules.case import Case, Estado, Motivo, Outcome
from tests.support.fake_portals import FakePortals
from tests.support.mini_world import MiniWorld
from tests.support.procedure import Robot, finish, quick_ledger

REFUSED = MailMisconfigured("El servidor pide un usuario (554 5.7.1): ponga smtp.username.")
LATER = MailUnavailable("El servidor de correo pide intentarlo más tarde (451 4.7.1).")


class Night:
    """One case of the small world, night after night."""

    def __init__(self, folder: Path, kind: str = "configuration", **changes: Any) -> None:
        small = MiniWorld()
        serial = getattr(small, kind)()
        client = small.world["customers"][0]
        client["contacts"][0]["email"] = changes.get("contact", "rosa@textiles.example")
        client["executive"]["email"] = changes.get("executive", "csalas@claro.example")
        self.robot = Robot(FakePortals(small.world), quick_ledger(folder), folder / "evidence")
        self.case: Case = self.robot.case(small.rows[serial - 1], folder)

    def run(self, **options: Any) -> Outcome:
        return finish(self.robot.attempt(self.case, **options))

    @property
    def refusals(self) -> dict[str, MailError]:
        return self.robot.mail.refusals

    @property
    def recipients(self) -> list[str]:
        return [
            ", ".join(address.addr_spec for address in message["To"].addresses)
            for message in self.robot.mail.sent
        ]


@pytest.mark.parametrize(
    ("error", "motivo"),
    [(REFUSED, Motivo.ACCESO_RECHAZADO), (LATER, Motivo.PORTAL_NO_DISPONIBLE)],
)
@pytest.mark.parametrize("kind", ["configuration", "sale"])
def test_a_refusal_of_the_robot_is_told_and_the_mended_set_up_sends_once(
    tmp_path: Path, kind: str, error: MailError, motivo: Motivo
) -> None:
    night = Night(tmp_path, kind)
    night.refusals[""] = error
    failed = night.run()
    assert (failed.estado, failed.motivo) == (Estado.FALLA_TECNICA, motivo)
    assert failed.call_back
    assert str(error) in failed.detail
    assert night.recipients == []
    night.refusals.clear()
    done = night.run()
    assert done.estado in (Estado.ATENDIDO, Estado.PENDIENTE_DE_EVIDENCIA)
    assert not done.call_back
    assert night.recipients[-1] == "rosa@textiles.example"
    assert night.recipients.count("rosa@textiles.example") == 1


def test_a_dry_run_asks_nobody_to_call(tmp_path: Path) -> None:
    night = Night(tmp_path, contact="")
    assert not night.run(dry_run=True).call_back


@pytest.mark.parametrize("written", ["", "sin correo", "rosa@textiles.example y otra"])
def test_an_address_that_is_none_is_as_one_that_is_refused(tmp_path: Path, written: str) -> None:
    night = Night(tmp_path, contact=written)
    outcome = night.run()
    assert outcome.estado is Estado.ATENDIDO
    assert outcome.call_back and outcome.mail_sent_to == ()
    assert "dirección de correo" in outcome.detail
    assert night.run().call_back


def test_several_addresses_are_several_recipients(tmp_path: Path) -> None:
    night = Night(tmp_path, contact="rosa@textiles.example; gerencia@textiles.example")
    outcome = night.run()
    both = "rosa@textiles.example, gerencia@textiles.example"
    assert night.recipients == [both]
    assert outcome.mail_sent_to == (both,)
    assert not outcome.call_back
    assert outcome.detail == night.run().detail, "the list's address is one of them"


@pytest.mark.parametrize("executive", ["", "csalas@claro.example"])
@pytest.mark.parametrize("error", [MailRefused("No (550)."), LATER, MailUncertain("Se perdió.")])
def test_what_keeps_the_executive_does_not_keep_the_client(
    tmp_path: Path, executive: str, error: MailError
) -> None:
    night = Night(tmp_path, "sale", executive=executive)
    night.refusals["csalas"] = error
    night.run()
    assert night.recipients == ["rosa@textiles.example"]
    night.run()
    assert night.recipients == ["rosa@textiles.example"]


@pytest.mark.parametrize("setting", ["sender", "mailbox"])
def test_an_own_address_that_is_none_names_its_setting(tmp_path: Path, setting: str) -> None:
    night = Night(tmp_path)
    night.robot.addresses[setting] = "robot arroba claro"
    outcome = night.run()
    assert outcome.motivo is Motivo.ACCESO_RECHAZADO
    assert outcome.call_back and f"smtp.{setting}" in outcome.detail


def test_a_template_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "respuesta.txt.j2").write_text("sin asunto", encoding="utf-8")
    night = Night(tmp_path)
    night.robot.addresses["templates"] = tmp_path
    outcome = night.run()
    assert outcome.motivo is Motivo.ERROR_INTERNO
    assert outcome.call_back and "respuesta.txt.j2" in outcome.detail


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("", ""),
        ("  ", ""),
        ("a@b.pe", "a@b.pe"),
        (" a@b.pe; ", "a@b.pe"),
        ("a@b.pe / c@d.pe", "a@b.pe c@d.pe"),
        ("a@b.pe y c@d.pe", "a@b.pe c@d.pe"),
        ("a@b.pe\nc@d.pe", "a@b.pe c@d.pe"),
        ("a@b.pe,a@b.pe", "a@b.pe"),
        ("Rosa <a@b.pe>; Ana <c@d.pe>", "a@b.pe c@d.pe"),
        ("ñandú@b.pe", "ñandú@b.pe"),
        ("a@peñarol.pe", "a@xn--pearol-xwa.pe"),
        ("a@b.pe\u200b", "a@b.pe"),
        ("a@b..pe", ""),
        ("a@@b.pe", ""),
        (f"{'a' * 65}@b.pe", ""),
        (f"a@{'ñ' * 80}.pe", ""),
        ("a@b.pe, no tiene", ""),
    ],
)
def test_addresses_as_people_write_them(written: str, found: str) -> None:
    assert " ".join(addresses_in(written)) == found
