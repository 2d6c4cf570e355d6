"""The offer's free text (SISACT, *Descripción*) to one charge, or to none. Pure.

The text is read as "The offer's text" of the procedure asks: every charge that it can mean is
worked out, and only when all of them are the same céntimo is there a reading. A figure whose role
is not said, or that could be two things, makes the text illegible: a person reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from flows.rules.case import Model
from flows.rules.offer_words import Kind, Token, cut
from flows.rules.peru import format_money, round_cents
from flows.rules.typed_text import fold


class OfferReading(Model):
    """What was read; ``charge`` is None where the text is illegible.

    ``explanation`` is a Spanish sentence that says what was read, or why nothing was.
    """

    charge: Decimal | None = None
    explanation: str

    @property
    def legible(self) -> bool:
        return self.charge is not None


class _Illegible(Exception):
    """Carries the sentence that says why."""


# What makes the whole text mean more, or less, than its figures say.
_DOUBTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<![a-z0-9])(?:{pattern})", re.ASCII), why)
    for pattern, why in (
        (
            r"(?:\+|mas|sin|no (?:inc\w*|considera)\.?(?: el)?) ?(?:18 ?% )?(?:de )?"
            r"(?:igv|impuesto)",
            "el importe no incluye el IGV y no se sabe el cargo final",
        ),
        (r"[0-9a-z.,]*\$|usd\b|dolar|euro|€", "el importe está en otra moneda"),
        (
            r"no (?!acumulable|incluye|[0-9])[a-z]+|anulad|rechazad|denegad|desestimad|no vigente",
            "el texto niega o retira la oferta",
        ),
        (
            r"pendiente|por (?:confirmar|aprobar|evaluar)|sujeto a|en evaluacion|[0-9a-z]*\?",
            "la oferta está por confirmarse",
        ),
        (
            r"[0-9.,]* ?(?:\+|mas) ?(?:s/|pen |[0-9.,]+ ?(?:%|soles))",
            "suma más de un importe o descuento",
        ),
        (r"competencia|entel\b|movistar\b|bitel\b", "el texto habla de otro operador"),
        (
            r"(?:mes(?:es)?|cargo fijo|cf|mensualidad|renta|recibos?|facturas?|lineas?)"
            r"(?: [a-z]+)? (?:gratis|gratuit\w+|sin costo|bonificad\w+|exonerad\w+)"
            r"|mitad de|[0-9]x[0-9]",
            "ofrece algo gratis o a mitad de precio, que no es un cargo único",
        ),
        (
            r"(?:segunda|tercera|2da\.?|3ra\.?|otra) linea|lineas? adicional",
            "la oferta es solo para algunas líneas",
        ),
    )
)

_ROLES = (Kind.CHARGE, Kind.RESULT, Kind.DISCOUNT, Kind.PREVIOUS)
_STOPS = (Kind.BREAK, Kind.OPEN)
_OF = ("de", "del")
_ON = ("sobre", "en", "al", "a", "de", "del")
_ARTICLES = ("el", "la", "un", "su", "los", "las")
_SINCE_UNTIL = ("desde", "hasta", "entre")  # behind a figure, or before a date, they tell when
_FILLERS = (*_OF, "como", "por", "al", "mes", "x", "mensual", "mensuales", "linea", "cada")


def read_offer(text: str, list_charge: Decimal, plan: str = "") -> OfferReading:
    """The one charge, in soles to the céntimo, that ``text`` can mean for a line of that list
    charge. Where the text names ``plan``, the figures of that name are not the offer's."""
    folded = fold(re.sub(r"[\r\n]+", " ; ", text))
    if name := fold(plan):
        folded = re.sub(rf"(?<!\w){re.escape(name)}(?![\w%]|[.,][0-9])", "plan", folded)
    try:
        return _read(folded, list_charge)
    except _Illegible as why:
        return OfferReading(
            explanation=f"No se puede leer un único cargo fijo en Descripción: {why}."
        )


