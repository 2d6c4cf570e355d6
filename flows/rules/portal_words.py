"""The portals' words that the rules know: what is shown as a state, and chosen in lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.rules.case import Canal, OrigenEvidencia
from flows.rules.decision import ACTIVA, OPERACIONES, SEGMENTOS
from flows.rules.line import OPERACIONES_POSTVENTA, REGULARIZACION
from flows.rules.scenarios import Escenario, request_types, subclase_of
from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT
from pages.contract.text import folded


def _keyed(kind: str, words: Iterable[str]) -> dict[str, str]:
    """Each by its kind and itself, ``operacion_alta``."""
    return {f"{kind}_{folded(word).replace(' ', '_')}": word for word in words}


def words_of(portal: str) -> Mapping[str, str]:
    """The portal's words by their keys in its map."""
    return {
        SISACT: _keyed("operacion", OPERACIONES),
        SIAC: _keyed("segmento", SEGMENTOS)
        | _keyed("linea", (ACTIVA,))
        | _keyed("postventa", OPERACIONES_POSTVENTA)
        | _keyed("operacion", (REGULARIZACION,))
        | _keyed("canal", Canal)
        | _keyed("ejecutivo", (OrigenEvidencia.CAE, OrigenEvidencia.DACE))
        | {f"subclase_{one.lower()}": subclase_of(one) for one in Escenario},
        NINTEX: {f"tipo_{one.lower()}": words for one, words in request_types().items()},
        REMEDY: {},
    }[portal]
