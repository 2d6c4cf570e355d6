"""The durable flow of one case: the guide's procedure, in its order.

Every call below that touches a portal is a checkpointed step. Killed at any point, the flow is
played back from its checkpoints and goes on with the first step that has none. Steps may be added
or moved only as `docs/decisions/0018-changing-a-flow.md` says: cases in flight were recorded in
this order.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from dbos import DBOS
from loguru import logger
from sqlalchemy.exc import SQLAlchemyError

from flows.mail.compose import Kind
from flows.procedure.approval import approved, is_asked_for
from flows.procedure.correspondence import (
    ASK_FOR_EVIDENCE,
    REMIND_OF_EVIDENCE,
    Sent,
    is_unreached,
    reply_to_client,
    write_to_both,
)
from flows.procedure.filing import file_request, filed_before, look_for_requests
from flows.procedure.overdue import OverdueStage, end_waiting, stage_of
from flows.procedure.siac_case import close_case, draft_case, ensure_siac_case, take_case
from flows.procedure.validations import consult_client, consult_sec
from flows.rules.case import Canal, Decision, Estado, Outcome
from flows.rules.decision import decide, decide_on_sec
from flows.rules.endings import CaseEnds
from flows.rules.mail_matching import with_bounces
from flows.rules.requests import draft_request, expected_sistema, newest_events
from flows.runtime.checkpoints import Checkpoints
from flows.runtime.idempotent_write import SIMULATED
from flows.runtime.services import Services, services
from flows.runtime.steps import CaseWaits, FlowChanged, StepRunner
from flows.runtime.submit_hook import refuse_past_limit, refuse_while_closing
from flows.runtime.workflows import FLOW, EngineCheckpoints
from flows.store.incoming_mail import Messages

#: Two attempts at one case take turns: one left by a dead process may be taken up again while a
#: later one begins, and the second must find what the first has filed.
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


@DBOS.workflow(name=FLOW)
async def regularize(reference: str, attempt: int) -> None:
    """One attempt at a case, as the durable engine calls it."""
    await work_on(services(), reference, attempt, EngineCheckpoints())


async def work_on(
    services: Services, reference: str, attempt: int, checkpoints: Checkpoints
) -> None:
    """One attempt at a case; its outcome goes to the ledger.

    The case is read from the ledger, and so is what its steps depend on of the policy: neither
    changes once an attempt has begun, so that playing back takes the same branches.
    """
    turn = _turns.setdefault(reference, asyncio.Lock())
    async with turn, _left_at_the_end(services, reference):
        ledger = services.ledger
        logger.info("case_begun", case=reference, attempt=attempt)
        begins = await asyncio.to_thread(ledger.start_attempt, reference, attempt)
        record = await asyncio.to_thread(ledger.attempt, reference, attempt)
        approvals = await asyncio.to_thread(
            ledger.keep_approvals, reference, attempt, services.policy.approvals
        )
        progress = Progress(StepRunner(services, record, checkpoints, approvals=approvals))
        try:
            if begins:
                refuse_while_closing(services, reference)
                if not record.dry_run:
                    await refuse_past_limit(services, reference)  # before a visit to any portal
            await progress.follow_procedure()
        except CaseWaits:
            return  # it is called when the portal may be tried again
        except CaseEnds as end:
            progress.known |= dict(end.ending)
            if isinstance(end, FlowChanged):
                progress.known |= filed_before(await checkpoints.values())
        back = await asyncio.to_thread(Messages(ledger.engine).bounces_of, [reference])
        outcome = with_bounces(progress.outcome(), back.get(reference, ()))
        logger.info(
            "case_ended",
            case=reference,
            attempt=attempt,
            estado=outcome.estado.name,
            motivo=outcome.motivo,
        )
        await asyncio.to_thread(services.files.publish, reference, progress.runner.folder)
        await asyncio.to_thread(ledger.end_attempt, reference, attempt, outcome)
        await asyncio.to_thread(services.parked.leave, reference, attempt)
        await services.portals.case_ended()
        services.run.observer.case_ended(attempt, outcome)


@asynccontextmanager
async def _left_at_the_end(services: Services, reference: str) -> AsyncIterator[None]:
    """However it ends, the portals are left to others. A full disk, or a database file that is
    locked or damaged: the engine cannot even note that the flow has failed, so whoever waits for
    the case is told here. It stays as it is until the next process takes it up."""
    try:
        yield
    except SQLAlchemyError as error:
        if services.ledger.engine.dialect.name == "sqlite":
            services.run.lost = error
        raise
    finally:
        services.portals.leave(reference)


class Progress:
    """How far a case has come: what the outcome will say, whatever ends it."""

    def __init__(self, runner: StepRunner) -> None:
        self.runner = runner
        self.known: dict[str, Any] = {}
        self._filed = ""

    def outcome(self) -> Outcome:
        return Outcome.model_validate({"reference": self.runner.reference, **self.known})

    async def follow_procedure(self) -> None:
        """Steps 2 to 9 of the procedure (step 1 is the list's reader)."""
        runner, case = self.runner, self.runner.case
        sec = await consult_sec(runner)
        decision = decide_on_sec(case, sec)
        client = None if decision else await consult_client(runner)
        decision = decision or decide(case, sec, client)
        self._decided(decision)
        if not (decision.proceeds or decision.needs_evidence):
            return
        assert sec is not None and client is not None  # or a check would have ended the case

        newest = newest_events(sec, client)
        sistema = decision.escenario.sistema if decision.escenario else None
        sistema = sistema or expected_sistema(case, sec, client)
        is_filed = False
        if sistema is not None:
            is_filed = await look_for_requests(runner, sistema, decision.lineas, newest)

        draft = draft_case(case, decision, sec)
        takes = not (decision.needs_evidence or is_asked_for(runner, decision.escenario))
        siac_case = await ensure_siac_case(runner, draft, is_taken_next=takes)
        self.known["siac_case"] = siac_case
        if decision.needs_evidence:
            async with self._owing(ASK_FOR_EVIDENCE.to_client[1]):
                sent = await write_to_both(runner, ASK_FOR_EVIDENCE, siac_case, client)
            self._wrote(sent)
            if runner.attempt.attempt > 1 and not runner.attempt.dry_run:
                stage = await stage_of(runner)
                if stage is OverdueStage.REMIND:
                    async with self._owing(REMIND_OF_EVIDENCE.to_client[1]):
                        sent += await write_to_both(runner, REMIND_OF_EVIDENCE, siac_case, client)
                    self._wrote(sent)
                elif stage is OverdueStage.END:
                    await end_waiting(runner, siac_case)
            self._end(siac_case, Estado.PENDIENTE_DE_EVIDENCIA)
            return

        request = draft_request(case, decision, sec, client, siac_case)
        if not await approved(runner, request, is_filed=is_filed):
            self.known["estado"] = Estado.PENDIENTE_DE_APROBACION
            self.known["detail"] = "Espera la aprobación de un supervisor: " + self._reasons()
            return

        await take_case(runner, siac_case, draft)
        with runner.elsewhere():
            filed = await file_request(runner, request, newest)
        number, self._filed = filed.numero, filed.remark
        self.known |= {"request_number": number, "adjuntos": filed.adjuntos}
        self.known["detail"] = self._reasons()
        resolution = f"Solicitud {number} registrada en {request.sistema}. {case.reference}"
        await close_case(runner, siac_case, resolution)
        async with self._owing("respuesta"):
            self._wrote(await reply_to_client(runner, siac_case, number, client))
        self.known["call_back"] |= case.canal is Canal.TELEFONO_135
        self._end(siac_case, Estado.ATENDIDO)

    def _decided(self, decision: Decision) -> None:
        self.known["decision"] = decision
        self.known["motivo"] = decision.motivo
        self.known["estado"] = decision.estado
        self.known["detail"] = self._reasons()

    def _reasons(self) -> str:
        """Why it was decided so, and what is to be known of the request."""
        decision: Decision = self.known["decision"]
        return " ".join(filter(None, (*decision.reasons, self._filed)))

    @asynccontextmanager
    async def _owing(self, kind: Kind) -> AsyncIterator[None]:
        """Whatever ends the case within: a client whom this e-mail has not reached is called."""
        try:
            yield
        except CaseEnds:
            self.known["call_back"] = await is_unreached(self.runner, kind)
            raise

    def _wrote(self, sent: Sent) -> None:
        self.known["mail_sent_to"] = sent.to
        self.known["call_back"] = sent.unsent
        self.known["detail"] = " ".join(filter(None, (self._reasons(), sent.remark)))

    def _end(self, siac_case: str, estado: Estado) -> None:
        self.known["estado"] = estado
        if self.runner.attempt.dry_run:
            self.known["estado"] = Estado.SIMULADO
            self.known["call_back"] = False
            self.known["siac_case"] = "" if siac_case == SIMULATED else siac_case
