"""Sending of the summary e-mail to the operator. A failure here never costs the run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from typing import TYPE_CHECKING

from loguru import logger

from flows.mail.mail_error import MailError
from robots.bootstrap import mailer
from robots.reports.summary_mail import compose_summary_mail
from robots.settings import PasswordMissing, Settings

if TYPE_CHECKING:
    from robots.reports.write_report import RunResult

#: seconds for the whole e-mail: a mail server that hangs is no reason to keep anyone waiting
_PATIENCE = 120.0


def notify_operator(settings: Settings, result: RunResult) -> str | None:
    """Send the three lines of a run; one Spanish sentence where that was not possible."""
    about = {"run": result.report.run_id}
    return send_to_operator(
        settings, partial(compose_summary_mail, result.report, result.path), **about
    )


def send_to_operator(
    settings: Settings, compose: Callable[..., EmailMessage], **about: str
) -> str | None:
    """Send what ``compose`` makes for this ``sender``, ``to`` and ``when``, if somebody is to be
    told at all; ``about`` is for the log. One Spanish sentence where that was not possible."""
    if not settings.smtp.operator:
        return None
    try:
        message = compose(
            sender=settings.smtp.sender, to=settings.smtp.operator, when=datetime.now(UTC)
        )
        asyncio.run(asyncio.wait_for(mailer(settings).send(message), _PATIENCE))
    except (MailError, PasswordMissing) as error:
        problem, why = type(error).__name__, str(error)
    except Exception as error:  # whatever it is: the work is done, and its report is written
        problem, why = type(error).__name__, "Revise smtp.operator y smtp.sender en los ajustes."
    else:
        logger.info("operator_told", **about)
        return None
    logger.error("operator_not_told", **about, error=problem)
    return f"El correo al operador no salió. {why}"
