"""What is read from, and typed into, BMC Remedy."""

from typing import ClassVar

from pages.contract.request_records import RequestDraft, RequestRecord


class Incident(RequestRecord):
    """A ticket for misaligned lines."""

    attended: ClassVar[str] = "Cerrado"

    resumen: str


class IncidentDraft(RequestDraft):
    """What is typed into the incident form."""

    resumen: str
