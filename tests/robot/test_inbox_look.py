"""Looks at a mailbox: what becomes of each message, and what a lost connection or a death costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from flows.rules.case import Estado, Motivo, OrigenEvidencia
from flows.rules.endings import failed
from flows.rules.mail_matching import Reason
from flows.store.incoming_mail import Messages, State
from robots.console.uploads import keep_evidence
from robots.imap_session import MailboxError
from robots.inbox.mail_folder import MailFolder
from tests.support import envelopes
from tests.support.incoming import (
    PDF,
    PHOTO,
    PNG,
    bounced,
    forwarded,
    mail,
    outlook_message,
    with_file,
    with_signature,
)
from tests.support.loop import LoopThread
from tests.support.marks import needs
from tests.support.post_office import (
    CLIENT,
    EXECUTIVE,
    NOTHING,
    SENDER,
    PostOffice,
    open_post_office,
)
from tests.support.procedure import finish

BACKED = {"oferta_vigente_hasta": "31/12/2026"}


@pytest.fixture
@needs("server")
def office(loop: LoopThread, tmp_path: Path) -> Iterator[PostOffice]:
    """Three cases that need evidence; their rows say until when the offer was in force."""
    opened = open_post_office(loop, tmp_path, 3, **BACKED)
    yield opened
    loop.loop.call_soon_threadsafe(opened.listener.close)


@pytest.fixture
@needs("server")
def unbacked(loop: LoopThread, tmp_path: Path) -> Iterator[PostOffice]:
    opened = open_post_office(loop, tmp_path, 2)
    yield opened
    loop.loop.call_soon_threadsafe(opened.listener.close)


def names(office: PostOffice, row: int) -> list[str]:
    """The files of a case, by name."""
    latest = office.robot.ledger.latest([office.cases[row].reference])
    return [f.name for f in latest[office.cases[row].reference].case.evidencia]


def test_answers_are_evidence_and_their_cases_go_on(office: PostOffice) -> None:
    """The executive's answer with a PDF beside a signature, the client's with a photo."""
    assert office.look().summary == NOTHING
    office.receives(
        with_file(with_signature(mail(EXECUTIVE, "Re: oferta", answers=office.ours(0)))),
        with_file(mail(CLIENT, f"Caso {office.number(1)}"), PHOTO, "IMG_0001.jpg"),
        with_file(mail(CLIENT, "otra hoja", answers=office.ours(1)), PDF, "hoja.pdf"),
        mail(CLIENT, "Fuera de la oficina", Auto_Submitted="auto-replied"),
    )
    look = office.look()
    assert look.summary == {**NOTHING, "messages": 4, "attached": 3, "automatic": 1}
    assert office.subjects("Procesados") == ["Re: oferta", f"Caso {office.number(1)}", "otra hoja"]
    assert office.subjects("INBOX") == ["Fuera de la oficina"]
    whole = "correo 2026-11-27.eml"
    assert names(office, 0) == ["oferta.pdf", whole]
    assert names(office, 1) == ["IMG_0001.jpg", whole, "hoja.pdf", whole]
    found = office.goes_on()
    assert {outcome.estado for outcome in found.values()} == {Estado.ATENDIDO}
    assert len(found) == 2
    latest = office.robot.ledger.latest([office.cases[0].reference])
    assert latest[office.cases[0].reference].case.origen_evidencia is OrigenEvidencia.CAE
    assert office.look().summary == NOTHING


def test_forwarded_chains_and_outlooks_own_files(office: PostOffice) -> None:
    asked = mail(SENDER, f"Caso {office.number(0)}")
    chain = mail(CLIENT, "RV: oferta")
    forwarded(chain, forwarded(mail(subject="RV: RV"), with_file(asked)))
    saved = outlook_message("La oferta", {"oferta.pdf": PDF})
    twice = with_file(mail(EXECUTIVE, "Adjunto", answers=office.ours(1)), saved, "La oferta.msg")
    again = b"Received: from otro by mx.claro.example\r\n" + twice.as_bytes()
    # a picture in the text is evidence where nothing else is attached
    shown = with_signature(mail(CLIENT, "la captura", answers=office.ours(2)))
    office.receives(chain, twice, again, shown)
    assert office.look().summary == {**NOTHING, "messages": 4, "attached": 3}
    assert office.subjects("INBOX") == []
    whole = "correo 2026-11-27.eml"
    asked_for = f"Caso {office.number(0)}.eml"
    assert names(office, 0) == ["RV RV.eml", asked_for, "oferta.pdf", whole]
    assert names(office, 1) == ["La oferta.msg", "oferta.pdf", whole]
    assert names(office, 2) == ["image001.png", whole]
    assert {outcome.estado for outcome in office.goes_on().values()} == {Estado.ATENDIDO}


def test_outlooks_envelope_is_opened(office: PostOffice) -> None:
    """Its files go the way of all others: kind, content, pictures in the text."""
    logo = envelopes.file("image001.png", PNG, envelopes.fixed(envelopes.HIDDEN, 1))
    forwarded_on = envelopes.message("RV", envelopes.envelope(envelopes.file("foto.jpg", PHOTO)))
    for row, held in enumerate(
        [
            (logo, envelopes.file("oferta económica.pdf", PDF), envelopes.file("LEEME.exe", b"MZ")),
            (logo, forwarded_on),
            (logo, envelopes.attachment(envelopes.attribute(envelopes.DATA, b"OLE"), kind=2)),
        ]
    ):
        answer = mail(EXECUTIVE, f"Outlook {row}", answers=office.ours(row))
        office.receives(with_file(answer, envelopes.envelope(*held), "winmail.dat"))
    renamed = envelopes.envelope(envelopes.file("oferta.pdf", b"MZ"))
    damaged = envelopes.envelope(envelopes.file("oferta.pdf", PDF))[:-1]
    for subject, sealed in (("programa", renamed), ("dañado", damaged)):
        answer = with_file(mail(EXECUTIVE, subject, answers=office.ours(2)))
        office.receives(with_file(answer, sealed, "winmail.dat"))
    assert office.look().summary == {**NOTHING, "messages": 5, "attached": 2, "waiting": 3}
    whole = "correo 2026-11-27.eml"
    assert names(office, 0) == ["oferta económica.pdf", whole]
    assert names(office, 1) == ["foto.jpg", whole]
    waiting = {message.about: message for message in office.messages.open()}
    assert {about: message.reason for about, message in waiting.items()} == {
        "Outlook 2": Reason.SIN_ADJUNTO,
        "programa": Reason.ADJUNTO_RECHAZADO,
        "dañado": Reason.ADJUNTO_RECHAZADO,
    }
    assert "«adjunto (objeto de Outlook)»" in waiting["Outlook 2"].detail
    assert "«winmail.dat» que está dañado" in waiting["dañado"].detail
    assert {outcome.estado for outcome in office.goes_on().values()} == {Estado.ATENDIDO}


def test_the_same_message_after_its_case_went_on(office: PostOffice) -> None:
    answer = with_file(mail(EXECUTIVE, "oferta", answers=office.ours(0)))
    office.receives(answer)
    office.look()
    office.goes_on()
    office.receives(answer, with_file(mail(EXECUTIVE, "otra", answers=office.ours(0))))
    look = office.look()
    assert look.summary == {**NOTHING, "messages": 2, "waiting": 1}
    assert office.subjects("INBOX") == ["otra"]
    (waiting,) = office.messages.open()
    assert waiting.reason is Reason.NO_ESPERA


def waiting_ones(office: PostOffice) -> dict[Reason, list[EmailMessage]]:
    """Messages that no case may go on with by itself, by why."""
    one, two = office.ours(0), office.ours(1)
    saved = outlook_message(f"Caso {office.number(1)}", {"oferta.pdf": PDF})
    told = envelopes.variable(0x0037001F, envelopes.written(f"Caso {office.number(1)}"))
    sealed = envelopes.envelope(envelopes.message("RV", envelopes.envelope(told=(told,))))
    own = mail(CLIENT, "su palabra", answers=one, verdict="")
    own["Authentication-Results"] = "mx.lejos.example; dmarc=pass header.from=textiles.example"
    found = {
        Reason.SIN_PROBAR: [mail(CLIENT, "falso", answers=one, verdict="fail"), own],
        Reason.DESCONOCIDO: [mail("otro@lejos.example", f"caso {office.number(0)}")],
        Reason.VARIOS_CASOS: [
            mail(CLIENT, f"y el {office.number(1)}", answers=one),
            with_file(mail(CLIENT, "guardado", answers=one), saved, "otro.msg"),
            with_file(mail(CLIENT, "en sobre", answers=one), sealed, "winmail.dat"),
        ],
        Reason.SIN_CASO: [mail(CLIENT, "mi reclamo"), mail(CLIENT, f"{office.number(0)}1")],
        # neither row says until when the offer was in force, nor who approved it
        Reason.SIN_RESPALDO: [mail(EXECUTIVE, "la oferta", answers=two)],
    }
    for message in (m for several in found.values() for m in several):
        with_file(message)
    found[Reason.SIN_ADJUNTO] = [
        mail(CLIENT, "ya lo envio", answers=one),
        with_file(mail(CLIENT, "comprimido", answers=one), b"PK", "fotos.zip"),
        with_file(with_signature(mail(CLIENT, "firma", answers=one)), b"PK", "fotos.zip"),
        with_file(mail(CLIENT, "Outlook", answers=one), envelopes.envelope(), "winmail.dat"),
    ]
    found[Reason.ADJUNTO_RECHAZADO] = [
        with_file(mail(CLIENT, "grande", answers=one), PDF + bytes(10 * 2**20), "grande.pdf"),
        with_file(with_file(mail(CLIENT, "programa", answers=one)), b"MZ", "oferta.pdf"),
    ]
    return found


def test_what_waits_for_a_person(unbacked: PostOffice) -> None:
    """Nothing is decided on a stranger's word, nor where it is not certain."""
    messages = waiting_ones(unbacked)
    every = [message for several in messages.values() for message in several]
    unbacked.receives(*every)
    assert unbacked.look().summary == {**NOTHING, "messages": len(every), "waiting": len(every)}
    waiting = {message.about: message for message in unbacked.messages.open()}
    for reason, several in messages.items():
        assert {waiting[str(message["Subject"])].reason for message in several} == {reason}
    assert waiting["Outlook"].detail == ""
    assert "«fotos.zip»" in waiting["comprimido"].detail
    assert "10 MB" in waiting["grande"].detail
    assert "«oferta (2).pdf»" in waiting["programa"].detail
    assert waiting["falso"].candidates == (unbacked.cases[0].reference,)
    assert unbacked.subjects("INBOX") == [str(message["Subject"]) for message in every]
    assert unbacked.messages.begun() == []
    assert unbacked.look().summary == NOTHING


