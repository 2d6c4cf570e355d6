"""The sheet ``Resumen``: the run's figures as tables, and a chart of the cases by Estado."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.worksheet.worksheet import Worksheet

from flows.rules.case import Estado
from flows.rules.lima import in_lima
from robots.reports.cell_writer import (
    MONEY_FORMAT,
    ROW_POINTS,
    CellStyle,
    CellWriter,
    Line,
    Value,
    landscape,
)
from robots.reports.display_names import ESTADO_TINTS, NEWS_TITLE
from robots.reports.model import RunReport, StepFigure, Tally

WIDTHS = {"A": 76, "B": 13, "C": 13, "D": 19, "E": 3}
TITLE = CellStyle(size=16, bold=True, ink="1F3A5F")
HEAD = CellStyle(bold=True, ink="FFFFFF", fill="1F3A5F")
RULE = "E1E5EA"
TEXT = CellStyle(rule=RULE)
NUMBER = CellStyle(rule=RULE, number_format="#,##0", align="right")
SHARE = CellStyle(rule=RULE, number_format="0.0%", align="right")
MONEY = CellStyle(rule=RULE, number_format=MONEY_FORMAT, align="right")
SECONDS = CellStyle(rule=RULE, number_format="#,##0.0", align="right")
BIG = CellStyle(rule=RULE, bold=True, size=12)


def write_summary(report: RunReport, sheet: Worksheet, writer: CellWriter) -> None:
    summary = report.summary
    lines: list[Line] = [
        [("Modificación de cargo fijo: resumen", TITLE)],
        *_about(report),
        [],
        *_news(report),
        _key("Casos de la lista", summary.cases, NUMBER),
        _key("Importe regularizado al mes", float(summary.importe_mensual), MONEY),
        _key("Líneas regularizadas", summary.lineas_regularizadas, NUMBER),
        _key("Casos con mala práctica de venta", summary.mala_practica, NUMBER),
        _key("Clientes por contactar (canal 135)", len(summary.call_backs), NUMBER),
    ]
    if summary.seconds_per_case is not None:
        lines.append(_key("Segundos por caso, en promedio", summary.seconds_per_case, SECONDS))
    lines += [[], *_table("Estado", summary.by_estado, summary.cases)]
    estado_rows = (len(lines) - len(summary.by_estado) + 1, len(lines))
    for title, tallies in (
        ("Escenario determinado", summary.by_escenario),
        ("Sistema", summary.by_sistema),
        ("Motivo", summary.by_motivo),
    ):
        if tallies:
            lines += [[], *_table(title, tallies, summary.cases)]
    if summary.steps:
        lines += [[], *_steps(summary.steps)]

    if summary.by_estado:
        sheet.add_chart(_chart(sheet, summary.by_estado, estado_rows), "F3")
    sheet.sheet_format.defaultRowHeight = ROW_POINTS
    sheet.sheet_format.customHeight = True
    write_lines(sheet, writer, WIDTHS, lines)


def write_lines(
    sheet: Worksheet, writer: CellWriter, widths: Mapping[str, float], lines: list[Line]
) -> None:
    """A sheet of lines below a title, without a grid; ``widths`` by the columns' letters."""
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    landscape(sheet)
    sheet.row_dimensions[1].height = 26
    for number, line in enumerate(lines, 1):
        sheet.append(writer.line(sheet, number, line))


def _about(report: RunReport) -> Iterable[Line]:
    ended = f" a {in_lima(report.ended):%d/%m/%Y %H:%M}" if report.ended else ", sin terminar"
    yield [(f"Lista: {report.list_name}", CellStyle())]
    yield [(f"Ejecución: {report.run_id}", CellStyle())]
    yield [(f"De {in_lima(report.started):%d/%m/%Y %H:%M}{ended} (hora de Lima)", CellStyle())]
    if report.dry_run:
        tint = ESTADO_TINTS[Estado.SIMULADO]
        note = "Simulación: no se envió ni se registró nada."
        yield [(note, CellStyle(bold=True, ink=tint.ink, fill=tint.soft))]


def _news(report: RunReport) -> Iterable[Line]:
    if report.news:
        yield [(NEWS_TITLE, BIG)]
        yield from ([(sentence, CellStyle())] for sentence in report.news)
        yield []


def _key(name: str, value: Value, style: CellStyle) -> Line:
    return [(name, BIG), (value, style._replace(bold=True, size=12))]


def _table(title: str, tallies: Iterable[Tally], cases: int) -> Iterable[Line]:
    yield [(title, HEAD), *((t, HEAD._replace(align="right")) for t in ("Casos", "%", "S/ al mes"))]
    for tally in tallies:
        yield [
            (tally.name if tally.name == tally.code else f"{tally.name} · {tally.code}", TEXT),
            (tally.cases, NUMBER),
            (tally.cases / cases, SHARE),
            (float(tally.importe) if tally.importe else None, MONEY),
        ]


def _steps(steps: Iterable[StepFigure]) -> Iterable[Line]:
    heads = ("Casos", "Promedio (s)", "Máximo (s)")
    yield [("Paso", HEAD), *((t, HEAD._replace(align="right")) for t in heads)]
    for step in steps:
        yield [
            (step.name, TEXT),
            (step.cases, NUMBER),
            (step.mean, SECONDS),
            (step.longest, SECONDS),
        ]


def _chart(sheet: Worksheet, tallies: tuple[Tally, ...], rows: tuple[int, int]) -> BarChart:
    """One bar per Estado, in its colour, the number at its end."""
    chart = BarChart()
    chart.type = "bar"
    chart.title = "Casos por estado"
    chart.legend = None
    chart.gapWidth = 45
    chart.height = max(7.0, 1.1 * len(tallies) + 2.5)
    chart.width = 17
    chart.add_data(Reference(sheet, min_col=2, min_row=rows[0], max_row=rows[1]))
    chart.x_axis.scaling.orientation = "maxMin"  # the first row on top, as in the table
    chart.x_axis.delete = False
    chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    series = chart.series[0]
    names = Reference(sheet, min_col=1, min_row=rows[0], max_row=rows[1])
    series.cat = AxDataSource(strRef=StrRef(f=str(names)))
    series.dLbls = DataLabelList()
    series.dLbls.showVal = True
    series.dLbls.showSerName = series.dLbls.showCatName = series.dLbls.showLegendKey = False
    for index, tally in enumerate(tallies):
        point = DataPoint(idx=index)
        point.graphicalProperties.solidFill = ESTADO_TINTS[Estado(tally.code)].solid
        series.dPt.append(point)
    return chart
