"""Writing of a run's report: the workbook and the page, from the database as it is now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from flows.rules.case import Estado
from flows.runtime.radar import Radar
from flows.store.case_files import CaseFiles
from flows.store.ledger import Ledger
from robots.reports.model import RunReport
from robots.reports.report_file import name_for, page_of
from robots.reports.report_page import write_html
from robots.reports.report_workbook import write_workbook
from robots.reports.run_report import compose_report
from robots.settings import Settings

#: states that make a run's exit code 1
_UNFINISHED = (Estado.FALLA_TECNICA, Estado.NO_INICIADO)


@dataclass(frozen=True)
class RunResult:
    """Result of a run, and where its report is; ``unread`` tells that cases of the queue could not
    be read, and so are not in it."""

    report: RunReport
    path: Path
    stopped: bool = False
    unread: bool = False

    @property
    def by_status(self) -> dict[str, int]:
        return dict(Counter(row.outcome.estado.value for row in self.report.rows))

    @property
    def exit_code(self) -> int:
        unfinished = any(row.outcome.estado in _UNFINISHED for row in self.report.rows)
        return int(unfinished or self.unread)


def write_report(
    ledger: Ledger, run_id: str, settings: Settings, path: Path | None = None
) -> RunResult:
    """Write the workbook and, beside it, the HTML page; raises `ReportError`. What is news on the
    portals' pages by then is told in it, and in no later run's."""
    evidence_dir = settings.var_dir.absolute() / "evidence"
    references = [row.reference for row in ledger.rows(run_id) if row.reference]
    CaseFiles(ledger.engine).bring(references, evidence_dir)
    run = ledger.run(run_id)
    Radar(ledger.engine).tell_in(run_id, run.ended if run else None)
    report = compose_report(ledger, run_id, evidence_dir)
    assert report is not None, "the run was just recorded"
    reports = settings.var_dir.absolute() / "reports"
    target = path or reports / name_for(report.list_name, run_id)
    if path is None:
        reports.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_workbook(report, target)
    write_html(report, page_of(target))
    return RunResult(report, target)
