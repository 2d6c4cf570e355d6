"""The portals' words that the rules know: what is shown as a state, and chosen in lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.rules.case import Canal, OrigenEvidencia
from flows.rules.line import OPERACIONES_POSTVENTA, REGULARIZACION
from flows.rules.scenarios import Escenario, request_types, subclase_of
from flows.rules.typed_text import fold, tidy
from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT
from pages.contract.text import folded

REGISTRADO, EN_ATENCION, CERRADO = "Registrado", "En atención", "Cerrado"


def _keyed(kind: str, words: Iterable[str]) -> dict[str, str]:
    """Each by its kind and itself, ``operacion_alta``."""
    return {f"{kind}_{folded(word).replace(' ', '_')}": word for word in words}


@dataclass(frozen=True)
class Compared:
    """Words that what a portal shows is compared with, by their keys in its map; ``others`` are
    known to be none of them, however the portal calls these."""

    portal: str
    words: Mapping[str, str]
    others: tuple[str, ...] = ()

    def has(self, shown: str) -> bool:
        return fold(shown) in map(fold, self.words.values())

    def if_reworded(self, shown: str) -> str:
        """The clause that says what to do where the portal only calls one of them otherwise; empty
        where it does not."""
        if not tidy(shown) or self.has(shown) or fold(shown) in map(fold, self.others):
            return ""
        named = [f"{word} (words.{key})" for key, word in self.words.items()]
        these = " o ".join(filter(None, (", ".join(named[:-1]), named[-1])))
        return (
            f"si «{tidy(shown)}» es solo otra palabra de {self.portal} para {these}, anótela en su "
            "mapa"
        )


OPERACIONES = Compared(
    SISACT, _keyed("operacion", ("Alta", "Portabilidad", "Renovación")), OPERACIONES_POSTVENTA
)
SEGMENTOS = Compared(SIAC, _keyed("segmento", ("Corporativo", "Negocios")), ("Masivo",))
ACTIVA = Compared(SIAC, _keyed("linea", ("Activa",)), ("Suspendida", "Baja"))
#: a case that waits to be attended to, or that somebody attends to
EN_COLA = Compared(SIAC, {"registrado": REGISTRADO, "en_atencion": EN_ATENCION}, (CERRADO,))


def words_of(portal: str) -> Mapping[str, str]:
    """The portal's words by their keys in its map."""
    return {
        SISACT: OPERACIONES.words,
        SIAC: {**SEGMENTOS.words, **ACTIVA.words}
        | _keyed("postventa", OPERACIONES_POSTVENTA)
        | _keyed("operacion", (REGULARIZACION,))
        | _keyed("canal", Canal)
        | _keyed("ejecutivo", (OrigenEvidencia.CAE, OrigenEvidencia.DACE))
        | {f"subclase_{one.lower()}": subclase_of(one) for one in Escenario},
        NINTEX: {f"tipo_{one.lower()}": words for one, words in request_types().items()},
        REMEDY: {},
    }[portal]
