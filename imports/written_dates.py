"""Dates and times of day as people and shop software write them. Pure.

Each reader takes a text and answers None where it is no date or no time.
"""

import datetime as dt
import re
import unicodedata
from functools import cache
from typing import NamedTuple

EXCEL_EPOCH = dt.date(1899, 12, 30)
EXCEL_DAYS = range(20000, 80000)
SECONDS_PER_DAY = 86_400

SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?=$|T| )")
MARKED = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})(?!\d)\.?")
JAPANESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
WEEKDAY = re.compile(
    r"[^\W\d_]{2,10}[.,]*\s+"
    r"(?=[^\W\d_]{3,10}\.?\s+\d|\d{1,2}(?:[./-]\d|\.?\s+[^\W\d_]))"
)
DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s./-]*(?:(?:de|of)\s+)?"
    r"([^\W\d_]{3,10})\.?,?[\s./-]*(?:(?:de|del)\s+)?(\d{4}|\d{2})(?!\d)"
)
MONTH_FIRST = re.compile(
    r"([^\W\d_]{3,10})\.?[\s./-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s./-]+(\d{4}|\d{2})(?!\d)"
)
TIME = re.compile(
    r"(\d{1,2})[:h](\d{2})(?::(\d{2}))?(?:[.,]\d+)?"
    r"\s*(?:([AaPp])\.?[Mm]\.?)?\s*(?:Uhr)?\s*(.*)"
)
PLAIN_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d")
OFFSET = re.compile(r"(?:GMT|UTC)?([+\u2212-])(\d{1,2}):?(\d{2})?")
BETWEEN = re.compile(r"(?:[\sT,]|at\b|um\b|à\b)*")

MONTHS = (
    "january januar janvier enero januari gennaio janeiro",
    "february februar fevrier febrero februari febbraio fevereiro",
    "march marz mars marzo maart mrz marco",
    "april avril abril aprile",
    "may mai mayo mei maggio maio",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)
OFFSETS = {
    "ADT": "-03:00",
    "AST": "-04:00",
    "EDT": "-04:00",
    "EST": "-05:00",
    "CDT": "-05:00",
    "CST": "-06:00",
    "MDT": "-06:00",
    "MST": "-07:00",
    "PDT": "-07:00",
    "PST": "-08:00",
    "AKDT": "-08:00",
    "AKST": "-09:00",
    "HST": "-10:00",
    "BRT": "-03:00",
    "ART": "-03:00",
    "WET": "+00:00",
    "WEST": "+01:00",
    "MSK": "+03:00",
    "SAST": "+02:00",
    "GST": "+04:00",
    "IST": "+05:30",
    "SGT": "+08:00",
    "HKT": "+08:00",
    "AWST": "+08:00",
    "ACST": "+09:30",
    "ACDT": "+10:30",
    "NZST": "+12:00",
    "NZDT": "+13:00",
    "BST": "+01:00",
    "CET": "+01:00",
    "CEST": "+02:00",
    "EET": "+02:00",
    "EEST": "+03:00",
    "JST": "+09:00",
    "AEST": "+10:00",
    "AEDT": "+11:00",
}
UNIVERSAL = {"Z", "UTC", "GMT"}


class Clock(NamedTuple):
    """A time of day as HH:MM:SS, and where it is told: an offset, a zone, or neither.

    A universal time names the zone UTC and no offset: its day is not the shop's.
    """

    time: str
    offset: str = ""
    zone: str = ""


class Found(NamedTuple):
    """A date, and the text behind it."""

    date: dt.date
    rest: str


def read_date(text: str, order: str) -> Found | None:
    """The date that a text begins with; ``order`` is ymd, dmy or mdy.

    >>> read_date("Sep 4, 2026 1:05:07 AM PDT", "mdy")
    Found(date=datetime.date(2026, 9, 4), rest=' 1:05:07 AM PDT')
    >>> read_date("4. März 26", "dmy").date.isoformat()
    '2026-03-04'
    """
    found = serial(text) or numbered(text, order)
    if found or text[:1].isdigit():
        return found or named(text)
    if match := WEEKDAY.match(text):
        text = text[match.end() :]
    return numbered(text, order) or named(text)


