"""`cargofijo packet` from the front door: a case in each state, what is in it, and the key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from flows.rules.case import Decision, Estado, Fact, Motivo, Outcome
from flows.rules.scenarios import Escenario
from flows.store.approvals import Approval, Approvals
from flows.store.case_files import CaseFiles
from flows.store.database import connect
from flows.store.ledger import Ledger, StepRecord
from robots.packet.document import Signed, compose
from robots.packet.dossier import gather
from tests.support.mini_world import DNI, RUC, MiniWorld
from tests.support.mock import MockPortals
from tests.support.packets import read_zip, repacked
from tests.support.procedure import finish
from tests.support.report_samples import PNG, sample_case
from tests.support.robot import Done, Robot

KEYRING = "tests.support.file_keyring.FileKeyring"
NOW = datetime.now(UTC)


def keyed(robot: Robot) -> Robot:
    """With a keyring of its own."""
    robot.settings |= {
        "PYTHON_KEYRING_BACKEND": KEYRING,
        "TEST_KEYRING_FILE": str(robot.folder / "llavero.json"),
    }
    return robot


class Record:
    """A robot's database and folder with cases that ended, and no portal to go to."""

    def __init__(self, folder: Path) -> None:
        self.robot = keyed(Robot(MockPortals.__new__(MockPortals), folder))
        self.robot.mock.base = 1  # nobody is asked
        self.var = folder / "var"
        self.var.mkdir(parents=True)
        self.database = connect(f"sqlite:///{self.var / 'cargofijo.sqlite'}")
        self.ledger = Ledger(self.database)
        self.ledger.prepare()

    def case(self, index: int, outcome: dict[str, object], *, dry_run: bool = False) -> str:
        case = sample_case(index)
        reference = case.reference
        self.ledger.begin_attempts([(reference, 1, case)], requested_by="ana", dry_run=dry_run)
        if outcome:
            self.ledger.start_attempt(reference, 1)
            told = Outcome.model_validate({"reference": reference, **outcome})
            self.ledger.end_attempt(reference, 1, told)
        return reference

    def folder(self, reference: str) -> Path:
        path = self.var / "evidence" / reference
        path.mkdir(parents=True, exist_ok=True)
        return path

    def packet(self, reference: str, code: int = 0) -> tuple[Path, Done]:
        path = self.robot.folder / "caso.zip"
        done = self.robot.call("packet", reference, "--out", str(path))
        assert done.code == code, done.err
        return path, done

    def verify(self, path: Path, *arguments: str) -> Done:
        return self.robot.call("packet", "verify", str(path), *arguments)

    def page(self, reference: str) -> str:
        dossier = finish(gather(self.ledger, reference, self.var / "evidence"))
        assert dossier is not None
        return compose(dossier, Signed("1", NOW, "0000"), "http://x/")[0]


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = Record(tmp_path / "robot")
    yield made
    made.database.dispose()


DECIDED = Decision(
    escenario=Escenario.VENTAS_CON_OFERTA,
    lineas=("987000001",),
    cargo=Decimal("39.90"),
    importe_mensual=Decimal("20.00"),
    reasons=("La oferta <vigente> respalda el cargo.",),
    facts=(Fact(name="Cargo de lista", value="S/ 59.90", source="SISACT, Datos"),),
)
REFUSED = Decision(estado=Estado.NO_PROCEDE, motivo=Motivo.SEC_NO_EXISTE, reasons=("No existe.",))
ENDINGS: dict[Estado | None, dict[str, object]] = {
    Estado.ATENDIDO: {"decision": DECIDED, "siac_case": "7", "request_number": "418"},
    Estado.PENDIENTE_DE_EVIDENCIA: {"motivo": Motivo.FALTA_EVIDENCIA, "siac_case": "7"},
    Estado.PENDIENTE_DE_APROBACION: {"decision": DECIDED, "siac_case": "7"},
    Estado.NO_PROCEDE: {"motivo": Motivo.SEC_NO_EXISTE, "decision": REFUSED},
    Estado.REQUIERE_ASESOR: {"motivo": Motivo.RESULTADO_INCIERTO, "decision": DECIDED},
    Estado.FALLA_TECNICA: {"motivo": Motivo.PORTAL_NO_DISPONIBLE},
    Estado.NO_INICIADO: {"motivo": Motivo.DETENIDO},
    Estado.SIMULADO: {"decision": DECIDED},
    None: {},
}