def test_a_name_that_is_a_path_is_only_a_name(office: PostOffice) -> None:
    office.receives(
        with_file(mail(CLIENT, answers=office.ours(0)), PDF, "../../../etc/of;erta.pdf")
    )
    assert office.look().summary["attached"] == 1
    assert names(office, 0)[0] == "of_erta.pdf"


def test_a_message_larger_than_a_file_may_be_lies_beside_its_files(office: PostOffice) -> None:
    large = PDF + bytes(9 * 2**20)
    office.receives(with_file(mail(CLIENT, answers=office.ours(0)), large))
    assert office.look().summary["attached"] == 1
    reference = office.cases[0].reference
    _, whole = office.robot.ledger.latest([reference])[reference].case.evidencia
    assert Path(whole.path).stat().st_size < 10_000
    assert b"Adjunto lo que me ofrecieron." in Path(whole.path).read_bytes()


def test_a_case_at_work_is_looked_at_again(office: PostOffice) -> None:
    case = office.cases[0]
    office.robot.ledger.begin_attempts([(case.reference, 2, case)], requested_by="x", dry_run=False)
    office.receives(with_file(mail(EXECUTIVE, answers=office.ours(0))))
    assert office.look().summary["waiting"] == 1
    (waiting,) = office.messages.open()
    assert (waiting.reason, waiting.state) == (Reason.EN_CURSO, State.NEW)
    office.robot.ledger.end_attempt(
        case.reference, 2, office.outcomes[0].model_copy(update={"estado": Estado.FALLA_TECNICA})
    )
    assert office.look().summary == {**NOTHING, "attached": 1}
    assert office.subjects("INBOX") == []


