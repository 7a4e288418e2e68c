"""Which column of a file may be which of ours: by its name and by how its values look.

A suggestion is never taken for granted: a person sees it, with how sure it is.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from imports.kinds import Column, Kind
from imports.looking import Look, is_number, normal, reads
from imports.values import clock, could_be

LOOK_AT_VALUES = 200
MOST_SAMPLES = 3
SIMILAR = 0.78
MONEY_WORDS = frozenset(
    {"amount", "cost", "gross", "money", "net", "paid", "price", "revenue", "sales"}
    | {"subtotal", "total", "value"}
)
CUSTOMER_WORDS = frozenset(
    {"address", "billing", "buyer", "card", "city", "country", "customer", "email"}
    | {"fax", "firstname", "iban", "lastname", "mail", "mobile", "pan", "passport"}
    | {"phone", "postal", "postcode", "recipient", "shopper", "street", "surname"}
    | {"telephone", "vat", "zip", "zipcode", "cardholder", "gast", "guest", "patron"}
    | {"adresse", "kunde", "kundin", "nachname", "ort", "plz", "strasse", "straße"}
    | {"telefon", "vorname", "apellido", "ciudad", "client", "cliente", "correo"}
    | {"direccion", "dirección", "indirizzo", "klant", "naam", "prenom", "prénom"}
    | {"telefono", "teléfono", "telephone", "téléphone", "ville"}
)
CUSTOMER_PARTS = ("customer", "kunden", "email", "e mail", "phone")
CUSTOMER_NAMES = frozenset({"first name", "last name", "full name", "company name"})
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+\d[\d ()./-]{6,}\d|\(?0\d{1,4}\)?[ /-]\d[\d ()./-]{4,}\d")
CARD = re.compile(r"(?:\d[ -]?){13,18}\d|[*xX•]{2,}[ *xX•-]*\d{4}")
CODE = re.compile(r"(?!\d+[.,]\d{1,2}$)(?=.*\d)[^\s]{2,40}")
NAME_WORDS = frozenset({"name", "title", "description"})
SERIAL = re.compile(r"[3-5]\d{4}(\.\d+)?")
MONEY = re.compile(r"[$€£¥]|[.,]\d\d\)?$")

SURE = "sure"
LIKELY = "likely"
GUESS = "guess"


@dataclass(frozen=True)
class FileColumn:
    """A column of the file: its name and some of its values."""

    index: int
    name: str
    values: list[str]

    @cached_property
    def shown(self) -> list[str]:
        return list(dict.fromkeys(self.values))

    def share(self, looks: Callable[[str], object]) -> float:
        """How many of its values look like that, from 0 to 1."""
        if not self.values:
            return 0.0
        return sum(1 for text in self.values if looks(text)) / len(self.values)

    @cached_property
    def dates(self) -> float:
        return self.share(could_be)

    @cached_property
    def serials(self) -> float:
        """Days as a spreadsheet counts them."""
        return self.share(SERIAL.fullmatch)

    @cached_property
    def numbers(self) -> float:
        return self.share(is_number)

    @cached_property
    def money(self) -> float:
        return min(self.numbers, self.share(MONEY.search))

    @cached_property
    def times(self) -> float:
        return self.share(is_time)

    @cached_property
    def codes(self) -> float:
        return self.share(CODE.fullmatch) if self.dates < 0.5 else 0.0

    @cached_property
    def words(self) -> float:
        return self.share(lambda text: re.search(r"[^\W\d]{2}", text))

    @cached_property
    def is_customer_data(self) -> bool:
        """Names, mails, phones, cards: by the header, or by the values themselves."""
        name = normal(self.name)
        if name in CUSTOMER_NAMES or CUSTOMER_WORDS & set(name.split()):
            return True
        if any(word in name for word in CUSTOMER_PARTS):
            return True
        patterns = (EMAIL, PHONE, CARD) if self.dates < 0.5 else (EMAIL,)
        return any(self.share(pattern.fullmatch) >= 0.3 for pattern in patterns)

    @property
    def samples(self) -> list[str]:
        shown = [text[:40] for text in self.shown[:MOST_SAMPLES]]
        return [masked(text) for text in shown] if self.is_customer_data else shown


@dataclass(frozen=True, slots=True)
class Suggestion:
    index: int
    confidence: str
    score: float = 0.0


def file_columns(look: Look) -> list[FileColumn]:
    body = look.body[:LOOK_AT_VALUES]
    header = look.header
    width = max(look.width, len(header))
    names = header + [f"Column {place}" for place in range(len(header) + 1, width + 1)]
    return [
        FileColumn(
            index,
            names[index] or f"Column {index + 1}",
            [
                row[index].strip()
                for row in body
                if index < len(row) and row[index].strip()
            ],
        )
        for index in range(width)
    ]


def suggest(
    kind: Kind,
    columns: Sequence[FileColumn],
    taken: Mapping[str, int],
) -> dict[str, Suggestion]:
    """For the columns of a kind that no name has found yet, the best one left.

    What is needed may be guessed by its values; what may be left out needs a name that
    is at least alike.
    """
    free = [column for column in columns if column.index not in taken.values()]
    pairs = [
        (score(wanted, column), wanted, column)
        for wanted in kind.columns
        if wanted.name not in taken
        for column in free
    ]
    found: dict[str, Suggestion] = {}
    used: set[int] = set()
    for points, wanted, column in sorted(pairs, key=lambda pair: -pair[0]):
        if points < 0.4 or wanted.name in found or column.index in used:
            continue
        is_named = likeness(wanted, column.name) >= SIMILAR * 0.8
        if not is_named and not may_be_guessed(kind, wanted):
            continue
        confidence = LIKELY if is_named else GUESS
        found[wanted.name] = Suggestion(column.index, confidence, points)
        used.add(column.index)
    return found


def may_be_guessed(kind: Kind, wanted: Column) -> bool:
    """By values alone: what a person cannot say of all rows instead."""
    is_needed = wanted.required or wanted.name in kind.one_of
    return is_needed and not wanted.unless_option


def score(wanted: Column, column: FileColumn) -> float:
    """Name and values together, from 0 to about 1.5; 0 where values say no."""
    if column.is_customer_data and not wanted.is_reference:
        return 0.0
    named = likeness(wanted, column.name)
    shape = fit(wanted, column)
    if shape < 0.5:
        return 0.0 if column.values else named
    return named + 0.5 * shape


def likeness(wanted: Column, header: str) -> float:
    """How near a header is to a name we know, from 0 to 1."""
    name = normal(header)
    return max(
        (alike(name, known) for known in {*wanted.headers, normal(wanted.label)}),
        default=0.0,
    )


def alike(name: str, known: str) -> float:
    """
    >>> alike("item sku", "sku"), alike("quantity", "quantity")
    (0.8, 1.0)
    >>> alike("colour", "sku")
    0.0
    """
    if name == known:
        return 1.0
    words, known_words = set(name.split()), set(known.split())
    if known_words <= words or (words and words <= known_words):
        return 0.6 + 0.4 * len(words & known_words) / len(words | known_words)
    ratio = SequenceMatcher(None, name, known).ratio()
    return 0.8 * ratio if ratio >= SIMILAR else 0.0


def fit(wanted: Column, column: FileColumn) -> float:
    """Whether the values can be what is wanted, from 0 to 1."""
    if wanted.is_date:
        return max(column.dates, 0.6 * column.serials)
    if wanted.is_time:
        return column.times
    if wanted.is_number:
        return number_fit(wanted, column)
    if column.dates > 0.5:
        return 0.0
    if any("sku" in header or "code" in header for header in wanted.headers):
        return column.codes
    if wanted.is_reference:
        return 1.0
    if NAME_WORDS & {word for header in wanted.headers for word in header.split()}:
        return column.words
    return max(column.words, 0.5)


def number_fit(wanted: Column, column: FileColumn) -> float:
    """Money has cents or a sign; units mostly have neither."""
    names = " ".join((*wanted.headers, wanted.label))
    wants_money = bool(MONEY_WORDS & set(names.split()))
    against = (1 - column.money) if wants_money else column.money
    return column.numbers * (1 - 0.4 * against)


def is_time(text: str) -> bool:
    return ":" in text and reads(lambda: clock(text))


def masked(text: str) -> str:
    """
    >>> masked("ada@example.com"), masked("+31 20 1234567")
    ('a••••••••••••••', '+•• •• •••••••')
    """
    return text[:1] + re.sub(r"[^\s]", "•", text[1:])
