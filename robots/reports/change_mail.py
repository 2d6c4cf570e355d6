"""E-mail about a portal that has changed: what is missing, what may be it, and how to say so.

Names that people see on the page are in it, and its picture; nobody's data is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage

from flows.rules.lima import in_lima
from flows.runtime.changes import Change
from pages.contract.missing import LIKELY
from robots.ops.map_writer import ANY_NAME
from robots.ops.portal_maps import key_of
from robots.reports.summary_mail import addressed


def compose_change_mail(
    change: Change, picture: bytes, until: datetime, *, sender: str, to: str, when: datetime
) -> EmailMessage:
    """Compose it; ``until`` is when the first case that waits would end."""
    which = f"{change.missed:%Y%m%d%H%M%S}.{re.sub(r'[^A-Za-z]', '', change.key)}"
    subject = f"Cargo fijo: {change.portal} cambió y hay casos que esperan"
    message = addressed(subject, ("cambio", which), sender=sender, to=to, when=when)
    lines = list(_lines(change, until))
    if picture:
        lines.append("La imagen es la página, con los datos de las personas reemplazados.")
    message.set_content("\n".join(lines) + "\n", cte="quoted-printable")
    if picture:
        message.add_attachment(picture, maintype="image", subtype="png", filename="pagina.png")
    return message


def accepting(change: Change) -> str:
    """The command that accepts the best candidate where it is likely, else any name."""
    name = change.absent.guesses[0].name if _is_likely(change) else ANY_NAME
    return f'cargofijo map accept {key_of(change.portal)} {change.absent.key} "{name}"'


def _is_likely(change: Change) -> bool:
    guesses = change.absent.guesses
    return bool(guesses) and guesses[0].score >= LIKELY


def _lines(change: Change, until: datetime) -> Iterator[str]:
    portal, guesses = change.portal, change.absent.guesses
    yield f"{portal} ya no es como el robot lo conoce: {change.what}."
    yield ""
    yield (
        f"Los casos que necesitan {portal} esperan hasta las {in_lima(until):%H:%M} del "
        f"{in_lima(until):%d/%m}; los demás siguen."
    )
    yield ""
    if guesses:
        yield "Lo que la página muestra y puede ser eso, de más a menos parecido (de 0 a 1):"
        yield from (f"  {one.score:.2f} «{one.name}»: {one.why}" for one in guesses)
        yield ""
        first = "es el primero, use esta orden en la carpeta del robot; si es otro, su nombre"
        some = "es alguno, use esta orden con su nombre, en la carpeta del robot"
        yield f"Si {first if _is_likely(change) else some}:"
    else:
        yield "La página no muestra nada que se le parezca. Si sabe cómo se llama ahora:"
    yield ""
    yield f"    {accepting(change)}"
    yield ""
    yield (
        "Los casos siguen solos en la misma ejecución, desde donde quedaron. Si nadie responde, "
        "terminan PAGINA_CAMBIADA y se retoman al repetir la lista."
    )
