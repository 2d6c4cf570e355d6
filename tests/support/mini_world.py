"""A small world with its list: a few sales, each built to go one way through the procedure."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from typer.main import get_group

from robots.cli.app import app
from tests.demo.world import demo_ruc
from tests.support.lists import make_list

TODAY = "2026-11-20"
RUC = demo_ruc(901)
DNI = "07654321"
PLAN = "Max Empresas 59.90"


class MiniWorld:
    """Sales by a serial from 1; row ``n`` has SEC ``4600000n`` and line ``9870000nn``."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.world: dict[str, Any] = {
            "today": TODAY,
            "customers": [
                {
                    "ruc": RUC,
                    "business_name": "Textiles Andahuasi S.A.C.",
                    "segment": "Corporativo",
                    "portfolio": True,
                    "executive": {
                        "name": "Carmen Salas Rivas",
                        "channel": "CAE",
                        "email": "csalas@claro.example",
                    },
                    "contacts": [
                        {"dni": DNI, "name": "Rosa Quispe Mamani", "email": "rosa@textiles.example"}
                    ],
                }
            ],
            "secs": [],
            "lines": [],
        }

    def sale(self, *, description: str = "", **row: Any) -> int:
        """A sale whose one line is billed the list charge; its row asks for S/ 39.90."""
        serial = len(self.rows) + 1
        number, line = f"46{serial:06}", f"987{serial:06}"
        self.world["secs"].append(
            {
                "number": number,
                "ruc": RUC,
                "operation": "Alta",
                "date": "2026-08-10",
                "status": "Aprobada",
                "plan": PLAN,
                "list_charge": "59.90",
                "campaign": "Empresas 2026",
                "description": description,
                "lines": [line],
            }
        )
        self.world["lines"].append(
            {
                "number": line,
                "ruc": RUC,
                "plan": PLAN,
                "charge": "59.90",
                "status": "Activa",
                "history": [{"date": "2026-08-10", "kind": "Alta", "detail": "Venta"}],
                "invoices": [
                    {"period": "2026-09", "charge": "59.90"},
                    {"period": "2026-10", "charge": "59.90"},
                ],
            }
        )
        self.rows.append(
            {
                "id": f"{serial}",
                "fecha_solicitud": "18/11/2026",
                "canal": "Correo",
                "sec": number,
                "ruc": RUC,
                "lineas": line,
                "cargo_fijo_ofrecido": "39.90",
                "contacto": "Rosa Quispe Mamani",
                "contacto_dni": DNI,
                "contacto_correo": "rosa@textiles.example",
                **row,
            }
        )
        return serial

    def line(self, serial: int) -> dict[str, Any]:
        """The one that the sale began with."""
        number = self.world["secs"][serial - 1]["lines"][0]
        found: dict[str, Any] = next(o for o in self.world["lines"] if o["number"] == number)
        return found

    def happened(self, serial: int, date: str, kind: str) -> None:
        """An event of the line's history."""
        self.line(serial)["history"].append({"date": date, "kind": kind, "detail": ""})

    def with_lines(self, serial: int, count: int) -> None:
        """Let the sale be of so many lines, all as its one is; a thousand at most."""
        row, sec, line = self.rows[serial - 1], self.world["secs"][serial - 1], self.line(serial)
        for n in range(1, count):
            more = copy.deepcopy(line) | {"number": f"9{serial:05}{n:03}"}
            self.world["lines"].append(more)
            sec["lines"].append(more["number"])
        row["lineas"] = ", ".join(sec["lines"])

    # the scenarios that a row may be built for

    def configuration(self, **row: Any) -> int:
        return self.sale(description="CF especial S/ 39.90 (antes S/ 59.90)", **row)

    def misaligned(self, **row: Any) -> int:
        serial = self.sale(description="CF especial S/ 39.90", **row)
        self.happened(serial, "2026-09-05", "Regularización de cargo fijo")
        return serial

    def with_evidence(self, folder: Path, **row: Any) -> int:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "oferta.eml").write_bytes(
            b"From: a@b.example\r\nSubject: Oferta\r\n\r\nS/ 39.90\r\n"
        )
        return self.sale(evidencia="oferta.eml", origen_evidencia="CAE", **row)

    def held_of(self, serial: int) -> dict[str, Any]:
        """Whose a record about this sale is, in the shape of ``/state``."""
        row = self.rows[serial - 1]
        return {"sec": row["sec"], "ruc": RUC, "lines": [row["lineas"]]}

    def list_at(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        return make_list(path, *self.rows)

    def case_at(self, serial: int) -> list[str]:
        """The row as the options of `case`."""
        given = self.rows[serial - 1]
        return [
            text
            for param in get_group(app).commands["case"].params
            if param.name in given
            for text in (param.opts[0], str(given[param.name]))
        ]
