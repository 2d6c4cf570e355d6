"""The console's database with a case in every state."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from flows.rules.case import Estado, Motivo, Outcome
from flows.rules.decision import decide
from flows.rules.follow_up import FollowUp, LineFollowUp, Resultado
from flows.rules.requests import draft_request
from flows.rules.scenarios import Escenario
from flows.store.approvals import Approval, Approvals
from flows.store.database import connect
from flows.store.follow_ups import FollowUps
from flows.store.ledger import Ledger, StepRecord
from robots.console.server import open_users
from robots.console.user_store import Role
from tests.support.console import PASSWORD
from tests.support.records import CASE, CLIENT, SEC

MARKUP = "<script>alert(1)</script>"
ROLES = {"ana": Role.ASESOR, "sonia": Role.SUPERVISOR, "oscar": Role.OPERADOR}
PAGES = (
    "/",
    "/casos",
    "/corridas",
    "/seguimiento",
    "/graficos",
    "/aprobaciones",
    "/auditoria",
    "/correos",
    "/mapa",
)


class Filled:
    """A case in each state, all asked for by the operator."""

    def __init__(self, database: str) -> None:
        self.ledger = Ledger(connect(database))
        self.ledger.prepare()
        people = open_users(self.ledger)
        for name, role in ROLES.items():
            people.add(name, role, PASSWORD)
        decision = decide(CASE, SEC, CLIENT)
        self.references: dict[Estado, str] = {}
        for serial, estado in enumerate(e for e in Estado if e is not Estado.DATO_INVALIDO):
            case = CASE.model_copy(
                update={"lineas": (f"98700100{serial}",), "observaciones": MARKUP}
            )
            reference = case.reference
            self.references[estado] = reference
            attempt = [(reference, 1, case)]
            self.ledger.begin_attempts(
                attempt, requested_by="oscar", dry_run=estado is Estado.SIMULADO
            )
            self.ledger.start_attempt(reference, 1)
            step = StepRecord(
                reference=reference,
                attempt=1,
                number=1,
                name="consult_sec",
                started=datetime.now(UTC),
                seconds=2.5,
                note="",
            )
            self.ledger.record_step(step)
            outcome = Outcome(
                reference=reference,
                estado=estado,
                motivo=Motivo.OFERTA_ILEGIBLE if estado is Estado.REQUIERE_ASESOR else None,
                decision=decision,
                detail=MARKUP,
            )
            self.ledger.end_attempt(reference, 1, outcome)
            if estado is Estado.ATENDIDO:
                FollowUps(self.ledger.engine).keep(_billed(reference))
            if estado is Estado.PENDIENTE_DE_APROBACION:
                self.request = draft_request(case, decision, SEC, CLIENT, "70000009")
                Approvals(self.ledger.engine).ask(
                    Approval(
                        reference=reference,
                        digest=self.request.digest,
                        request=self.request.model_dump(mode="json"),
                        requested_by="oscar",
                        requested=datetime.now(UTC),
                    )
                )


def _billed(reference: str) -> FollowUp:
    """A bill that is not right."""
    line = LineFollowUp(
        linea="987001000",
        resultado=Resultado.DESALINEADO,
        importe=Decimal("20.00"),
        regularizada=date(2026, 10, 2),
        factura="2026-11",
        facturado=Decimal("59.90"),
        desde="2026-11",
        texto=MARKUP,
    )
    return FollowUp(
        reference=reference,
        ruc=CASE.ruc,
        sec=CASE.sec,
        escenario=Escenario.ACTIVACIONES_CONFIGURACION,
        numero="77",
        atendido=date(2026, 10, 1),
        ofrecido=Decimal("39.90"),
        prometido=Decimal("20.00"),
        lineas=(line,),
        visto=date(2026, 11, 20),
    )
