"""The demo's answer by e-mail: an executive sends what was offered to the mailbox that is read."""

from __future__ import annotations

import json
import urllib.request
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from flows.rules.case import Case

EVIDENCE = Path(__file__).parent / "demo" / "evidencias_demo" / "carta_oferta.pdf"
#: under which the mock portals' mailbox tells of a sender
AUTHSERV_ID = "mx.demo.example"


def let_executive_answer(control: str, case: Case, mailbox: str) -> None:
    """Answer the e-mail in which a case's executive was asked for evidence, as they would: at the
    mock portals' control address, into the mailbox."""
    with urllib.request.urlopen(f"{control}/state", timeout=60) as answer:
        sent = json.load(answer)["mail"]
    asked = next(
        m for m in sent if "evidencia" in m["subject"] and f"SEC {case.sec}" in m["subject"]
    )
    (executive,) = asked["to"]
    message = EmailMessage(policy=SMTP)
    domain = executive.rpartition("@")[2]
    message["Authentication-Results"] = f"{AUTHSERV_ID}; dmarc=pass header.from={domain}"
    message["From"], message["To"] = executive, mailbox
    message["Subject"] = f"RE: {asked['subject']}"
    message["Message-ID"] = f"<respuesta.{case.reference}@{domain}>"
    message.set_content("Buenas tardes:\n\nVa la carta con la oferta que se hizo al cliente.\n")
    message.add_attachment(
        EVIDENCE.read_bytes(), maintype="application", subtype="pdf", filename=EVIDENCE.name
    )
    request = urllib.request.Request(f"{control}/mail", message.as_bytes(), method="POST")
    urllib.request.urlopen(request, timeout=60).close()
