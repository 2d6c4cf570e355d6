"""Two worlds of the same shape, each with its own people in every field that a portal shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.demo.world import demo_ruc


@dataclass(frozen=True)
class People:
    """All that is anybody's in a world; ``mark`` stands in each text, ``digit`` in each number."""

    mark: str
    digit: int

    @property
    def ruc(self) -> str:
        return demo_ruc(910 + self.digit)

    def number(self, length: int, first: str = "") -> str:
        return first + str(self.digit) * (length - len(first))

    @property
    def sec(self) -> str:
        return self.number(8)

    @property
    def line(self) -> str:
        return self.number(9, "9")

    @property
    def case(self) -> str:
        return self.number(8, "7")

    @property
    def charge(self) -> str:
        # of six digits: the mock portals' class names are chance, and have any four somewhere
        return f"{self.digit}{self.digit}4{self.digit}.{self.digit}1"

    @property
    def texts(self) -> tuple[str, ...]:
        """What none but these people has."""
        return (
            *(self.mark, self.ruc, self.sec, self.line, self.case, self.charge),
            *(self.number(8, "4"), f"00{self.digit}{self.digit}aa"),
        )

    def world(self) -> dict[str, Any]:
        mark, day = self.mark, f"2026-0{self.digit}-1{self.digit}"
        mail = f"{mark}@{mark}.example".lower()
        reference = f"CF-{self.sec}-20260810-00{self.digit}{self.digit}aa"
        filed = {
            "reference": reference,
            "sec": self.sec,
            "ruc": self.ruc,
            "lines": [self.line],
            "created": day,
            "created_by": f"asesor {mark}",
        }
        request = {
            **filed,
            "siac_case": self.case,
            "scenario": "ACTIVACIONES_CONFIGURACION",
            "charge": self.charge,
            "attachments": [{"name": f"carta de {mark}.pdf", "sha256": "ab"}],
        }
        entry = {"date": f"1{self.digit}/09/2026", "user": mark, "text": f"Llamó {mark}"}
        return {
            "today": "2026-11-20",
            "customers": [
                {
                    "ruc": self.ruc,
                    "business_name": f"{mark} y Compañía S.A.C.",
                    "segment": "Corporativo",
                    "executive": {"name": f"Rosa {mark}", "channel": "CAE", "email": mail},
                    "contacts": [
                        {"dni": self.number(8, "4"), "name": f"José {mark} Díaz", "email": mail}
                    ],
                }
            ],
            "secs": [
                {
                    "number": self.sec,
                    "ruc": self.ruc,
                    "operation": "Alta",
                    "date": day,
                    "plan": f"Plan {mark} {self.charge}",
                    "list_charge": self.charge,
                    "campaign": f"Campaña de {mark}",
                    "description": f"Acordado con {mark}: S/ {self.charge}",
                    "lines": [self.line],
                }
            ],
            "lines": [
                {
                    "number": self.line,
                    "ruc": self.ruc,
                    "plan": f"Plan {mark} {self.charge}",
                    "charge": self.charge,
                    "history": [
                        {"date": day, "kind": "Cambio de plan", "detail": f"Pedido de {mark}"}
                    ],
                    "invoices": [{"period": f"2026-0{self.digit}", "charge": self.charge}],
                }
            ],
            "siac": {
                "cases": [
                    {
                        **filed,
                        "number": self.case,
                        "resolution": f"Resuelto con {mark}",
                        "fields": {
                            "Tipo": "Reclamo/Variaciones",
                            "Clase": "Cargo fijo",
                            "Canal de atención": "Correo",
                            "Contacto": f"José {mark} Díaz",
                            "DNI del contacto": self.number(8, "4"),
                            "Campaña": f"Campaña de {mark}",
                            "Cargo ofrecido": self.charge,
                            "Detalle": f"Pidió {mark} que llamen al {self.line}",
                        },
                        "history": [entry],
                    }
                ]
            },
            "nintex": {
                "activaciones": [{**request, "id": f"{self.digit}"}],
                "operador": [{**request, "id": f"{self.digit}"}],
            },
            "remedy": {
                "incidents": [
                    {
                        **request,
                        "number": f"INC{self.number(12)}",
                        "summary": f"Reclamo de {mark}",
                    }
                ]
            },
        }

    @property
    def options(self) -> list[str]:
        """What the pages of a record are opened with."""
        return [
            *("--sec", self.sec, "--ruc", self.ruc),
            *("--linea", self.line, "--caso", self.case),
        ]


def found_in(content: bytes, people: People) -> Iterator[str]:
    """What of theirs stands there, however it is written; numbers with their separators, too."""
    text = content.decode("utf-8", "replace").lower()
    bare = re.sub(r"(?<=\d)[ ,.-](?=\d)", "", text)
    for one in people.texts:
        if one.lower() in text or re.sub("[.]", "", one).lower() in bare:
            yield one