@pytest.mark.browser
@pytest.mark.sample(2)
@pytest.mark.parametrize("estado", ENDINGS, ids=lambda estado: estado.name if estado else "open")
def test_one_for_each_state(record: Record, estado: Estado | None) -> None:
    given = {"estado": estado, **ENDINGS[estado]} if estado else {}
    reference = record.case(0, given, dry_run=estado is Estado.SIMULADO)
    path, _ = record.packet(reference)
    assert read_zip(path)["expediente.pdf"].startswith(b"%PDF-")
    assert record.verify(path).code == 0
    assert (estado.value if estado else "En cola") in record.page(reference)


def test_the_page_tells_decision_facts_and_who_approved(record: Record) -> None:
    outcome = {"estado": Estado.ATENDIDO, **ENDINGS[Estado.ATENDIDO]}
    reference = record.case(0, outcome)
    approvals = Approvals(record.database)
    approvals.ask(
        Approval(
            reference=reference,
            digest="0",
            request={"escenario": "VENTAS_CON_OFERTA"},
            requested_by="ana",
            requested=NOW,
        )
    )
    approvals.answer(reference, "approved", "supervisora", "Consta la oferta")
    started = NOW - timedelta(seconds=9)
    record.ledger.record_step(
        StepRecord(
            reference=reference,
            attempt=1,
            number=1,
            name="consult_sec",
            started=started,
            seconds=1.2,
            note="",
        )
    )
    page = record.page(reference)
    for told in (
        "418, en NINTEX operador",
        "Cargo de lista",
        "SISACT, Datos",
        "La oferta &lt;vigente&gt; respalda",
        "supervisora",
        "Consta la oferta",
        "Consulta de SEC en SISACT",
        "S/ 20.00 menos al mes",
    ):
        assert told in page


def test_the_steps_of_a_simulation_are_told_as_such(record: Record) -> None:
    reference = record.case(0, {"estado": Estado.SIMULADO, "decision": DECIDED}, dry_run=True)
    record.ledger.record_step(
        StepRecord(
            reference=reference,
            attempt=1,
            number=1,
            name="file_request",
            started=NOW,
            seconds=0,
            note="",
        )
    )
    assert "<td>1 (simulación)</td>" in record.page(reference)


def test_a_file_of_before_is_marked_and_one_that_changed_is_told(record: Record) -> None:
    reference = record.case(0, {"estado": Estado.NO_PROCEDE, **ENDINGS[Estado.NO_PROCEDE]})
    folder = record.folder(reference)
    (folder / "descripcion.png").write_bytes(PNG)
    CaseFiles(record.database).write(reference, folder, "registros/x-enviado.json", b"{}")
    page = record.page(reference)
    assert page.count("suma tomada al empaquetar") == page.count("suma tomada al crearse") == 1
    (folder / "registros" / "x-enviado.json").write_bytes(b"{ }")
    assert "no es el que era" in record.page(reference)
    (folder / "registros" / "x-enviado.json").unlink()
    assert ">falta<" in record.page(reference)


@pytest.mark.browser
def test_a_file_that_changed_ends_in_1_and_verify_names_it(record: Record) -> None:
    reference = record.case(0, {"estado": Estado.NO_PROCEDE, **ENDINGS[Estado.NO_PROCEDE]})
    folder = record.folder(reference)
    CaseFiles(record.database).write(reference, folder, "linea-1.png", PNG)
    (folder / "linea-1.png").write_bytes(PNG + b" ")
    path, done = record.packet(reference, code=1)
    assert "linea-1.png" in done.err
    checked = record.verify(path)
    assert checked.code == 1 and "Alterado: archivos/linea-1.png" in checked.out


