"""A list of one case a kind, and what the portals and the mailbox must hold after it: read from
their own state alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.mini_world import RUC, MiniWorld
from tests.support.mock import requests_of

#: one for each system, one whose case an advisor has registered, and one that waits for evidence
KINDS = ("configuration", "misaligned", "offered", "waiting", "evidence")
UNKNOWN = "No se sabe si el correo salió"


@dataclass(frozen=True)
class Due:
    """What one row of the list asks for. ``system`` is None where evidence is awaited."""

    sec: str
    line: str
    scenario: str
    system: str | None


@dataclass
class Finding:
    """``wrong`` has a sentence for each disagreement; ``told`` counts the e-mails of which the
    case's notes say that nobody knows whether they left."""

    wrong: list[str] = field(default_factory=list)
    told: int = 0


def the_list(folder: Path, kinds: Sequence[str] = KINDS) -> tuple[MiniWorld, list[Due]]:
    """A case of each kind."""
    mini = MiniWorld()
    dues = []

    def due(serial: int, scenario: str, system: str | None) -> dict[str, Any]:
        row = mini.rows[serial - 1]
        dues.append(Due(row["sec"], row["lineas"], scenario, system))
        return row

    for kind in kinds:
        match kind:
            case "configuration":
                due(mini.configuration(), "ACTIVACIONES_CONFIGURACION", "NINTEX Activaciones")
            case "misaligned":
                due(mini.misaligned(), "ACTIVACIONES_DESALINEACION", "Remedy")
            case "offered":
                offered = mini.with_evidence(folder, aprobado_por="Carmen Salas")
                due(offered, "VENTAS_CON_OFERTA", "NINTEX operador")
            case "waiting":
                row = due(mini.configuration(), "ACTIVACIONES_CONFIGURACION", "NINTEX Activaciones")
                registered = {
                    "number": f"7000{row['id']:>04}",
                    "sec": row["sec"],
                    "ruc": RUC,
                    "lines": [row["lineas"]],
                    "created": "2026-11-18",
                }
                mini.world.setdefault("siac", {"cases": []})["cases"].append(registered)
            case "evidence":
                due(mini.sale(), "", None)
    return mini, dues


def compare(dues: list[Due], state: Any, *, alone: bool = True) -> Finding:
    """``alone``: nothing but these cases was in the world, so no other request may be."""
    finding = Finding()
    requests = requests_of(state)
    wanted = {due.sec for due in dues}
    for system, records in requests.items() if alone else ():
        strangers = [record for record in records if record["sec"] not in wanted]
        finding.wrong += [f"{system}: a request that nobody asked for"] * len(strangers)
    for due in dues:
        _compare_case(due, requests, state, finding)
    return finding


def _compare_case(due: Due, requests: dict[str, list[Any]], state: Any, finding: Finding) -> None:
    def wrong(sentence: str) -> None:
        finding.wrong.append(f"SEC {due.sec}: {sentence}")

    cases = [case for case in state["siac"]["cases"] if case["sec"] == due.sec]
    if len(cases) != 1:
        wrong(f"{len(cases)} SIAC cases")
        return
    (case,) = cases
    if case["status"] != ("Cerrado" if due.system else "Registrado"):
        wrong(f"SIAC case is {case['status']}")
    if (case["ruc"], case["lines"]) != (RUC, [due.line]):
        wrong("SIAC case is for other lines")
    for system, records in requests.items():
        found = [record for record in records if record["sec"] == due.sec]
        if len(found) != (system == due.system):
            wrong(f"{len(found)} requests in {system}")
        for record in found:
            _compare_request(due, case, record, wrong)
    _compare_mails(due, case, state, finding, wrong)


def _compare_mails(due: Due, case: Any, state: Any, finding: Finding, wrong: Any) -> None:
    """Each once at most, to whom it is for; fewer only where a note says that nobody knows."""
    mails = [mail for mail in state["mail"] if case["number"] in mail["text"]]
    notes = [str(entry) for entry in case["history"]]
    unknown = sum(UNKNOWN in note for note in notes)
    kinds = ("respuesta",) if due.system else ("evidencia-ejecutivo", "evidencia-cliente")
    for kind in kinds:
        times = sum(f" {kind}]" in note for note in notes)
        if times != 1:
            wrong(f"{times} notes of the e-mail {kind}")
    if len({tuple(mail["to"]) for mail in mails}) != len(mails):
        wrong("an e-mail was sent twice")
    if not len(kinds) - unknown <= len(mails) <= len(kinds):
        wrong(f"{len(mails)} e-mails of {len(kinds)}, {unknown} told as unknown")
    finding.told += unknown


def _compare_request(due: Due, case: Any, record: Any, wrong: Any) -> None:
    held = {
        "reference": record["reference"] == case["reference"] != "",
        "siac_case": record["siac_case"] == case["number"],
        "scenario": record["scenario"] == due.scenario,
        "ruc": record["ruc"] == RUC,
        "lines": record["lines"] == [due.line],
        "charge": record["charge"] == "39.90",
        "attachments": bool(record["attachments"]),
        "resolution": record.get("number", record.get("id")) in case["resolution"],
    }
    for name, right in held.items():
        if not right:
            wrong(f"the request's {name}")