def serial(text: str) -> Found | None:
    """Days since 1900 as a spreadsheet counts them; the fraction is the time."""
    match = SERIAL.fullmatch(text)
    if not match or int(match[1]) not in EXCEL_DAYS:
        return None
    date = EXCEL_EPOCH + dt.timedelta(days=int(match[1]))
    if not match[2]:
        return Found(date, "")
    seconds = round(float(f"0.{match[2]}") * SECONDS_PER_DAY)
    moment = dt.datetime.combine(date, dt.time()) + dt.timedelta(seconds=seconds)
    return Found(moment.date(), f" {moment:%H:%M:%S}")


def numbered(text: str, order: str) -> Found | None:
    match = COMPACT.match(text) or MARKED.match(text) or JAPANESE.match(text)
    if not match:
        return None
    parts = [int(part) for part in match.groups()]
    letters = "ymd" if len(match[1]) == 4 else order
    year, month, day = (parts[letters.index(letter)] for letter in "ymd")
    return dated(year, month, day, text[match.end() :])


def named(text: str) -> Found | None:
    """Dates with the name of the month in them."""
    if match := DAY_FIRST.match(text):
        day, name, year = match.groups()
    elif match := MONTH_FIRST.match(text):
        name, day, year = match.groups()
    else:
        return None
    month = months().get(without_accents(name))
    return dated(int(year), month, int(day), text[match.end() :]) if month else None


def dated(year: int, month: int, day: int, rest: str) -> Found | None:
    try:
        return Found(dt.date(year + 2000 if year < 100 else year, month, day), rest)
    except ValueError:
        return None


@cache
def months() -> dict[str, int]:
    """Names of the months and their beginnings, where these name one month only."""
    meant: dict[str, set[int]] = {}
    for number, names in enumerate(MONTHS, start=1):
        for name in names.split():
            for length in range(3, len(name) + 1):
                meant.setdefault(name[:length], set()).add(number)
    return {name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1}


def without_accents(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def read_clock(text: str) -> Clock | None:
    """The time of day that a text is, with or without a zone; empty is no time.

    >>> read_clock("1:05:07 AM PDT")
    Clock(time='01:05:07', offset='-07:00', zone='')
    >>> read_clock("T10:14:00Z"), read_clock("")
    (Clock(time='10:14:00', offset='', zone='UTC'), Clock(time='', offset='', zone=''))
    """
    if PLAIN_TIME.fullmatch(text):
        return Clock(text)
    text = text[BETWEEN.match(text).end() :]  # type: ignore[union-attr]
    if not text:
        return Clock("")
    match = TIME.fullmatch(text)
    if not match:
        return fraction(text)
    hour = int(match[1])
    if match[4]:
        hour = hour % 12 + (12 if match[4] in "pP" else 0)
    if hour > 23 or int(match[2]) > 59 or int(match[3] or 0) > 59:
        return None
    where = read_offset(match[5].strip(" ()"))
    if where is None:
        return None
    offset, zone = where
    return Clock(f"{hour:02}:{match[2]}:{match[3] or '00'}", offset, zone)


def fraction(text: str) -> Clock | None:
    """A time as a spreadsheet counts it: the part of the day that is over."""
    if not re.fullmatch(r"0[.,]\d+", text):
        return None
    seconds = round(float(text.replace(",", ".")) * SECONDS_PER_DAY)
    moment = dt.datetime.min + dt.timedelta(seconds=min(seconds, SECONDS_PER_DAY - 1))
    return Clock(f"{moment:%H:%M:%S}")


def read_offset(text: str) -> tuple[str, str] | None:
    """Offset and zone of what stands behind a time; None where it is not known."""
    word = text.upper()
    if not word:
        return "", ""
    if word in UNIVERSAL:
        return "", "UTC"
    if word in OFFSETS:
        return OFFSETS[word], ""
    match = OFFSET.fullmatch(word)
    if not match or int(match[2]) > 14:
        return None
    sign = "+" if match[1] == "+" else "-"
    return f"{sign}{int(match[2]):02}:{match[3] or '00'}", ""
