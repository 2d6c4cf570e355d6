"""What is read from, and typed into, BMC Remedy."""

from pages.contract.requests import RequestDraft, RequestRecord


class Incident(RequestRecord):
    """A ticket for misaligned lines."""

    numero: str
    resumen: str


class IncidentDraft(RequestDraft):
    """What is typed into the incident form."""

    resumen: str
