"""Rows of a sales file on their way to the staging table: moments, days and keys."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from imports.kinds import Column, copied
from imports.reading import FileProblem
from imports.staging import Stage
from imports.values import RowProblem
from inventory.models import Location, Shop
from inventory.places import BEGINNING, BusinessDays
from sales.formats.layout import Reader
from sales.formats.rows import Apart, SaleRow, sums_up
from sales.formats.spelling import Spelling
from sales.known_rows import Known
from sales.line_keys import day_item_part, day_part, item_part, receipt_part
from sales.sold import (
    UNREAD,
    Occasion,
    PartedReader,
    Sold,
    apart_of,
    fields_of,
    sold_of,
)

NOON = "12:00:00"
OLDEST = "1990-01-01"
UNNAMED = "Unnamed location"
LONG_AGO = dt.timedelta(days=3653)
ONE_DAY = dt.timedelta(days=1)
FIELDS = {
    "identity": "text",
    "name": "text",
    "category": "text",
    "location": "text",
    "line_kind": "text",
    "quantity": "numeric(12,3)",
    "net_amount": "numeric(14,2)",
    "gross_amount": "numeric(14,2)",
    "barcode": "text",
    "is_void": "boolean",
    "is_kept_out": "boolean",
    "sale_date": "date",
    "is_no_product": "boolean",
    "zone": "text",
    "receipt": "text",
    "sold_at": "timestamptz",
    "business_date": "date",
    "reference": "text",
    "warning": "text",
}


# When a line was sold, its business date, and what is odd about them.
type When = tuple[str, str, str]


class Day(NamedTuple):
    """A date at a location on which the clocks do not change."""

    date: str
    day_before: str
    close: str
    offset: str

    def at(self, clock: str) -> When:
        date = self.day_before if clock < self.close else self.date
        return f"{self.date} {clock}{self.offset}", date, ""


class Places:
    """Locations by the name a file writes, and the days of each.

    ``meant`` says which location a written name stands for; ``day_ends_at``, when a
    location that is yet to be created closes its day.
    """

    def __init__(
        self,
        override: str,
        meant: Mapping[str, str] = MappingProxyType({}),
        day_ends_at: str = "",
    ) -> None:
        self.override = override
        self.meant = meant
        closes_at = dt.time.fromisoformat(day_ends_at or "00:00")
        self.new_closes = ((BEGINNING, closes_at),)
        self.default_zone = Shop.load().time_zone
        self.real: dict[str, Location] = {
            place.name.casefold(): place
            for place in Location.objects.real().prefetch_related("closes")
        }
        self.only = next(iter(self.real)) if len(self.real) == 1 else ""
        self.days: dict[str, BusinessDays] = {}
        self.written: set[str] = set()
        self.names: dict[str, str] = {}

    def name(self, written: str) -> str:
        """The location's own name, or the written one where it is not known.

        A row that names none, such as an online order among those of stores, is of the
        shop's only location; else a person says which one it is of.
        """
        name = self.names.get(written)
        if name is None:
            if written:
                self.written.add(written)
            wanted = self.override or self.meant.get(written or UNNAMED) or written
            wanted = wanted or self.only or UNNAMED
            place = self.real.get(wanted.casefold())
            name = self.names[written] = place.name if place else wanted
        return name

    def days_of(self, name: str, zone: str) -> BusinessDays:
        """A location that is yet to be created gets the file's zone, or the shop's."""
        days = self.days.get(name)
        if days is None:
            place = self.real.get(name.casefold())
            if place:
                days = place.business_days()
            else:
                days = BusinessDays(
                    ZoneInfo(zone or self.default_zone), self.new_closes
                )
            self.days[name] = days
        return days

    def check(self) -> None:
        if self.override and len(self.written) > 1:
            names = ", ".join(sorted(self.written)[:3])
            raise FileProblem(
                f"The file names {len(self.written)} locations ({names}), so they "
                f"cannot all be {self.override}. Leave the location out."
            )


class SaleParser(ABC):
    """Parser of the sales kinds; the formats differ only in their reader."""

    def __init__(
        self, reader: Reader, places: Places, columns: Sequence[Column] = ()
    ) -> None:
        self.reader = reader
        self.places = places
        today = timezone.now()
        self.newest = (today + ONE_DAY).date().isoformat()
        self.long_ago = (today - LONG_AGO).date().isoformat()

    def parse(self, cells: list[str]) -> Sequence[str]:
        try:
            sold, occasion = self.read(cells)
        except RowProblem:
            if sums_up(cells):
                raise RowProblem("totals_row") from None
            raise
        return fields_of([sold], [occasion])

    def read(self, cells: list[str]) -> tuple[Sold, Occasion]:
        row = self.reader.read(cells)
        place = self.places.name(row.location)
        key, held_key = self.ends_of_keys(row, place)
        sold = sold_of(row, place, key=key, held_key=held_key)
        return sold, self.occasion(apart_of(row), place)

    def occasion(self, apart: Apart, place: str) -> Occasion:
        warning = ""
        if not self.long_ago <= apart.date <= self.newest:
            warning = self.far_away(apart.date)
        sold_at, business_date, odd = self.moment(apart, place)
        return (
            self.begin_of_keys(apart, place),
            f"{apart.zone}\t{copied(apart.receipt[:120])}\t{sold_at}"
            f"\t{business_date}\t{apart.reference}",
            warning or odd,
        )

    def far_away(self, date: str) -> str:
        """A date that is hardly right, or that cannot be."""
        if date > self.newest:
            raise RowProblem("date_in_the_future", date)
        if date < OLDEST:
            raise RowProblem("date_too_old", date)
        return "sold_long_ago"

    def finish(self) -> None:
        self.places.check()

    @abstractmethod
    def begin_of_keys(self, apart: Apart, place: str) -> str:
        """What the lines of one receipt, or of one day, have in common."""

    @abstractmethod
    def ends_of_keys(self, row: SaleRow, place: str) -> tuple[str, str]:
        """What sets a line apart: as a fact, and as a row that waits."""

    @abstractmethod
    def moment(self, apart: Apart, place: str) -> When:
        """When it was sold, and the business date."""


class ReceiptParser(SaleParser):
    """Rows of receipts: keyed by receipt and item, sold at a moment.

    Where the file has no receipts, moment and location stand for them.
    """

    def __init__(
        self, reader: Reader, places: Places, columns: Sequence[Column] = ()
    ) -> None:
        super().__init__(reader, places, columns)
        self.zones: dict[str, ZoneInfo] = {}
        self.known_days: dict[tuple[str, str, str, str], Day | None] = {}
        self.known: Known | None = None
        if columns and isinstance(reader, PartedReader):
            self.known = Known(reader, columns)

    def read(self, cells: list[str]) -> tuple[Sold, Occasion]:
        known = self.known
        if known is None:
            return super().read(cells)
        sold = known.sold(cells)
        if sold is None:
            sold, read = super().read(cells)
            known.learn(cells, sold)
            return sold, read
        return sold, self.occasion(known.reader.apart(cells), sold.place)

    def known_fields(self, rows: Sequence[list[str]]) -> list[str]:
        known = self.known
        if known is None:
            return [""] * len(rows)
        sold = known.sold_of(rows)
        return fields_of(sold, self.occasions(known, rows, sold))

    def occasions(
        self, known: Known, rows: Sequence[list[str]], sold: Sequence[Sold | None]
    ) -> list[Occasion]:
        """Of each known row; rows that follow one another mostly share theirs."""
        found: list[Occasion] = []
        last: tuple[str, ...] = ()
        place, occasion = "", UNREAD
        aparts = map(known.told_apart, rows)
        for cells, apart, part in zip(rows, aparts, sold, strict=True):
            if part is not None and (apart != last or part.place != place):
                last, place = apart, part.place
                occasion = self.readable_occasion(known.reader, cells, place)
            found.append(occasion)
        return found

    def readable_occasion(
        self, reader: PartedReader, cells: list[str], place: str
    ) -> Occasion:
        try:
            return self.occasion(reader.apart(cells), place)
        except RowProblem:
            return UNREAD

    def begin_of_keys(self, apart: Apart, place: str) -> str:
        return receipt_part(apart.receipt or f"{apart.date} {apart.clock} {place}")

    def ends_of_keys(self, row: SaleRow, place: str) -> tuple[str, str]:
        return item_part(row.kind, row.identity), ""

    def moment(self, apart: Apart, place: str) -> When:
        known = (place, apart.date, apart.zone, apart.offset)
        day = self.known_days.get(known)
        if day is None:
            if known in self.known_days:
                return self.exact_moment(apart, place)
            self.known_days[known] = self.day(apart, place)
            return self.moment(apart, place)
        return day.at(apart.clock or NOON)

    def day(self, apart: Apart, place: str) -> Day | None:
        """None where the moment has to be reckoned: other zone, or a change of clocks.

        An offset says what the clock on the wall showed: its day is kept.
        """
        zone = self.zone(apart.zone) if apart.zone else None
        days = self.places.days_of(place, apart.zone)
        date = dt.date.fromisoformat(apart.date)
        day_before = date - ONE_DAY
        offset = apart.offset
        if not offset:
            midnight = dt.datetime.combine(date, dt.time(), zone or days.zone)
            if (zone and zone.key != days.zone.key) or changes_clocks(midnight):
                return None
            offset = midnight.isoformat()[19:]
        close = days.close_of(day_before).isoformat()
        return Day(apart.date, day_before.isoformat(), close, offset)

    def exact_moment(self, apart: Apart, place: str) -> When:
        days = self.places.days_of(place, apart.zone)
        zone = self.zone(apart.zone) if apart.zone else days.zone
        written = dt.datetime.fromisoformat(f"{apart.date}T{apart.clock or NOON}")
        local = written.replace(tzinfo=zone)
        moment = local.astimezone(dt.UTC)
        if moment.astimezone(zone).replace(tzinfo=None) != written:
            raise RowProblem("time_skipped", f"{apart.date} {apart.clock}")
        is_repeated = local.utcoffset() != local.replace(fold=1).utcoffset()
        return (
            moment.isoformat(),
            days.date_of(moment).isoformat(),
            "time_repeated" if is_repeated else "",
        )

    def zone(self, name: str) -> ZoneInfo:
        zone = self.zones.get(name)
        if zone is None:
            if name not in available_timezones():
                raise RowProblem("time_zone_unknown", name)
            zone = self.zones[name] = ZoneInfo(name)
        return zone


class DailyParser(SaleParser):
    """Rows of whole days: keyed by day and item; the location is added on merging.

    A day's total stands at noon, so that a count of that date is before opening or
    after close.
    """

    def __init__(
        self, reader: Reader, places: Places, columns: Sequence[Column] = ()
    ) -> None:
        super().__init__(reader, places, columns)
        self.noons: dict[tuple[str, str], When] = {}

    def begin_of_keys(self, apart: Apart, place: str) -> str:
        return day_part(apart.date)

    def ends_of_keys(self, row: SaleRow, place: str) -> tuple[str, str]:
        return day_item_part(row.identity), day_item_part(row.identity, place)

    def moment(self, apart: Apart, place: str) -> When:
        known = self.noons.get((place, apart.date))
        if known is None:
            zone = self.places.days_of(place, "").zone
            date = dt.date.fromisoformat(apart.date)
            noon = dt.datetime.combine(date, dt.time(12), tzinfo=zone)
            known = noon.isoformat(), apart.date, ""
            self.noons[place, apart.date] = known
        return known


def changes_clocks(midnight: dt.datetime) -> bool:
    """Whether the clocks change between a midnight and the next."""
    return midnight.utcoffset() != (midnight + ONE_DAY).utcoffset()


def parser_of(
    parser: type[SaleParser], reader: Callable[[Spelling], Reader]
) -> Callable[[Stage], SaleParser]:
    """How a kind makes the parser of one file."""

    def make(stage: Stage) -> SaleParser:
        detected = stage.detected
        spelling = Spelling(
            detected.date_order,
            decimal_comma=detected.decimal_comma,
            options=stage.options,
        )
        options = stage.options
        places = Places(
            str(options.get("location") or ""),
            options.get("location_names") or {},
            str(options.get("day_ends_at") or ""),
        )
        return parser(reader(spelling), places, stage.kind.columns)

    return make
