from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.rules.offer import read_offer
from flows.rules.peru import format_money

LIST = Decimal("59.90")

LEGIBLE = [
    ("CF S/ 39.90 + 30 GB", "39.90"),
    ("Se otorga descuento de S/20.00 sobre cargo fijo S/59.90 quedando en S/39.90", "39.90"),
    ("CF S/ 39.90 antes del 30/11/2026", "39.90"),
    ("Dscto. 25% sobre CF por 12 meses", "44.93"),
    ("CF especial S/ 39.90 (antes S/ 59.90)", "39.90"),
    ("Descuento S/. 10.00 mensual", "49.90"),
    ("Oferta especial: cargo fijo S/1,039.90", "1039.90"),
    ("30 % dcto cargo fijo", "41.93"),
    ("50% dscto x 6 meses", "29.95"),
    ("CF S/39.90", "39.90"),
    ("cargo fijo de 39.90 soles", "39.90"),
    ("Cargo fijo PEN 39.90", "39.90"),
    ("rebaja de S/10", "49.90"),
    ("descuento de S/10", "49.90"),
    ("S/ 10 de descuento", "49.90"),
    ("10 soles de dscto. mensual por 12 meses", "49.90"),
    ("de S/ 59.90 a S/ 39.90", "39.90"),
    ("CF de S/ 59.90 a S/ 39.90", "39.90"),
    ("Precio lista S/ 59.90, CF oferta S/ 39.90", "39.90"),
    ("CF oferta S/ 39.90 precio regular S/ 59.90", "39.90"),
    ("CF S/ 39.90 normal S/ 59.90", "39.90"),
    ("S/ 59.90 (tachado) CF S/ 39.90", "39.90"),
    ("antes S/ 59.90 ahora S/ 39.90", "39.90"),
    ("S/ 59.90 antes, ahora S/ 39.90", "39.90"),
    ("Dscto 25% aprobacion N° 12345 hasta 31/12/2026", "44.93"),
    ("Dscto 25% aprobación 45 del 15 de marzo de 2026", "44.93"),
    ("Dscto S/ 20.00, CF S/ 39.90", "39.90"),
    ("Dscto. 25% sobre cargo fijo de S/ 59.90", "44.93"),
    ("S/ 10 de descuento CF S/ 49.90", "49.90"),
    ("25% dscto. llamar al 987654321", "44.93"),
    ("Plan 30 GB CF S/ 39.90 x 12 meses", "39.90"),
    ("5 lineas CF S/ 39.90", "39.90"),
    ("CF S/ 39.90 c/u", "39.90"),
    ("CF S/ 39.90 inc. IGV", "39.90"),
    ("Descuento: CF S/ 39.90", "39.90"),
    ("CF con descuento de S/ 10", "49.90"),
    ("CF con dscto S/ 29.95", "29.95"),
    ("12.5% de descuento", "52.41"),
    ("12,5 por ciento dscto", "52.41"),
    ("queda en S/ 39.90", "39.90"),
    ("Con dscto el CF queda en S/ 39.90", "39.90"),
    ("CF 39.90", "39.90"),
    ("C.F. S/. 39.90", "39.90"),
    ("Renta mensual S/ 39.90", "39.90"),
    ("Dscto 25% (CF S/ 44.93)", "44.93"),
    ("25%", "44.93"),
    ("Dscto 25% en los primeros 6 meses, APR-2026-0155", "44.93"),
    ("Dscto 25%\nCF: S/ 44.93", "44.93"),
    ("Descuento de 25 % en CF; vigencia 01/10/2026 al 31/12/2026", "44.93"),
    ("Descuento comercial por 12 meses de S/ 10.00 mensuales", "49.90"),
    ("S/ 39.90 de cargo fijo", "39.90"),
    ("Oferta negociada, cargo fijo mensual S/ 39.90 aprobado por gerencia", "39.90"),
    ("CF S/ 39.90 en lugar de S/ 59.90", "39.90"),
    ("Dscto. S/ 10.00 cargo fijo", "49.90"),
    ("DESCUENTO 25% CF", "44.93"),
    ("precio especial S/ 39.90", "39.90"),
    ("Descuento de S/ 10.00 en el cargo fijo", "49.90"),
    ("Descuento de S/ 10.00 sobre el cargo fijo de S/ 59.90", "49.90"),
    ("CF promocional S/ 39.90 (precio de lista S/ 59.90), 12 meses, aprob. N° 4521", "39.90"),
    ("CF regular S/ 59.90 - CF especial S/ 39.90", "39.90"),
    ("sin dscto S/ 59.90, con dscto el CF queda en S/ 39.90", "39.90"),
    ("CF: 39.90", "39.90"),
    ("Dcto.25%", "44.93"),
    ("dscto25%", "44.93"),
    ("CF39.90", "39.90"),
    ("rebaja de S/ 59.90 a S/ 39.90", "39.90"),
    ("Cargo fijo rebajado a S/ 39.90", "39.90"),
    ("Dscto 25% a partir del 01-11-2026", "44.93"),
]