def test_a_portal_that_cannot_be_read_leaves_a_message_for_the_next_look(
    office: PostOffice,
) -> None:
    office.receives(with_file(mail(CLIENT, answers=office.ours(0))))

    async def down(_: object) -> Any:
        raise failed(Motivo.PORTAL_NO_DISPONIBLE, "SISACT no responde.")

    look = office.look(down)
    assert (look.exit_code, look.summary["waiting"]) == (1, 1)
    assert "SISACT no responde." in look.problems[0]
    assert office.look().summary == {**NOTHING, "attached": 1}


@pytest.mark.sample(1)
@pytest.mark.parametrize("status", ["5.1.1", "5.2.2", "5.3.4"])
def test_what_comes_back_is_told(office: PostOffice, status: str) -> None:
    given = mail(SENDER, "Evidencia", Message_ID=office.ours(0))
    back = bounced(given, status=status)
    office.receives(back, back, bounced(given, status=status, action="delayed"))
    assert office.look().summary == {**NOTHING, "messages": 3, "bounces": 1, "automatic": 1}
    reference = office.cases[0].reference
    told = f"No se entregó el correo que pide la evidencia al cliente ({status})."
    latest = office.robot.ledger.latest([reference])[reference].outcome
    assert latest is not None and latest.call_back and latest.detail.count(told) == 1
    # by the next attempt too, which finds its e-mails sent
    office.look()
    outcome = finish(office.robot.attempt(office.cases[0]))
    assert outcome.call_back and outcome.detail.count(told) == 1
    assert len(office.robot.mail.sent) == 6


