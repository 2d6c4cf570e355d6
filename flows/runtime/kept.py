"""What was sent, and what the portals hold of it: records in the case's folder, for whoever asks
later who filed what."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pages.contract.ports import Sending
from pages.contract.records import Record

#: where they are, in the case's folder
RECORDS, MAILS = "registros", "correos"
_SENT, _HELD = "-enviado.json", "-guardado.json"


class Kept(BaseModel):
    """One of them, in JSON. ``fields`` are what was typed by the form's labels, or what the portal
    shows by our own names for it."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    portal: str
    what: str = Field(alias="registro")
    when: datetime = Field(alias="momento")
    fields: dict[str, Any] = Field(alias="campos")


def sent_name(step: str) -> str:
    return f"{RECORDS}/{step}{_SENT}"


def held_name(step: str) -> str:
    return f"{RECORDS}/{step}{_HELD}"


def mail_name(kind: str) -> str:
    return f"{MAILS}/{kind}.eml"


def sent_record(sending: Sending) -> bytes:
    """What is about to be sent, as people read it."""
    return _written(sending.portal, sending.what, dict(sending.fields))


def held_record(portal: str, what: str, record: Record) -> bytes:
    """What the portal holds now."""
    return _written(portal, what, record.model_dump(mode="json"))


def _written(portal: str, what: str, fields: dict[str, Any]) -> bytes:
    kept = Kept(portal=portal, what=what, when=datetime.now(UTC), fields=fields)
    text = json.dumps(kept.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2)
    return f"{text}\n".encode()