@pytest.mark.browser
def test_the_key_is_made_once_and_tells_the_robot_from_others(record: Record) -> None:
    public = record.robot.folder / "robot.pub"
    first = record.robot.call("packet", "key")
    public.write_text(first.out)
    assert first.code == 0 and first.out == record.robot.call("packet", "key").out
    kept = json.loads((record.robot.folder / "llavero.json").read_text())
    assert kept.keys() == {"cargofijo/packet"} and kept["cargofijo/packet"] not in first.out

    path, _ = record.packet(record.case(0, {"estado": Estado.NO_INICIADO}))
    assert record.verify(path, "--key", str(public)).code == 0
    assert "firmante no comprobado" in record.verify(path).out

    record.robot.settings["CARGOFIJO_PACKET__KEY"] = "ab" * 32
    public.write_text(record.robot.call("packet", "key").out)
    other = record.verify(path, "--key", str(public))
    assert other.code == 1 and "otro firmante" in other.out


@pytest.mark.process
def test_what_cannot_be_done_is_one_sentence(record: Record) -> None:
    def sentence(*arguments: str, code: int) -> str:
        done = record.robot.call("packet", *arguments)
        assert done.code == code, done.err
        (line,) = done.err.strip().splitlines()
        return line

    reference = record.case(0, {})
    archive = repacked(record.robot.folder / "otro.zip", {"a.txt": b"a"})
    assert "CF-1" in sentence("CF-1", "--out", "caso.zip", code=2)
    assert "--out" in sentence(reference, code=2)
    assert "no es un paquete" in sentence("verify", str(archive), code=2)
    assert "nada.zip" in sentence("verify", "nada.zip", code=2)
    assert "nada.pub" in sentence("verify", str(archive), "--key", "nada.pub", code=2)
    record.robot.settings["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    assert "CARGOFIJO_PACKET__KEY" in sentence("key", code=3)
    (record.robot.folder / "cargofijo.toml").write_text("[packet]\nkey = 'clave'\n")
    assert "packet.key" in sentence("key", code=2)
    (record.robot.folder / "cargofijo.toml").unlink()
    record.robot.settings["CARGOFIJO_PACKET__KEY"] = "ab" * 32
    record.robot.settings["CARGOFIJO_BROWSER__EXECUTABLE"] = "/no/such/browser"
    assert "Navegador" in sentence(reference, "--out", "caso.zip", code=3)
    assert not (record.robot.folder / "caso.zip").exists()


def test_a_case_of_this_night(mock: MockPortals, tmp_path: Path) -> None:
    """What was typed, what the portals keep of it, the e-mail and the pictures, each with the sum
    that it had when it was made."""
    mini = MiniWorld()
    mini.misaligned()
    mock.reset(mini.world)
    robot = keyed(Robot(mock, tmp_path / "robot"))
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    row = done.rows["1"]
    assert row["Estado"] == Estado.ATENDIDO
    path = tmp_path / "caso.zip"
    made = robot.call("packet", row["Referencia"], "--out", str(path))
    assert made.code == 0, made.err
    assert robot.call("packet", "verify", str(path)).code == 0

    held = read_zip(path)
    sums = {one["nombre"]: one["suma"] for one in json.loads(held["manifiesto.json"])["archivos"]}
    assert set(sums.values()) == {"suma tomada al crearse"}
    sent = json.loads(held["archivos/registros/file_request-enviado.json"])
    assert sent["portal"] == "Remedy" and sent["campos"]["N° SEC"] == "46000001"
    kept = json.loads(held["archivos/registros/file_request-guardado.json"])
    assert kept["campos"]["numero"] == row["N° solicitud"]
    closed = json.loads(held["archivos/registros/siac-guardado.json"])["campos"]
    assert closed["estado"] == "Cerrado" and any("respuesta]" in note for note in closed["notas"])
    assert b"ha sido atendida" in held["archivos/correos/respuesta.eml"]
    assert {"archivos/descripcion.png", "archivos/linea-1.png"} <= held.keys()

    # Nothing of the case is told where others read.
    logs = "\n".join(p.read_text() for p in (robot.folder / "var" / "logs").iterdir())
    for canary in (DNI, RUC, "Rosa Quispe", "987000001"):
        assert canary not in logs + made.out + made.err
