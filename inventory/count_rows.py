"""Rows of a stock file on their way to the staging table: what was counted when."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Protocol

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from imports.kinds import NULL, copied, copied_key
from imports.reading import FileProblem
from imports.staging import Stage
from imports.values import Dates, RowProblem, clean, clock, number
from inventory.formats.rows import CountRow
from inventory.identities import digest
from inventory.models import Location

END_OF_DAY = dt.time(23, 59, 59)
FIELDS = {
    "identity": "text",
    "name": "text",
    "barcode": "text",
    "location": "text",
    "quantity": "numeric(12,3)",
    "counted_at": "timestamptz",
    "note": "text",
    "is_level": "boolean",
}


class Reader(Protocol):
    def read(self, cells: list[str]) -> CountRow: ...


class CountParser:
    """Rows of one count file; where a row has no date, the file's own counts."""

    def __init__(self, reader: Reader, stage: Stage) -> None:
        self.reader = reader
        self.dates = Dates(stage.detected.date_order)
        self.decimal_comma = stage.detected.decimal_comma
        self.override = str(stage.options.get("location") or "")
        self.places = {
            place.name.casefold(): place for place in Location.objects.real()
        }
        self.default = moment_of(stage)
        self.written: set[str] = set()

    def parse(self, cells: list[str]) -> Sequence[str]:
        row = self.reader.read(cells)
        if not row.identity:
            raise RowProblem("empty_value", "sku")
        name = self.location(row.location)
        moment = self.moment(row.counted_at, name)
        return (
            copied_key(digest(row.identity, moment)),
            copied_key(digest(row.identity, moment, name)),
            copied(row.identity[:400]),
            copied(row.name[:250]),
            copied(row.barcode[:60]),
            copied(name[:120]),
            self.quantity(row),
            moment,
            copied(row.note[:250]),
            "t" if row.is_level else "f",
        )

    def quantity(self, row: CountRow) -> str:
        """What was counted; a level that is left empty says nothing."""
        if row.is_level and not clean(row.quantity):
            return NULL
        quantity = number(
            row.quantity,
            cause="quantity_not_a_number",
            decimal_comma=self.decimal_comma,
        )
        if quantity.startswith("-") and Decimal(quantity):
            if row.is_level:
                return quantity
            raise RowProblem("count_negative", quantity)
        return quantity.lstrip("-")

    def finish(self) -> None:
        if self.override and len(self.written) > 1:
            raise FileProblem(
                f"The file names {len(self.written)} locations, so they cannot all be "
                f"{self.override}. Leave the location out."
            )

    def location(self, written: str) -> str:
        if written:
            self.written.add(written)
        name = self.override or written
        if not name:
            raise RowProblem("empty_value", "location")
        place = self.places.get(name.casefold())
        return place.name if place else name

    def moment(self, text: str, name: str) -> str:
        """A date without a time means after close of that day."""
        if not text:
            return self.default.isoformat()
        date, _, time = text.replace("T", " ").partition(" ")
        day = dt.date.fromisoformat(self.dates.iso(date))
        of_day = dt.time.fromisoformat(clock(time)) if time else END_OF_DAY
        place = self.places.get(name.casefold())
        zone = place.zone if place else dt.UTC
        moment = dt.datetime.combine(day, of_day, tzinfo=zone).astimezone(dt.UTC)
        if moment > timezone.now() + dt.timedelta(days=1):
            raise RowProblem("date_in_the_future", text)
        return moment.isoformat()


def moment_of(stage: Stage) -> dt.datetime:
    """When the file's stock was counted: as stated, else when it was uploaded."""
    stated = parse_datetime(str(stage.options.get("counted_at") or ""))
    moment = stated or stage.imported.created_at
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment, dt.UTC)


def parser_of(
    reader: Callable[[Stage], Reader],
) -> Callable[[Stage], CountParser]:
    """How a kind makes the parser of one file."""

    def make(stage: Stage) -> CountParser:
        return CountParser(reader(stage), stage)

    return make
