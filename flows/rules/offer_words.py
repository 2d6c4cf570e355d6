"""The words of an offer's text: what *Descripción* is cut into before it is read.

Everything here works on folded text (small letters, no accents). Numbers that are no price (dates,
months, approval numbers, gigabytes) are recognised first, so that what is left must be explained.
Pure: standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from flows.rules.peru import AMOUNT, to_amount


class Kind(Enum):
    """What a piece of the text is."""

    NOISE = auto()  # a number that is no price
    MONEY = auto()  # an amount that says it is soles
    NUMBER = auto()  # an amount that does not
    PERCENT = auto()
    STRANGE = auto()  # a number that nobody can read for sure: "1.039,90"
    CHARGE = auto()
    RESULT = auto()  # what the charge becomes: "queda en", "ahora"
    DISCOUNT = auto()
    PREVIOUS = auto()  # the price before, or of the list
    BOUND = auto()  # "hasta", "desde": the figure is not the one that applies
    SPAN = auto()  # "anual", "total": not of one line and month
    OTHER = auto()  # a price or a discount of something else
    COLON = auto()
    OPEN = auto()
    BREAK = auto()
    WORD = auto()


@dataclass(frozen=True)
class Token:
    kind: Kind
    text: str
    value: Decimal = Decimal(0)
    #: a dash stands before it: what it says may be something new
    dashed: bool = False

    @property
    def is_figure(self) -> bool:
        return self.kind in (Kind.MONEY, Kind.NUMBER, Kind.PERCENT, Kind.STRANGE)


MONTH = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|setiembre|septiembre|octubre|noviembre|"
    r"diciembre|ene|feb|mar|abr|may|jun|jul|ago|set|sep|oct|nov|dic)\b\.?"
)
DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
SPAN_UNIT = r"meses|anos?|dias?|semanas?|cuotas|facturas|recibos|ciclos|periodos|facturaciones"
UNIT = (
    r"gb|gigas?|g|mb|megas?|mbps|min|minutos?|sms|lineas?|equipos?|chips?|horas?|hrs?|h|unidades|"
    r"und|usuarios?|servicios?|numeros?"
)
PAPER = r"aprobacion(?:es)?|autorizacion|solicitud|ticket|caso|sec"
PAPER_SHORT = (
    r"aprob|correo|codigo|cod|folio|expediente|exp|memo(?:randum)?|resolucion|contrato|acuerdo|"
    r"pedido|orden|oc|ref(?:erencia)?|req(?:uerimiento)?|id|ruc|dni|telefono|telf|cel(?:ular)?|"
    r"anexo|incidente|acta|carta"
)
MARK = r"(?:n[°ºo]?|nro|num|numero|cod|codigo)\b[\s.:°º#]*|[°º#]\s*"
CODE = r"(?:[a-z]{1,5}[-_/]?)?[0-9]+(?:[-_/][a-z0-9]+)*"
SOLES = r"s\s?/\s?\.?|s\./|pen\b"
NUMBER = r"[0-9]+(?:[.,][0-9]+)*"

# Nothing is noise that goes on as a figure or says that it is money or a percentage.
NOT_MONEY = r"(?![0-9a-z]|[.,][0-9]|\s*(?:%|soles?\b|por ?ciento|(?:pen\b|s/)(?!\.?\s*[0-9])))"
FIRST = r"(?<![0-9])(?<![0-9][.,/-])"  # the number begins here; a word may touch it: "CF39.90"
START = rf"(?<![a-z]){FIRST}"

DISCOUNTS = (
    r"(?:(?:descuent|descont)[a-z]*|(?:descto|desct|desc|dscto|dsct|dcto|dsto|dto)s?(?![a-z])\.?)"
)
PRICE_NOW = (
    r"(?:especial|final|promocional|promo|(?:de )?oferta|ofertado|ofrecido|nuevo|preferencial|"
    r"negociado|pactado|con (?:el )?" + DISCOUNTS + r")"
)

_KINDS: tuple[tuple[Kind, str], ...] = (
    (Kind.NOISE, r"(?<![0-9a-z])(?:c/u\b|18\s*%\s*(?=(?:del?\s)?igv)|igv\s*\(?18\s*%\)?)"),
    # money and percentages that say so
    (Kind.MONEY, rf"(?<![a-z])(?:{SOLES})\s*(?P<soles>{NUMBER})"),
    (Kind.PERCENT, rf"(?P<percent>{NUMBER})\s*(?:%|por ?ciento\b)"),
    # numbers that are no price
    (
        Kind.NOISE,
        rf"{START}(?:[0-9]{{1,2}}\s*(?:al?|y|-|/)\s*)?[0-9]{{1,2}}\s*"
        rf"(?:(?:primer[oa]s|ultim[oa]s|siguientes)\s*)?(?:{SPAN_UNIT}|(?<=[0-9])m)\b",
    ),
    (Kind.NOISE, rf"{START}1\s*mes\b"),
    (
        Kind.NOISE,
        rf"(?<!al )(?<!por )(?<!x )(?<!cada )\bmes(?:es)?\s*[0-9]{{1,2}}"
        rf"(?:\s*(?:al?|y|-|hasta(?: el)?)\s*(?:mes\s*)?[0-9]{{1,2}})?{NOT_MONEY}",
    ),
    (
        Kind.NOISE,
        rf"{START}{DAY}(?P<sep>[/.-])(?:0?[1-9]|1[0-2])(?P=sep)(?:20)?[0-9]{{2}}"
        rf"{NOT_MONEY}",
    ),
    (Kind.NOISE, rf"{START}20[0-9]{{2}}-[01][0-9]-[0-3][0-9]{NOT_MONEY}"),
    (
        Kind.NOISE,
        rf"\b(?:el|al|del|hasta|desde|fecha|vence|dia)\s{DAY}/(?:0?[1-9]|1[0-2])"
        rf"(?!/){NOT_MONEY}",
    ),
    (
        Kind.NOISE,
        rf"{START}(?:{DAY}\s*(?:al?|y|-)\s*)?{DAY}\s*(?:de\s|-|/)?\s*{MONTH}"
        rf"(?:\s*(?:del?|-|/)?\s*20[0-9]{{2}}{NOT_MONEY})?",
    ),
    (Kind.NOISE, rf"\b{MONTH}\s*(?:del?\s|-|/)?\s*20[0-9]{{2}}{NOT_MONEY}"),
    (Kind.NOISE, rf"{START}[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?:\s?[ap]\.?m\b\.?)?"),
    (Kind.NOISE, rf"\b(?:{PAPER}|{PAPER_SHORT})\b[\s.:-]*(?:{MARK})\s*-?{CODE}{NOT_MONEY}"),
    (Kind.NOISE, rf"\b(?:{PAPER})\b[\s.:-]*{CODE}{NOT_MONEY}"),
    (Kind.NOISE, rf"\b(?:{PAPER_SHORT})\b[\s.:-]*(?=[a-z0-9/_-]*[0-9]{{3}}){CODE}{NOT_MONEY}"),
    (Kind.NOISE, rf"(?<![0-9a-z])(?:{MARK})\s*{CODE}{NOT_MONEY}"),
    (Kind.NOISE, rf"\b[a-z]{{2,}}(?:[-_][a-z0-9]+)*[-_][0-9]+(?:[-_][a-z0-9]+)*{NOT_MONEY}"),
    (Kind.SPAN, r"\b(?:por|x|entre)\s*(?:l[ao]s\s*)?[0-9]+\s*lineas"),
    (Kind.NOISE, rf"{START}[0-9]+(?:[.,][0-9]+)?\s*(?:{UNIT})\b"),
    (Kind.NOISE, rf"{START}[0-9]{{6,}}{NOT_MONEY}"),
    (Kind.NOISE, rf"{START}20[0-9]{{2}}{NOT_MONEY}"),
    (Kind.NOISE, r"(?:^|(?<=[ ;]))[0-9]\)"),
    # what says the role of a figure
    (Kind.PREVIOUS, rf"\bsin\s(?:el\s|ningun\s)?{DISCOUNTS}|\ben\s(?:lugar|vez)\sde\b"),
    (
        Kind.PREVIOUS,
        r"\b(?:precio\s)?(?:antes(?!\sdel?\b)|anterior(?:mente)?|(?:de\s)?lista|regular|normal|"
        r"tachad[oa]|habitual|original|catalogo)\b|\bprecio\sbase\b",
    ),
    (
        Kind.RESULT,
        r"\b(?:ahora|paga(?:ra|ria|r|ndo)?|qued(?:a|ara|aria|ando)(?:\sen)?|"
        r"dej(?:a|ar|ando)\sen|(?:re)?baj(?:a|ar|ado|ara)\sa|reducid[oa]\sa|"
        r"reduc(?:e|ir)\sa|a\ssolo)(?![a-z])",
    ),
    (
        Kind.CHARGE,
        r"\b(?:cargos?\s?fijos?|c\.\s?f\.?|c/f|cf|cargo|renta|mensualidad|tarifa|"
        rf"(?:cuota|pago)\smensual|precio\s{PRICE_NOW})(?![a-z])\.?",
    ),
    (
        Kind.DISCOUNT,
        rf"\b(?:{DISCOUNTS}|rebajas?|reduccion|bonificacion|ahorro|menos|off)(?![a-z])",
    ),
    (Kind.NOISE, rf"\b(?:hasta|desde)\s(?:el\s)?(?:(?:fin(?:es)?|mes)\sde\s)?{MONTH}"),
    (
        Kind.BOUND,
        r"\b(?:hasta|desde|entre|aprox|aproximad[a-z]*|maximo|minimo|tope|adicional(?:es)?|"
        r"aument[a-z]*|increment[a-z]*|recargo|extra|o)\b\.?",
    ),
    (
        Kind.SPAN,
        r"\b(?:total(?:es)?|anual(?:es)?|(?:al|por)\sano|(?:se|tri|bi)mestral|diari[oa]s?|"
        r"semanal|quincenal|unic[oa]|una\s(?:sola\s)?vez|acumulad[oa])\b",
    ),
    (
        Kind.OTHER,
        r"\b(?:equipos?|celular(?:es)?|chips?|penalidad|instalacion|activacion|inicial|"
        r"adelant[a-z]+|deposito|garantia|mora|seguro|roaming|bono|recargas?|paquetes?|"
        r"deuda|gb|gigas|megas|datos|minutos|sms|accesorios?)\b",
    ),
    # the rest
    (
        Kind.MONEY,
        rf"{FIRST}(?P<written>{NUMBER})\s*(?:nuevos\s)?(?:soles?\b|(?:pen\b|s/)(?!\.?\s*[0-9]))",
    ),
    (Kind.NUMBER, rf"{FIRST}(?P<bare>{NUMBER})(?![a-z])"),
    (Kind.STRANGE, NUMBER),
    (
        Kind.WORD,
        r"(?:esp|espec|prom|promo|mens|corp)\.(?!\w)|inc(?:l|luye)?\.?\s(?:el\s)?igv|[a-z]+",
    ),
    (Kind.COLON, r":"),
    (Kind.OPEN, r"[(\[]"),
    (Kind.BREAK, r"[.,;|/)\]]"),
)

_GROUPS = [f"(?P<k{number}>{pattern})" for number, (_, pattern) in enumerate(_KINDS)]
_LEXER = re.compile("|".join(_GROUPS), re.ASCII)
_AMOUNT = re.compile(AMOUNT)
_PERCENTAGE = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,2})?")


def cut(folded: str) -> list[Token]:
    """The text's tokens in order; characters that say nothing are left out."""
    return list(_tokens(folded))


def _tokens(folded: str) -> Iterator[Token]:
    end = 0
    for found in _LEXER.finditer(folded):
        dashed, end = " -" in folded[end : found.start()], found.end()
        kind = _KINDS[int((found.lastgroup or "").removeprefix("k"))][0]
        text = found.group()
        if kind is Kind.PERCENT:
            written = found["percent"]
            if _PERCENTAGE.fullmatch(written):
                yield Token(kind, text, Decimal(written.replace(",", ".")), dashed)
            else:
                yield Token(Kind.STRANGE, text)
        elif kind in (Kind.MONEY, Kind.NUMBER):
            written = found["soles"] or found["written"] or found["bare"]
            if _AMOUNT.fullmatch(written):
                yield Token(kind, text, to_amount(written), dashed)
            else:
                yield Token(Kind.STRANGE, text)
        else:
            yield Token(kind, text)