def test_a_server_that_cannot_move(office: PostOffice) -> None:
    office.server.moves = False
    office.receives(with_file(mail(CLIENT, answers=office.ours(0))), mail(CLIENT, "otro"))
    assert office.look().summary["attached"] == 1
    flagged, other = office.holdings.folders["INBOX"]
    assert (flagged.flags, other.flags) == ({"\\Flagged"}, set())
    before = len(office.server.commands)
    assert office.look().summary == NOTHING
    assert not [c for c in office.server.commands[before:] if "STORE" in c or "FETCH" in c]


def test_a_mailbox_that_is_numbered_anew(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.receives(with_file(mail(CLIENT, "uno", answers=office.ours(0))), mail(CLIENT, "otro"))
    office.look()
    monkeypatch.setattr("mock_portals.imap.UIDVALIDITY", 2)
    office.receives(with_file(mail(CLIENT, "dos", answers=office.ours(1))))
    assert office.look().summary == {**NOTHING, "messages": 2, "attached": 1}


def test_a_look_asks_for_nothing_old(office: PostOffice) -> None:
    """However many messages there are."""
    office.receives(*(mail(CLIENT, f"viejo {n}", verdict="") for n in range(30)))
    assert office.look().summary["messages"] == 30
    before = len(office.server.commands)
    assert office.look().summary == NOTHING
    asked = [command.split()[0] for command in office.server.commands[before:]]
    assert asked.count("UID") == 1 and len(asked) <= 6
    assert not [c for c in office.server.commands[before:] if "FETCH" in c]


# --- broken off -----------------------------------------------------------------------------------


def settled(office: PostOffice) -> tuple[Any, ...]:
    """What is left once nothing more happens: nothing lost, nothing twice."""
    attempts = office.robot.ledger.attempts(case.reference for case in office.cases)
    files = [
        [file.name for file in attempt.case.evidencia]
        for case in office.cases
        for attempt in attempts[case.reference]
    ]
    waiting = [(message.about, message.reason) for message in office.messages.open()]
    folders = {name: sorted(office.subjects(name)) for name in office.holdings.folders}
    return files, waiting, folders, office.messages.bounced()


def fill(office: PostOffice) -> None:
    office.receives(
        with_file(mail(EXECUTIVE, "uno", answers=office.ours(0))),
        with_file(mail(CLIENT, "dos", answers=office.ours(1)), PHOTO, "foto.jpg"),
        mail(CLIENT, "tres", answers=office.ours(2)),
        bounced(mail(SENDER, "cuatro", Message_ID=office.ours(2))),
    )


def once_whole(office: PostOffice) -> tuple[Callable[[], None], tuple[Any, ...]]:
    """What puts everything back to before a look, and what a whole look leaves."""
    fill(office)
    put_back = office.snapshot()
    office.look()
    expected = settled(office)
    files, waiting, _, bounces = expected
    assert [len(names) for names in files] == [0, 2, 0, 2, 0]
    assert waiting == [("tres", Reason.SIN_ADJUNTO)] and len(bounces) == 1
    return put_back, expected


@pytest.mark.sample(1)
@pytest.mark.parametrize("after", [False, True])
def test_the_connection_lost_at_every_step(office: PostOffice, after: bool) -> None:
    put_back, expected = once_whole(office)
    office.server.after = after
    losses = 0
    for cut in range(1, 60):
        put_back()
        office.server.commands.clear()
        office.server.cut = cut
        with suppress(MailboxError):
            office.look()
        office.server.cut = None
        if len(office.server.commands) < cut:
            break
        losses += 1
        office.look()
        assert settled(office) == expected, f"command {cut}"
    assert losses >= 12


class Died(BaseException):
    """The process is gone."""


@pytest.mark.sample(1)
@pytest.mark.parametrize("after", [False, True])
def test_a_death_between_any_two_steps(
    office: PostOffice, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_back, expected = once_whole(office)
    count, death = 0, 0

    def mortal(work: Callable[..., Any]) -> Callable[..., Any]:
        def done(*given: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count == death and not after:
                raise Died
            found = work(*given, **named)
            if count == death:
                raise Died
            return found

        return done

    for owner, steps in (
        (Messages, ("record", "wait", "attach", "put_away", "content")),
        (MailFolder, ("uids_after", "make_done_folder", "put_away")),
    ):
        for name in steps:
            monkeypatch.setattr(owner, name, mortal(getattr(owner, name)))
    monkeypatch.setattr("robots.inbox.decide.keep_evidence", mortal(keep_evidence))
    deaths = 0
    for death in range(1, 60):
        put_back()
        count = 0
        try:
            office.look()
        except Died:
            deaths += 1
        else:
            break
        office.look()
        assert settled(office) == expected, f"step {death}"
    assert deaths >= 15