ILLEGIBLE = [
    "Dscto 20% + 20%",
    "Dscto S/ 10+S/ 10",
    "10% dscto mas 10%",
    "S/49.90 (S/ 10 de dscto)",
    "",
    "Oferta especial",
    "S/ 39.90",
    "39.90",
    "Oferta S/ 39.90",
    "25% CF S/ 39.90",
    "Dscto 25% o 30%",
    "25-30% dscto",
    "dscto 10",
    "dscto 150%",
    "100% dscto",
    "dscto S/ 59.90",
    "dscto S/ 80",
    "hasta 30% dscto",
    "CF S/ 39.90 + IGV",
    "CF US$ 39.90",
    "CF 1.039,90",
    "No aplica dscto 25%",
    "3 meses gratis y CF S/ 39.90",
    "2x1",
    "segunda linea 50% dscto",
    "CF con dscto S/ 10.00",
    "Descuento CF S/ 10.00",
    "CF total S/ 199.50 por 5 lineas",
    "CF S/ 199.50 por las 5 lineas",
    "paga 75%",
    "75% del cargo fijo",
    "CF S/ 299 equipo S/ 99",
    "Dscto equipo 25%",
    "25% dscto en equipo",
    "descuento anual S/ 120",
    "CF S/ 39.90 y CF S/ 29.90",
    "20% dscto + 10% adicional",
    "Dscto 50% x 6 meses luego 25%",
    "30 GB",
    "12 meses",
    "aprobacion 12345",
    "987654321",
    "01/10/2026",
    "descuento a S/ 39.90",
    "CF 30 o 40",
    "antes S/ 59.90",
    "Dscto -",
    "1000% dscto",
    "CF S/ 0.00",
    "CF 59.90 menos 20%",
    "dscto 1,000%",
    "Dscto 25% Plan Max 59",
    "línea 987654321 CF S/ 39.90, línea 987654322 CF S/ 29.90",
    "descuento hasta S/ 10",
    "descuento de S/ 5 a S/ 10",
    "CF S/ 39.90 dscto aplicado",
    "CF al 50%",
    "20 dscto",
    "¿25%?",
    "S/ 39.90 con descuento",
    "equipo S/ 299, dscto 25%",
    "CF actual S/ 59.90, nuevo CF S/ 39.90",
    "S/ 59.90 - 25% dscto",
    "Bono dscto 25%",
]


@pytest.mark.parametrize(("text", "charge"), LEGIBLE)
def test_one_charge_is_read(text: str, charge: str) -> None:
    reading = read_offer(text, LIST)
    assert reading.charge == Decimal(charge)
    assert reading.legible
    assert format_money(Decimal(charge)) in reading.explanation


@pytest.mark.parametrize("text", ILLEGIBLE)
def test_what_could_be_two_things_is_illegible(text: str) -> None:
    reading = read_offer(text, LIST)
    assert reading.charge is None
    assert not reading.legible
    assert reading.explanation.startswith("No se puede leer un único cargo fijo en Descripción: ")


