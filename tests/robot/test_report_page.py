"""The report's page as a browser without any network shows it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from inputs.rows import Cell
from pages.core.browser import find_browser
from robots.reports.model import RunReport
from robots.reports.report_file import ReportError
from robots.reports.report_page import write_html
from tests.support.marks import needs
from tests.support.report_samples import sample_report

HOSTILE = "<script>document.title='roto'</script>\"'><img src=x onerror=alert(1)>"
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
@needs("browser")
def chromium() -> Iterator[Browser]:
    as_root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS + as_root)
        yield browser
        browser.close()


class Opener(Protocol):
    def __call__(self, report: RunReport, anchor: str = "") -> Page: ...


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Opens a report's page without network; what it complains of or asks the network for fails."""
    context = chromium.new_context(offline=True)
    complaints: list[str] = []
    asked: list[str] = []

    def open_page(report: RunReport, anchor: str = "") -> Page:
        path = tmp_path / "informe.html"
        write_html(report, path)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri() + anchor)
        return page

    yield open_page
    context.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith("file:")] == []


def hostile(report: RunReport) -> RunReport:
    row = report.rows[0]
    decision = row.decision
    assert row.case is not None and decision is not None
    fact = decision.facts[0].model_copy(update={"value": HOSTILE})
    outcome = row.outcome.model_copy(
        update={
            "detail": HOSTILE,
            "siac_case": HOSTILE,
            "decision": decision.model_copy(update={"reasons": (HOSTILE,), "facts": (fact,)}),
        }
    )
    changed = row.model_copy(
        update={
            "cells": (Cell(kind="text", value=HOSTILE), *row.cells[1:]),
            "case": row.case.model_copy(update={"contacto": HOSTILE}),
            "outcome": outcome,
        }
    )
    return report.model_copy(
        update={
            "rows": (changed, *report.rows[1:]),
            "headers": (HOSTILE, *report.headers[1:]),
            "list_name": HOSTILE,
        }
    )


def test_the_figures_and_every_case_are_there(opened: Opener, tmp_path: Path) -> None:
    report = sample_report(tmp_path)
    page = opened(report)
    figures = page.get_by_label("Cifras")
    for said in ("28", "12", "S/ 480.00", "24 líneas", "23.6 s"):
        expect(figures).to_contain_text(said)
    expect(page.get_by_role("img", name="Atendido: 12, Pendiente de evidencia: 2")).to_be_visible()
    expect(page.locator("tbody.case")).to_have_count(28)
    for heading in ("Escenarios", "Motivos", "Tiempo por paso", "Qué falta hacer", "Por contactar"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Un portal no está disponible")).to_be_visible()


def test_a_case_opens_to_its_reasons_facts_steps_and_pictures(
    opened: Opener, tmp_path: Path
) -> None:
    report = sample_report(tmp_path)
    page = opened(report)
    case = page.locator("#caso-1")
    expect(case.get_by_text("su operación es Portabilidad")).to_be_hidden()
    case.locator("summary").click()
    for said in ("su operación es Portabilidad", "SIAC Único, líneas", "22:00:04"):
        expect(case.get_by_text(said)).to_be_visible()
    expect(case.get_by_text("=Cliente insiste")).to_be_visible()
    picture = case.get_by_role("img", name="descripcion.png")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1)


def test_search_knows_no_accents_and_goes_with_the_estado(opened: Opener, tmp_path: Path) -> None:
    page = opened(sample_report(tmp_path))
    page.get_by_role("searchbox", name="Buscar").fill("NAHUI  perez")
    expect(page.get_by_role("status")).to_have_text("7 de 28 casos")
    page.get_by_label("Estado", exact=True).select_option("No procede")
    expect(page.get_by_role("status")).to_have_text("1 de 28 casos")
    expect(page.locator("tbody.case:visible")).to_have_attribute("id", "caso-10")
    page.get_by_role("searchbox", name="Buscar").fill("nadie")
    expect(page.get_by_text("Ningún caso coincide")).to_be_visible()


