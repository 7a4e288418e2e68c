"""Text of a cell to text that the database reads: numbers, dates, times. Pure.

Results stay text, because they go to the database by COPY; a value that cannot be
read raises ``RowProblem`` with its cause.
"""

import datetime as dt
import re
import unicodedata
from typing import Literal

type DateOrder = Literal["ymd", "dmy", "mdy"]

PLAIN_NUMBER = re.compile(r"-?[0-9]{1,8}(\.[0-9]{1,6})?")
LONG_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
SHORTENED_BY_EXCEL = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
SLASHED_DATE = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp])?\.?[Mm]?\.?")
CURRENCY = re.compile(r"^[A-Z]{3}\s*(?=[\d(-])|(?<=\d)\s*[A-Z]{3}$|[\s$€£¥]")
SIGNS = "()-+\u2212"
EXCEL_EPOCH = dt.date(1899, 12, 30)
EXCEL_DAYS = range(20000, 80000)
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
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        decimal_comma = comma > point
    if decimal_comma:
        return digits.replace(".", "").replace("'", "").replace(",", ".")
    return digits.replace(",", "").replace("'", "")


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
    """
    match = SLASHED_DATE.match(clean(text))
    if not match:
        return frozenset()
    first, second = int(match[1]), int(match[2])
    if len(match[1]) == 4:
        return frozenset({"ymd"})
    orders = {"dmy"} if second <= 12 else set()
    return frozenset(orders | ({"mdy"} if first <= 12 else set()))


class Dates:
    """Dates of one file in one order of day and month; each text is read once."""

    def __init__(self, order: DateOrder) -> None:
        self.order = order
        self._known: dict[str, str] = {}

    def iso(self, text: str) -> str:
        known = self._known.get(text)
        if known is None:
            if len(self._known) > MOST_CACHED:
                self._known.clear()
            known = self._known[text] = self.read(clean(text)).isoformat()
        return known

    def read(self, text: str) -> dt.date:
        if text.isdigit() and len(text) == 5 and int(text) in EXCEL_DAYS:
            return EXCEL_EPOCH + dt.timedelta(days=int(text))
        match = SLASHED_DATE.match(text)
        if not match:
            raise RowProblem("date_unreadable", text)
        parts = [int(part) for part in match.groups()]
        order = "ymd" if len(match[1]) == 4 else self.order
        year, month, day = (parts[order.index(letter)] for letter in "ymd")
        try:
            return dt.date(year + 2000 if year < 100 else year, month, day)
        except ValueError:
            raise RowProblem("date_unreadable", text) from None


def clock(text: str) -> str:
    """A time of day as HH:MM:SS.

    >>> clock("13:03:14"), clock("1:05 PM"), clock("12:30 am")
    ('13:03:14', '13:05:00', '00:30:00')
    """
    if len(text) == 8 and text[2] == text[5] == ":" and text < "24":
        return text
    match = CLOCK.fullmatch(clean(text))
    if not match:
        raise RowProblem("time_unreadable", text)
    hour = int(match[1])
    if match[4]:
        hour = hour % 12 + (12 if match[4] in "pP" else 0)
    if hour > 23 or int(match[2]) > 59:
        raise RowProblem("time_unreadable", text)
    return f"{hour:02}:{match[2]}:{match[3] or '00'}"