def test_the_sentence_says_what_was_read() -> None:
    assert read_offer("Dscto. 25% x 12 meses", LIST).explanation == (
        "Descripción indica un descuento de 25 % sobre el cargo de lista S/ 59.90: S/ 44.93."
    )
    assert "(S/ 39.90, S/ 44.93)" in read_offer("25% dscto, CF S/ 39.90", LIST).explanation


def test_the_figures_of_the_plan_s_name_are_no_offer() -> None:
    text = "Plan Max Negocios 59 con 25% dscto"
    assert read_offer(text, LIST).charge is None
    assert read_offer(text, LIST, "MAX NEGOCIOS 59").charge == Decimal("44.93")
    assert read_offer("Max 25% dscto", LIST, "Max 25").charge == Decimal("44.93")


def test_half_a_centimo_goes_up() -> None:
    assert read_offer("50% dscto", Decimal("39.91")).charge == Decimal("19.96")
    assert read_offer("25% dscto", Decimal("59.90")).charge == Decimal("44.93")  # 44.925


CENTS = st.decimals(min_value="0.01", max_value="9999.99", places=2)
PERCENTS = st.decimals(min_value="0.01", max_value="99.99", places=2)

CHARGE_TEMPLATES = st.sampled_from(
    [
        "CF especial {}",
        "Cargo fijo: {}",
        "oferta especial: cargo fijo de {} mensual",
        "C.F. {}",
        "{} de cargo fijo",
        "queda en {}",
        "Precio especial {}",
        "RENTA MENSUAL {}",
        "Descuento: CF {}",
        "CF {} c/u",
        "Nuevo cargo fijo {} por línea",
    ]
)
DISCOUNT_TEMPLATES = st.sampled_from(
    [
        "Dscto. {}",
        "Descuento de {} mensual",
        "{} de descuento",
        "rebaja de {}",
        "{} dcto",
        "Desc. {} en CF",
        "CF con dscto. de {}",
        "{} dscto cargo fijo",
        "Descuento {}",
    ]
)
MONEY_FORMS = st.sampled_from(
    [
        "S/ {:,.2f}",
        "S/{:,.2f}",
        "S/. {:,.2f}",
        "S/.{:.2f}",
        "PEN {:.2f}",
        "{:,.2f} soles",
        "s/ {:.2f}",
    ]
)
PERCENT_FORMS = st.sampled_from(["{}%", "{} %", "{} por ciento"])

NOISE = st.lists(
    st.one_of(
        st.integers(1, 36).map("por {} meses".format),
        st.integers(1, 36).map("x {} meses".format),
        st.dates().map(lambda d: f"hasta el {d.day:02}/{d.month:02}/20{d.year % 100:02}"),
        st.dates().map(lambda d: f"vigente al {d.day} de marzo de 20{d.year % 100:02}"),
        st.integers(1, 999999).map("aprobación N° {}".format),
        st.integers(1000, 999999).map("aprob. {}".format),
        st.integers(100, 99999).map("ticket {}".format),
        st.integers(900000000, 999999999).map("tel. {}".format),
        st.integers(2, 300).map("{} GB".format),
        st.integers(2, 120).map("{} líneas".format),
        CENTS.map("antes S/ {:,.2f}".format),
        CENTS.map("precio regular: S/ {:,.2f}".format),
        CENTS.map("precio de lista S/ {:.2f}".format),
        CENTS.map("S/ {:.2f} (tachado)".format),
        st.just("oferta negociada"),
    ),
    max_size=3,
)
JOINTS = st.sampled_from([" ", " - ", ", ", "; ", ". ", "\n", " / "])


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def holds(charge: Decimal | None, wanted: Decimal | None, said: str, joint: str) -> bool:
    """With nothing between one phrase and the next a word may speak of either: then silence is
    right too ("S/ 10 dcto S/ 59.90 (tachado)"), a wrong charge never is. The full stop behind an
    abbreviation is its own, and nothing between the phrases."""
    apart = joint if not said.endswith("dcto") else joint.removeprefix(".")
    return charge == wanted or (apart == " " and charge is None)


def with_noise(said: str, before: list[str], after: list[str], joint: str) -> str:
    return joint.join([*before, said, *after])