def _read(folded: str, list_charge: Decimal) -> OfferReading:
    for pattern, why in _DOUBTS:
        if pattern.search(folded):
            raise _Illegible(why)
    readings = list(_Text(cut(folded), list_charge).readings())
    charges = sorted({charge for charge, _ in readings})
    if not charges:
        raise _Illegible("no dice ningún cargo ni descuento")
    if len(charges) > 1:
        raise _Illegible(f"caben cargos distintos ({', '.join(map(format_money, charges))})")
    if charges[0] <= 0:
        raise _Illegible("el descuento deja el cargo en cero o menos")
    told = "; ".join(dict.fromkeys(told for _, told in readings))
    return OfferReading(charge=charges[0], explanation=f"Descripción indica {told}.")


def _tells_when(tokens: Sequence[Token]) -> bool:
    """``hasta el 31/12/2026``: words that belong to a number that is no price."""
    words = [t for t in tokens[:3] if t.text not in _ARTICLES]
    return len(words) > 1 and words[0].text in (*_SINCE_UNTIL, *_ON) and words[1].kind is Kind.NOISE


class _Text:
    """The tokens of one text, read from left to right, figure by figure."""

    def __init__(self, tokens: Sequence[Token], list_charge: Decimal) -> None:
        self._tokens = tokens
        self._list_charge = list_charge
        self._start = 0  # where the words that may speak of the next figure begin

    def readings(self) -> Iterator[tuple[Decimal, str]]:
        """Every charge that some figure can mean, with the words that tell it."""
        for at, token in enumerate(self._tokens):
            if not token.is_figure:
                continue
            if token.kind is Kind.STRANGE:
                raise _Illegible(f"«{token.text}» no es un importe que se lea sin duda")
            read = self._percent if token.kind is Kind.PERCENT else self._amount
            for role in read(at, token):
                yield from self._charge(token, role)
            self._start = max(self._start, at + 1)

    def _charge(self, token: Token, role: Kind) -> Iterator[tuple[Decimal, str]]:
        if role is Kind.PREVIOUS:
            return
        listed = f"el cargo de lista {format_money(self._list_charge)}"
        if token.kind is Kind.PERCENT:
            if token.value > 100:
                raise _Illegible("el porcentaje es mayor que 100")
            charge = round_cents(self._list_charge * (100 - token.value) / 100)
            told = f"un descuento de {token.value} % sobre {listed}: {format_money(charge)}"
        elif role is Kind.DISCOUNT:
            charge = round_cents(self._list_charge - token.value)
            told = f"un descuento de {format_money(token.value)} sobre {listed}: "
            told += format_money(charge)
        else:
            charge = token.value
            told = f"un cargo fijo de {format_money(charge)}"
        yield charge, told

    def _percent(self, at: int, token: Token) -> tuple[Kind, ...]:
        before, after = self._before(at), self._after(at)
        kinds = [t.kind for t in before]
        following, end = self._role_after(at)
        if Kind.BOUND in kinds or any(
            t.kind is Kind.BOUND and t.text not in _SINCE_UNTIL for t in after[:2]
        ):
            raise _Illegible(f"no se sabe si aplica justo el {token.value} %")
        if Kind.OTHER in kinds or self._speaks_of_other(after):
            raise _Illegible(f"el {token.value} % es de otra cosa que el cargo fijo")
        if following is Kind.DISCOUNT:
            self._start = end
            return (Kind.DISCOUNT,)
        if Kind.DISCOUNT in kinds and Kind.RESULT not in kinds[kinds.index(Kind.DISCOUNT) :]:
            return (Kind.DISCOUNT,)
        paid = Kind.RESULT in kinds or (before and before[-1].text in ("a", "al"))
        of_charge = following is Kind.CHARGE and after[0].text in _OF
        if paid or of_charge or Kind.PREVIOUS in kinds:
            raise _Illegible(f"el {token.value} % puede ser lo que se descuenta o lo que se paga")
        return (Kind.DISCOUNT,)

    def _amount(self, at: int, token: Token) -> tuple[Kind, ...]:
        before, after = self._before(at), self._after(at)
        figure = format_money(token.value) if token.kind is Kind.MONEY else token.text
        if any(t.kind is Kind.BOUND for t in before):
            raise _Illegible(f"no se sabe si aplica justo {figure}")
        if any(t.kind is Kind.SPAN for t in (*before, *after)):
            raise _Illegible(f"{figure} no es el cargo mensual de una línea")
        if any(t.kind is Kind.OTHER for t in before) or self._speaks_of_other(after):
            raise _Illegible(f"{figure} puede ser de otra cosa que el cargo fijo")
        roles = self._from_to(at) or self._roles(at, before, after)
        if not roles:
            raise _Illegible(f"no dice si {figure} es el cargo o el descuento")
        if Kind.DISCOUNT in roles and token.kind is Kind.NUMBER and "." not in token.text:
            raise _Illegible(f"no dice si {figure} es un porcentaje o un importe")
        return roles

    def _roles(self, at: int, before: list[Token], after: list[Token]) -> tuple[Kind, ...]:
        """What the figure can be: two roles where the words allow both, none where none is said."""
        roles = [t.kind for t in before if t.kind in _ROLES]
        following, end = self._role_after(at)
        tight = bool(after) and after[0].text in _OF
        if following is Kind.PREVIOUS and Kind.DISCOUNT not in roles:
            self._start = end
            return (Kind.PREVIOUS,)
        if not roles:
            if following is None:
                following, end = self._role_after(at, dash_ends=True)
            if following is None:
                return ()
            self._start = end
            return (following,)
        if roles[-1] is Kind.PREVIOUS and Kind.DISCOUNT not in roles:
            return (Kind.PREVIOUS,)
        if self._is_base(before):
            is_list = self._tokens[at].value == self._list_charge
            return (Kind.PREVIOUS,) if is_list else ()
        if Kind.RESULT in roles:
            roles = [Kind.CHARGE, *roles[len(roles) - roles[::-1].index(Kind.RESULT) :]]
        if Kind.PREVIOUS in roles:
            return (Kind.PREVIOUS,) if Kind.DISCOUNT not in roles else ()
        if following is Kind.DISCOUNT and Kind.DISCOUNT not in roles:
            self._start = end
            return (Kind.DISCOUNT,) if tight else (Kind.CHARGE, Kind.DISCOUNT)
        if Kind.CHARGE not in roles:
            if before[-1].text in ("a", "en"):
                return (Kind.CHARGE, Kind.DISCOUNT)
            headed = any(t.kind is Kind.COLON for t in self._clause(at))
            both = headed and following is Kind.CHARGE and after[0].text not in ("del", "al")
            return (Kind.CHARGE, Kind.DISCOUNT) if both else (Kind.DISCOUNT,)
        if Kind.DISCOUNT in roles:
            stated = before[-1].text == "de" and before[-2].kind is Kind.DISCOUNT
            return (Kind.DISCOUNT,) if stated else (Kind.CHARGE, Kind.DISCOUNT)
        return (Kind.CHARGE,)

    def _from_to(self, at: int) -> tuple[Kind, ...]:
        """``de S/ 59.90 a S/ 39.90``: the price before and the one that results."""
        for first, second in ((at, at + 2), (at - 2, at)):
            if first < 1 or second >= len(self._tokens):
                continue
            low, high = self._tokens[second], self._tokens[first]
            joined = self._tokens[first + 1].text in ("a", "a solo")
            if joined and low.is_figure and self._tokens[first - 1].text == "de":
                discount = any(t.kind is Kind.DISCOUNT for t in self._clause(first))
                clear = high.value == self._list_charge or not discount
                if low.value < high.value and clear and Kind.PERCENT not in (low.kind, high.kind):
                    return (Kind.PREVIOUS,) if first == at else (Kind.CHARGE,)
        return ()

    def _is_base(self, before: list[Token]) -> bool:
        """``25% sobre CF de S/ 59.90``: the charge that something is taken from."""
        named = [i for i, t in enumerate(before) if t.kind in (Kind.CHARGE, Kind.PREVIOUS)]
        if not named:
            return False
        words = [t for t in before[: named[0]] if t.text not in _ARTICLES]
        if not words or words[-1].text not in _ON:
            return False
        follows_figure = self._start > 0 and before[0] is self._tokens[self._start]
        from_discount = len(words) > 1 and words[-2].kind is Kind.DISCOUNT
        is_list = before[named[0]].kind is Kind.PREVIOUS
        return words[-1].text == "sobre" or follows_figure or (from_discount and is_list)

    def _clause(self, at: int) -> list[Token]:
        """The tokens before ``at`` that may speak of it."""
        first = at
        while first > self._start and self._tokens[first - 1].kind not in _STOPS:
            first -= 1
        return list(self._tokens[first:at])

    def _before(self, at: int) -> list[Token]:
        """Its clause, after a heading (``Descuento: cargo fijo …``), without noise."""
        clause = self._clause(at)
        for cut_at in range(len(clause) - 1, -1, -1):
            said = any(t.kind in _ROLES for t in clause[cut_at + 1 :])
            if clause[cut_at].kind is Kind.COLON and said:
                clause = clause[cut_at + 1 :]
                break
        return [
            token
            for index, token in enumerate(clause)
            if token.kind not in (Kind.NOISE, Kind.COLON) and not _tells_when(clause[index:])
        ]

    def _after(self, at: int) -> list[Token]:
        """The tokens up to the next stop or figure."""
        rest: list[Token] = []
        for token in self._tokens[at + 1 :]:
            if token.kind in _STOPS or token.is_figure:
                break
            rest.append(token)
        return rest

    def _role_after(self, at: int, *, dash_ends: bool = False) -> tuple[Kind | None, int]:
        """The role said right behind a figure (``S/ 10 de descuento``) and where it ends; none
        where the words go on to another figure without a stop, for they speak of that one. With
        ``dash_ends`` a dash before that figure is a stop."""
        end = at + 1
        opened = end < len(self._tokens) and self._tokens[end].kind is Kind.OPEN
        end += opened
        of = end < len(self._tokens) and self._tokens[end].text in _OF
        while end < len(self._tokens) and self._tokens[end].text in _FILLERS:
            end += 1
        first, found = end, list[Kind]()
        while end < len(self._tokens) and self._tokens[end].kind in _ROLES:
            found.append(self._tokens[end].kind)
            end += 1
        if not found or found[0] is Kind.RESULT:
            return None, at + 1
        rest = self._after(end - 1)
        following = self._tokens[end + len(rest) : end + len(rest) + 1]
        goes_on = any(t.is_figure and not (dash_ends and t.dashed) for t in following)
        if Kind.PREVIOUS in found and not goes_on:
            return Kind.PREVIOUS, end
        percent = self._tokens[at].kind is Kind.PERCENT and found[0] is Kind.DISCOUNT
        next_has_one = Kind.PREVIOUS in found[1:] or any(t.kind in _ROLES for t in rest)
        its_own = of or percent or next_has_one  # "S/ 10 dscto antes S/ 59.90"
        if goes_on and (found[0] is Kind.PREVIOUS or not its_own):
            return None, at + 1
        return found[0], first + 1

    @staticmethod
    def _speaks_of_other(after: list[Token]) -> bool:
        words = [t for t in after if t.text not in _ARTICLES]
        return any(
            this.kind is Kind.OTHER and (at == 0 or words[at - 1].text in (*_ON, "para", "mas"))
            for at, this in enumerate(words)
        )