def test_a_link_from_what_is_left_to_do_opens_its_case(opened: Opener, tmp_path: Path) -> None:
    page = opened(sample_report(tmp_path))
    page.get_by_role("searchbox", name="Buscar").fill("nadie")
    expect(page.locator("tbody.case:visible")).to_have_count(0)
    page.get_by_role("link", name="Fila 13").click()
    expect(page.locator("#caso-12 details")).to_have_attribute("open", "")
    expect(page.locator("#caso-12")).to_be_in_viewport()


def test_a_long_list_is_shown_a_batch_at_a_time(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("robots.reports.report_page.CASES_SHOWN", 10)
    page = opened(sample_report(tmp_path, folders=False), "#caso-20")
    expect(page.locator("#caso-20")).to_be_in_viewport()  # a link reaches what is not shown yet
    page.get_by_label("Estado", exact=True).select_option("Atendido")
    expect(page.get_by_role("status")).to_have_text("12 de 28 casos")
    expect(page.locator("tbody.case:visible")).to_have_count(10)
    page.get_by_role("button", name="Mostrar más (hay 2 sin mostrar)").click()
    expect(page.locator("tbody.case:visible")).to_have_count(12)
    expect(page.get_by_role("button", name="Mostrar más")).to_be_hidden()


def test_what_lists_and_portals_say_is_text(opened: Opener, tmp_path: Path) -> None:
    report = hostile(sample_report(tmp_path))
    page = opened(report, "#caso-1")
    assert page.title().startswith("Modificación de cargo fijo")
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == page.locator("img[alt='descripcion.png']").count()
    assert page.locator("#caso-1 summary").inner_text() == HOSTILE


def test_without_scripts_everything_is_still_to_be_read(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "informe.html"
    monkeypatch.setattr("robots.reports.report_page.CASES_SHOWN", 10)
    write_html(sample_report(tmp_path), path)
    page = chromium.new_context(java_script_enabled=False, offline=True).new_page()
    page.goto(path.as_uri())
    expect(page.get_by_role("searchbox")).to_have_count(0)
    expect(page.locator("tbody.case:visible")).to_have_count(28)
    page.locator("#caso-1 summary").click()
    expect(page.locator("#caso-1").get_by_text("su operación es Portabilidad")).to_be_visible()


class Links(HTMLParser):
    """Every address in a page, and its anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.anchors: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.addresses += [known[name] or "" for name in ("href", "src") if name in known]
        self.anchors += [known["id"] or ""] if "id" in known else []


def test_every_link_leads_somewhere_after_moving_everything(tmp_path: Path) -> None:
    here = tmp_path / "aquí"
    (here / "informes").mkdir(parents=True)
    write_html(sample_report(here / "50% #1"), here / "informes" / "informe.html")
    there = shutil.move(here, tmp_path / "allá")
    page = there / "informes" / "informe.html"
    found = Links(page.read_text(encoding="utf-8"))
    assert len(found.anchors) == len(set(found.anchors))
    files = [address for address in found.addresses if not address.startswith("#")]
    assert len(files) == 24 * 3  # a folder, its picture and the link around it
    assert all((page.parent / unquote(address)).exists() for address in files)
    inside = {address[1:] for address in found.addresses if address.startswith("#")}
    assert inside <= set(found.anchors)


def test_the_page_names_no_address_outside(tmp_path: Path) -> None:
    path = tmp_path / "informe.html"
    write_html(sample_report(tmp_path, folders=False), path)
    assert not re.search(r"(?:https?:)?//[a-z]", path.read_text(encoding="utf-8"))


def test_an_empty_run_a_running_one_and_a_rehearsal_are_pages_too(tmp_path: Path) -> None:
    path = tmp_path / "informe.html"
    report = sample_report(tmp_path, 0).model_copy(update={"ended": None, "dry_run": True})
    write_html(report, path)
    text = path.read_text(encoding="utf-8")
    assert "Simulación." in text and "sin terminar" in text


def test_a_page_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no existe la carpeta"):
        write_html(sample_report(tmp_path, 1), tmp_path / "no" / "informe.html")
