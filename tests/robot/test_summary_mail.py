"""The e-mail at the end of a run: three lines that anyone may read, and the workbook with it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.rules.case import Estado
from robots.reports.model import RunReport
from robots.reports.report_workbook import write_workbook
from robots.reports.summary_mail import compose_summary_mail, three_lines
from robots.reports.write_report import RunResult
from robots.run.notify_operator import notify_operator
from robots.settings import Settings, SmtpSettings
from tests.support.lists import make_list
from tests.support.mock import MockPortals
from tests.support.report_samples import NAMES, sample_report
from tests.support.robot import Robot

WHEN = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def waiting(report: RunReport, days: int = 5) -> RunReport:
    rows = tuple(
        row.model_copy(update={"waiting_since": WHEN - timedelta(days=days), "waiting_days": days})
        if row.outcome.estado.value.startswith("Pendiente")
        else row
        for row in report.rows
    )
    return report.model_copy(update={"rows": rows})


def composed(report: RunReport, folder: Path) -> EmailMessage:
    path = folder / "informe.xlsx"
    write_workbook(report, path)
    return compose_summary_mail(
        report, path, sender="robot@claro.example", to="jefa@claro.example", when=WHEN
    )


def test_three_lines_say_whether_anyone_must_act(tmp_path: Path) -> None:
    report = waiting(sample_report(tmp_path, folders=False))
    first, second, third = three_lines(report)
    assert first == (
        "Hay que actuar: 2 en Requiere asesor, 2 en Pendiente de aprobación, 2 en Dato inválido, "
        "2 en Falla técnica, 2 en No iniciado, 4 en No procede, 4 por llamar."
    )
    assert second.startswith("28 casos en la lista, en 16 min: 12 Atendido, 2 Pendiente")
    assert third.startswith("Se regulariza S/ 480.00 al mes en 24 líneas; mala práctica")
    assert "2 esperan aprobación, el más antiguo desde hace 5 días." in third


def test_where_all_is_well_nobody_must_act(tmp_path: Path) -> None:
    report = sample_report(tmp_path, folders=False)
    well = tuple(
        row.model_copy(update={"outcome": row.outcome.model_copy(update={"call_back": False})})
        for row in report.rows
        if row.outcome.estado is Estado.ATENDIDO
    )
    message = composed(report.model_copy(update={"rows": well}), tmp_path)
    assert message["Subject"] == "Cargo fijo: No hay que hacer nada."


def test_the_workbook_is_attached_and_no_personal_data_is_in_the_text(tmp_path: Path) -> None:
    report = waiting(sample_report(tmp_path, folders=False))
    report = report.model_copy(update={"list_name": "Lista de Rosa Quispe Mamani.xlsx"})
    message = composed(report, tmp_path)
    (attached,) = message.iter_attachments()
    book = load_workbook(io.BytesIO(attached.get_content()))
    assert book.sheetnames == ["Casos", "Resumen", "Por contactar"]
    whole = "\n".join(
        [str(message["Subject"]), str(attached.get_filename())]
        + [p.get_content() for p in message.walk() if p.get_content_maintype() == "text"]
    )
    assert "Hay que actuar" in whole
    personal = {*NAMES, "Rosa"}
    for row in report.rows:
        if row.case:
            personal |= {row.case.ruc, row.case.contacto_dni, *row.case.lineas, row.case.sec}
    assert not [word for word in personal if word in whole]


@pytest.mark.parametrize("operator", ["", "jefa@claro.example", "no es una dirección"])
def test_a_failure_of_the_mail_costs_nothing(
    operator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    report = sample_report(tmp_path, 3, folders=False)
    path = tmp_path / "informe.xlsx"
    write_workbook(report, path)
    smtp = SmtpSettings(host="127.0.0.1", port=1, sender="robot@claro.example", operator=operator)
    told = notify_operator(Settings(smtp=smtp), RunResult(report, path))
    assert (told is None) is (operator == "")
    assert told is None or told.startswith("El correo al operador no salió. ")


@pytest.mark.process
def test_a_run_whose_mail_fails_ends_as_if_it_had_not(tmp_path: Path) -> None:
    robot = Robot(MockPortals.__new__(MockPortals), tmp_path)
    robot.mock.base = 1  # no portal is asked: no row is a case
    robot.settings["CARGOFIJO_SMTP__OPERATOR"] = "jefa@claro.example"
    done = robot.run(make_list(tmp_path / "lista.xlsx", {"id": "1", "ruc": "123"}))
    assert done.code == 0
    assert done.states() == {"1": ("Dato inválido", None)}
    assert "El correo al operador no salió." in done.err
    assert done.err.count("operator_not_told") == 1
