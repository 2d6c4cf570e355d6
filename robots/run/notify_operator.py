"""Sending of the summary e-mail to the operator. A failure here never costs the run."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from loguru import logger

from flows.mail.errors import MailError
from robots.bootstrap import mailer
from robots.reports.summary_mail import compose_summary_mail
from robots.settings import PasswordMissing, Settings

if TYPE_CHECKING:
    from robots.reports.write_report import RunResult

#: seconds for the whole e-mail: a mail server that hangs is no reason to keep anyone waiting
_PATIENCE = 120.0


def notify_operator(settings: Settings, result: RunResult) -> str | None:
    """Send the three lines and the workbook; one Spanish sentence where that was not possible."""
    if not settings.smtp.operator:
        return None
    try:
        message = compose_summary_mail(
            result.report,
            result.path,
            sender=settings.smtp.sender,
            to=settings.smtp.operator,
            when=datetime.now(UTC),
        )
        asyncio.run(asyncio.wait_for(mailer(settings).send(message), _PATIENCE))
    except (MailError, PasswordMissing) as error:
        problem, why = type(error).__name__, str(error)
    except Exception as error:  # whatever it is: the run is done, and its report is written
        problem, why = type(error).__name__, "Revise smtp.operator y smtp.sender en los ajustes."
    else:
        logger.info("operator_told", run=result.report.run_id)
        return None
    logger.error("operator_not_told", run=result.report.run_id, error=problem)
    return f"El correo al operador no salió. {why}"