@given(CHARGE_TEMPLATES, MONEY_FORMS, CENTS, CENTS, NOISE, NOISE, JOINTS)
def test_a_stated_charge_is_read_through_any_noise(
    template: str,
    form: str,
    charge: Decimal,
    listed: Decimal,
    before: list[str],
    after: list[str],
    joint: str,
) -> None:
    said = template.format(form.format(charge))
    text = with_noise(said, before, after, joint)
    assert holds(read_offer(text, listed).charge, charge, said, joint)


@example("{} dcto", "S/ {:,.2f}", Decimal(10), Decimal(60), [], ["S/ 60.00 (tachado)"], " - ")
@given(DISCOUNT_TEMPLATES, MONEY_FORMS, CENTS, CENTS, NOISE, NOISE, JOINTS)
def test_a_stated_discount_is_taken_from_the_list_charge(
    template: str,
    form: str,
    discount: Decimal,
    listed: Decimal,
    before: list[str],
    after: list[str],
    joint: str,
) -> None:
    said = template.format(form.format(discount))
    text = with_noise(said, before, after, joint)
    wanted = listed - discount
    assert holds(read_offer(text, listed).charge, wanted if wanted > 0 else None, said, joint)


@given(DISCOUNT_TEMPLATES, PERCENT_FORMS, PERCENTS, CENTS, NOISE, NOISE, JOINTS)
def test_a_percent_is_taken_from_the_list_charge_half_up(
    template: str,
    form: str,
    percent: Decimal,
    listed: Decimal,
    before: list[str],
    after: list[str],
    joint: str,
) -> None:
    said = template.format(form.format(percent))
    text = with_noise(said, before, after, joint)
    wanted = rounded(listed - listed * percent / 100)
    assert holds(read_offer(text, listed).charge, wanted if wanted > 0 else None, said, joint)


@given(CENTS, CENTS, CENTS)
def test_two_readings_agree_or_there_is_none(first: Decimal, second: Decimal, off: Decimal) -> None:
    text = f"CF S/ {first}, cargo fijo S/ {second}"
    assert read_offer(text, LIST).charge == (first if first == second else None)
    both = f"Dscto S/ {off}, CF S/ {first}"
    assert read_offer(both, first + off).charge == first
    assert read_offer(both, first + off + Decimal("0.01")).charge is None


@given(CENTS)
def test_an_amount_without_a_role_is_never_guessed(amount: Decimal) -> None:
    for text in (f"S/ {amount}", f"{amount}", f"Oferta especial S/ {amount}", f"Plan a {amount}"):
        assert read_offer(text, LIST).charge in (None, *([] if amount * 2 != LIST else [amount]))


PIECES = [
    "CF",
    "cargo",
    "fijo",
    "dscto.",
    "descuento",
    "25%",
    "S/",
    "39.90",
    "10",
    "de",
    "a",
    "al",
    "sobre",
    "antes",
    "lista",
    "(",
    ")",
    ",",
    ";",
    ":",
    "-",
    ".",
    "meses",
    "N°",
    "12",
    "hasta",
    "en",
    "queda",
    "por",
    "x",
    "%",
    "soles",
    "1,039.90",
    "1.039,90",
    "0",
    "/",
    "total",
    "GB",
    "plan",
    "½",
    "²",
]
WORDS = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(max_size=4),
    ),
    max_size=14,
)


@given(st.one_of(st.text(max_size=80), WORDS.map(" ".join), WORDS.map("".join)), CENTS)
@example("9" * 5000 + "%", Decimal("1"))
@example("S/ " + "9" * 5000, Decimal("1"))
@example("a-1" * 300, Decimal("1"))
def test_any_text_is_read_or_illegible_and_never_at_or_under_zero(
    text: str, listed: Decimal
) -> None:
    reading = read_offer(text, listed)
    assert reading == read_offer(text, listed)
    assert reading.explanation.endswith(".")
    if reading.charge is not None:
        assert reading.charge > 0
        assert reading.charge == rounded(reading.charge)


@given(WORDS.map(" ".join))
def test_case_accents_and_spaces_say_nothing(text: str) -> None:
    plain = read_offer(text, LIST).charge
    assert read_offer(text.replace(" ", "  "), LIST).charge == plain
