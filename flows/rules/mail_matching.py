"""Incoming e-mail: whose it is, and whether its case may go on with it. Pure.

A message counts only where one case fits, that case waits for evidence, and the sender is proven
and is the client's authorised contact or executive. Everything else waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum

from flows.rules.case import Case, Decision, Estado, EvidenceFile, Model, Outcome
from flows.rules.case import OrigenEvidencia as Origen
from flows.rules.typed_text import fold
from pages.contract.siac import ClientRecord

REFERENCE = re.compile(r"CF-\d{1,20}-\d{8}-[0-9a-f]{6}(?![0-9A-Za-z])")
_MESSAGE_ID = re.compile(rf"<([a-z][a-z-]*)\.({REFERENCE.pattern})@([^<>\s]+)>")
#: what may be a case's number: as much of a text as stands together
_TOKEN = re.compile(r"\w+(?:[-/.]\w+)*")
#: a shorter number stands in texts by chance
_SHORTEST_NUMBER = 6

#: attempts that ended so say nothing about the case
_NO_WORD = (Estado.FALLA_TECNICA, Estado.NO_INICIADO, Estado.SIMULADO)


class Reason(StrEnum):
    """Why a message waits for a person; the sentence is in `REASONS`."""

    SIN_CASO = "SIN_CASO"
    VARIOS_CASOS = "VARIOS_CASOS"
    NO_ESPERA = "NO_ESPERA"
    EN_CURSO = "EN_CURSO"
    SIN_ADJUNTO = "SIN_ADJUNTO"
    ADJUNTO_RECHAZADO = "ADJUNTO_RECHAZADO"
    SIN_PROBAR = "SIN_PROBAR"
    DESCONOCIDO = "DESCONOCIDO"
    DOS_ORIGENES = "DOS_ORIGENES"
    SIN_RESPALDO = "SIN_RESPALDO"
    ILEGIBLE = "ILEGIBLE"
    SIN_LEER = "SIN_LEER"


REASONS: Mapping[Reason, str] = {
    Reason.SIN_CASO: "No se sabe de qué caso es.",
    Reason.VARIOS_CASOS: "Puede ser de más de un caso.",
    Reason.NO_ESPERA: "Su caso no espera evidencia.",
    Reason.EN_CURSO: "Su caso está en curso: se mira otra vez cuando termine.",
    Reason.SIN_ADJUNTO: "No trae un archivo que sirva de evidencia.",
    Reason.ADJUNTO_RECHAZADO: "Un adjunto no se puede tomar.",
    Reason.SIN_PROBAR: (
        "El servidor de correo no confirma que lo enviara quien figura como remitente."
    ),
    Reason.DESCONOCIDO: (
        "En SIAC Único el remitente no es el contacto autorizado del caso ni el ejecutivo del "
        "cliente."
    ),
    Reason.DOS_ORIGENES: (
        "En SIAC Único la dirección es la del contacto y la del ejecutivo: diga el origen."
    ),
    Reason.SIN_RESPALDO: (
        "Nada dice hasta cuándo estaba vigente la oferta ni quién la aprobó: llene uno de los dos, "
        "o confirme que no los hay (mala práctica)."
    ),
    Reason.ILEGIBLE: "No se puede leer: ábralo en el buzón.",
    Reason.SIN_LEER: "No se pudo leer en los portales quién lo envía: se intenta otra vez.",
}


#: of these nothing is known yet: they are looked at again
PASSING = (Reason.EN_CURSO, Reason.SIN_LEER)


class Bounce(Model):
    """An e-mail of ours that came back: its kind, its case, and the enhanced status code."""

    kind: str
    reference: str
    status: str = ""

    @property
    def told(self) -> str:
        """For *Detalle*."""
        code = f" ({self.status})" if self.status else ""
        return f"No se entregó {_NAMED.get(self.kind, 'un correo del caso')}{code}."


_NAMED = {
    "respuesta": "el correo de respuesta al cliente",
    "evidencia-ejecutivo": "el correo que pide la evidencia al ejecutivo",
    "evidencia-cliente": "el correo que pide la evidencia al cliente",
    "recordatorio-ejecutivo": "el recordatorio al ejecutivo",
    "recordatorio-cliente": "el recordatorio al cliente",
}


def own_ids(text: str, domain: str) -> list[tuple[str, str]]:
    """The kind and the case of each of our Message-IDs in a header; ``domain`` is the sender's."""
    return [
        (found[1], found[2])
        for found in _MESSAGE_ID.finditer(text)
        if found[3].casefold() == domain.casefold()
    ]


