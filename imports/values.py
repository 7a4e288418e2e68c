"""Text of a cell to text that the database reads: numbers, dates, times. Pure.

Results stay text, because they go to the database by COPY; a value that cannot be
read raises ``RowProblem`` with its cause.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from imports.written_dates import DAY_FIRST, MARKED, MONTH_FIRST, read_clock, read_date

type DateOrder = Literal["ymd", "dmy", "mdy"]

PLAIN_NUMBER = re.compile(r"-?[0-9]{1,8}(\.[0-9]{1,6})?")
LONG_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
SHORTENED_BY_EXCEL = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
CURRENCY = re.compile(
    r"^(?:[A-Z]{3}|(?:A|AU|C|CA|HK|MX|NZ|R|S|US)\s*(?=\$)|Rs\.?|kr\.?|Fr\.?)\s*"
    r"(?=[\d($\u2212-])|(?<=[\d)-])\s*(?:[A-Z]{3}|kr\.?|zł|Kč|Ft)$"
    r"|[\s$€£¥₹₩₪₫₱฿₺₽₴]"
)
SIGNS = "()-+\u2212"
MOST_CACHED = 20_000


class RowProblem(Exception):
    """A value that keeps its row out; the cause is a code, the detail the text."""

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(cause, detail)
        self.cause = cause
        self.detail = detail[:120]


def clean(text: str) -> str:
    """Trimmed, without doubled blanks, full-width letters made plain (NFKC).

    >>> clean("  Ｍatcha  Latte\\u00a0 ")
    'Matcha Latte'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\ufeff", "")
    return " ".join(text.split())


def product_code(text: str) -> str:
    """A SKU as text, whatever it looks like; one that lost digits is refused."""
    code = clean(text)
    if SHORTENED_BY_EXCEL.fullmatch(code):
        raise RowProblem("shortened_number", code)
    return code


def number(text: str, *, cause: str, decimal_comma: bool = False) -> str:
    """A number as plain text with a point.

    >>> number("$1,020.00", cause="x"), number("(7.00)", cause="x")
    ('1020.00', '-7.00')
    >>> number("1.234,50", cause="x", decimal_comma=True)
    '1234.50'
    """
    if PLAIN_NUMBER.fullmatch(text) and not decimal_comma:
        return text
    plain = clean(text)
    bare = CURRENCY.sub("", plain)
    sign = "-" if bare.startswith(("-", "(", "\u2212")) or bare.endswith("-") else ""
    digits = bare.strip(SIGNS)
    digits = point_decimal(digits, decimal_comma=decimal_comma)
    if not LONG_NUMBER.fullmatch(digits):
        raise RowProblem(cause, plain)
    whole, _, fraction = digits.partition(".")
    if len(whole.lstrip("0")) > 8:
        raise RowProblem("number_too_large", plain)
    return f"{sign}{whole}.{fraction[:6]}" if fraction else f"{sign}{whole}"


def point_decimal(digits: str, *, decimal_comma: bool) -> str:
    """Group marks dropped and the decimal mark made a point."""
    digits = digits.replace("'", "").replace("\u2019", "")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        decimal_comma = comma > point
    elif digits.count(".") > 1:
        decimal_comma = True
    elif digits.count(",") > 1:
        decimal_comma = False
    if decimal_comma:
        return digits.replace(".", "").replace(",", ".")
    return digits.replace(",", "")


def has_decimal_comma(text: str) -> bool | None:
    """What a number tells of its decimal mark; None when it tells nothing.

    >>> has_decimal_comma("3,5"), has_decimal_comma("1.50"), has_decimal_comma("1,234")
    (True, False, None)
    """
    digits = CURRENCY.sub("", clean(text)).strip(SIGNS)
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        return comma > point
    mark = max(comma, point)
    if mark < 0 or len(digits) - mark - 1 == 3:
        return None
    return comma > point


def could_be(text: str) -> frozenset[str]:
    """In which orders a date can be read; empty when it is no date with marks.

    >>> sorted(could_be("13/04/2026")), sorted(could_be("3/4/26"))
    (['dmy'], ['dmy', 'mdy'])
    >>> sorted(could_be("Sep 4, 2026")), sorted(could_be("4.5"))
    (['ymd'], [])
    """
    text = clean(text)
    match = MARKED.match(text)
    if not match:
        has_name = DAY_FIRST.match(text) or MONTH_FIRST.match(text)
        return frozenset({"ymd"} if has_name and read_date(text, "ymd") else ())
    first, second = int(match[1]), int(match[2])
    if len(match[1]) == 4:
        return frozenset({"ymd"})
    orders = {"dmy"} if second <= 12 else set()
    return frozenset(orders | ({"mdy"} if first <= 12 else set()))


class Moment(NamedTuple):
    """A date, and what the same cell tells of the time; each empty where it does not.

    ``offset`` and ``zone`` say where the clock was read; a file that names neither
    means the clock of the location.
    """

    date: str
    clock: str = ""
    offset: str = ""
    zone: str = ""


class Dates:
    """Dates of one file in one order of day and month; each text is read once.

    A file repeats its days and its times of day, not its seconds: where one blank
    parts them, each is known by itself.
    """

    def __init__(self, order: DateOrder) -> None:
        self.order = order
        self._known: dict[str, Moment] = {}
        self._day = lru_cache(MOST_CACHED)(self._marked_day)
        self._clock = lru_cache(MOST_CACHED)(read_clock)

    def iso(self, text: str) -> str:
        return self.moment(text).date

    def moment(self, text: str) -> Moment:
        """The date and time of one cell."""
        known = self._known.get(text)
        if known is None:
            known = self._parted(text) or self.read(clean(text))
            if len(self._known) > MOST_CACHED:
                self._known.clear()
            self._known[text] = known
        return known

    def _parted(self, text: str) -> Moment | None:
        day, _, rest = text.partition(" ")
        date = self._day(day)
        told = self._clock(rest) if date else None
        return Moment(date, *told) if told else None

    def _marked_day(self, text: str) -> str:
        found = read_date(text, self.order) if MARKED.fullmatch(text) else None
        return found.date.isoformat() if found else ""

    def read(self, text: str) -> Moment:
        found = read_date(text, self.order)
        if not found:
            raise RowProblem("date_unreadable", text)
        told = read_clock(found.rest)
        if told is None:
            raise RowProblem("time_unreadable", found.rest.strip())
        return Moment(found.date.isoformat(), *told)


def clock(text: str) -> str:
    """A time of day as HH:MM:SS.

    >>> clock("13:03:14"), clock("1:05 PM"), clock("12:30 am")
    ('13:03:14', '13:05:00', '00:30:00')
    """
    if len(text) == 8 and text[2] == text[5] == ":" and text < "24" and text[3] < "6":
        return text
    told = read_clock(clean(text))
    if not told or not told.time:
        raise RowProblem("time_unreadable", text)
    return told.time