def mentioned(text: str, by_number: Mapping[str, Collection[str]]) -> set[str]:
    """The cases whose reference, or number in SIAC Único, stands in the text."""
    words = set(_TOKEN.findall(text))
    words |= {part for word in words for part in re.split(r"[/.]", word)}
    numbers = {number for number in by_number if len(number) >= _SHORTEST_NUMBER}
    found = (reference for word in words & numbers for reference in by_number[word])
    return {*REFERENCE.findall(text), *found}


def cases_of(
    ids: str, text: str, *, domain: str, by_number: Mapping[str, Collection[str]]
) -> tuple[str, ...]:
    """The references of the cases that a message may be about, in order, whether or not there are
    such cases.

    It is an answer to an e-mail of ours (``ids``: In-Reply-To and References), or names a case; a
    text that names another one beside is about two.
    """
    answered = {reference for _, reference in own_ids(ids, domain)}
    return tuple(sorted(answered | mentioned(text, by_number)))


def waits_for_evidence(outcomes: Iterable[Outcome | None]) -> bool:
    """By all attempts at a case, oldest first: whether it waits, and nobody is at work on it."""
    state = None
    for outcome in outcomes:
        if outcome is None:
            return False
        if outcome.estado not in _NO_WORD:
            state = outcome.estado
    return state is Estado.PENDIENTE_DE_EVIDENCIA


def origin_of(
    sender: str, client: ClientRecord | None, addresses: Callable[[str], tuple[str, ...]]
) -> Origen | Reason:
    """Who of those that SIAC Único has is the sender, or why the sender does not count.

    ``client`` holds of the contacts only the case's own; ``addresses`` splits what SIAC Único has
    as an address.
    """
    if client is None:
        return Reason.DESCONOCIDO
    found = set()
    if any(_is_among(sender, addresses(contact.correo)) for contact in client.contactos):
        found.add(Origen.CLIENTE)
    executive = client.ejecutivo
    if executive is not None and _is_among(sender, addresses(executive.correo)):
        found |= {o for o in (Origen.CAE, Origen.DACE) if fold(o) == fold(executive.canal)}
    if len(found) > 1:
        return Reason.DOS_ORIGENES
    return found.pop() if found else Reason.DESCONOCIDO


def _is_among(sender: str, addresses: Sequence[str]) -> bool:
    return sender.casefold() in (address.casefold() for address in addresses)


def lacks_backing(decision: Decision) -> bool:
    """Whether this would call a sale *mala práctica* because a field is missing."""
    return decision.mala_practica


def with_evidence(case: Case, files: Iterable[EvidenceFile], origin: Origen) -> Case:
    """The case with these files too; what it has already is not taken twice."""
    known = {file.sha256 for file in case.evidencia}
    new = {file.sha256: file for file in files if file.sha256 not in known}
    return case.model_copy(
        update={
            "evidencia": (*case.evidencia, *new.values()),
            "origen_evidencia": case.origen_evidencia or origin,
        }
    )


def with_bounces(outcome: Outcome, bounces: Iterable[Bounce]) -> Outcome:
    """The outcome of a case whose e-mails came back: it is told once, and the client is called.

    What asked for evidence no longer matters once the case is attended to.
    """
    attended = outcome.estado is Estado.ATENDIDO
    told = [b.told for b in bounces if (b.kind == "respuesta") == attended]
    new = [sentence for sentence in told if sentence not in outcome.detail]
    if outcome.estado is Estado.SIMULADO or not told:
        return outcome
    detail = " ".join(filter(None, (outcome.detail, *new)))
    return outcome.model_copy(update={"detail": detail, "call_back": True})
