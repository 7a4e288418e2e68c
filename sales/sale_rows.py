"""Rows of a sales file on their way to the staging table: moments, days and keys."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from imports.kinds import NULL, copied
from imports.reading import FileProblem
from imports.staging import Stage
from imports.values import RowProblem
from inventory.models import Location, Shop
from inventory.places import BEGINNING, BusinessDays
from sales.formats.rows import SaleRow, sums_up
from sales.formats.spelling import Spelling, once
from sales.line_keys import line_key
from sales.not_products import is_no_product

NOON = "12:00:00"
OLDEST = "1990-01-01"
LONG_AGO = dt.timedelta(days=3653)
ONE_DAY = dt.timedelta(days=1)
FIELDS = {
    "identity": "text",
    "name": "text",
    "category": "text",
    "location": "text",
    "zone": "text",
    "receipt": "text",
    "sold_at": "timestamptz",
    "business_date": "date",
    "line_kind": "text",
    "quantity": "numeric(12,3)",
    "net_amount": "numeric(14,2)",
    "gross_amount": "numeric(14,2)",
    "barcode": "text",
    "reference": "text",
    "is_void": "boolean",
    "is_kept_out": "boolean",
    "warning": "text",
    "sale_date": "date",
    "is_no_product": "boolean",
}


class Reader(Protocol):
    def read(self, cells: list[str]) -> SaleRow: ...


class When(NamedTuple):
    """When a line was sold, its business date, and what is odd about them."""

    sold_at: str
    business_date: str
    warning: str = ""


class Day(NamedTuple):
    """A date at a location on which the clocks do not change."""

    date: str
    day_before: str
    close: str
    offset: str

    def at(self, clock: str) -> When:
        date = self.day_before if clock < self.close else self.date
        return When(f"{self.date} {clock}{self.offset}", date)


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

        A row that names none is of the shop's only location.
        """
        name = self.names.get(written)
        if name is None:
            if written:
                self.written.add(written)
            wanted = self.override or self.meant.get(written, written) or self.only
            if not wanted:
                raise RowProblem("empty_value", "location")
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

    def __init__(self, reader: Reader, places: Places) -> None:
        self.reader = reader
        self.places = places
        today = timezone.now()
        self.newest = (today + ONE_DAY).date().isoformat()
        self.long_ago = (today - LONG_AGO).date().isoformat()

    def parse(self, cells: list[str]) -> Sequence[str]:
        try:
            row = self.reader.read(cells)
        except RowProblem:
            if sums_up(cells):
                raise RowProblem("totals_row") from None
            raise
        if not self.long_ago <= row.date <= self.newest:
            row = self.far_away(row)
        name = self.places.name(row.location)
        key, held_key = self.keys(row, name)
        sold_at, business_date, warning = self.moment(row, name)
        return (
            key,
            held_key,
            copied(row.identity[:400]),
            copied(row.name[:250]),
            copied(row.category[:120]),
            copied(name[:120]),
            row.zone,
            copied(row.receipt[:120]),
            sold_at,
            business_date,
            row.kind,
            "0" if row.is_void else row.quantity,
            "0" if row.is_void else row.net_amount or NULL,
            row.gross_amount or NULL,
            copied(row.barcode[:60]),
            row.reference,
            "t" if row.is_void else "f",
            "t" if row.is_kept_out else "f",
            row.warning or warning,
            row.sale_date or NULL,
            sells_nothing(row.identity, row.item),
        )

    def far_away(self, row: SaleRow) -> SaleRow:
        """A date that is hardly right, or that cannot be."""
        if row.date > self.newest:
            raise RowProblem("date_in_the_future", row.date)
        if row.date < OLDEST:
            raise RowProblem("date_too_old", row.date)
        return row._replace(warning=row.warning or "sold_long_ago")

    def finish(self) -> None:
        self.places.check()

    @abstractmethod
    def keys(self, row: SaleRow, name: str) -> tuple[str, str]:
        """Key of the fact, and of a row that waits."""

    @abstractmethod
    def moment(self, row: SaleRow, name: str) -> When:
        """When it was sold, and the business date."""


class ReceiptParser(SaleParser):
    """Rows of receipts: keyed by receipt and item, sold at a moment.

    Where the file has no receipts, moment and location stand for them.
    """

    def __init__(self, reader: Reader, places: Places) -> None:
        super().__init__(reader, places)
        self.zones: dict[str, ZoneInfo] = {}
        self.known_days: dict[tuple[str, str, str, str], Day | None] = {}

    def keys(self, row: SaleRow, name: str) -> tuple[str, str]:
        receipt = row.receipt or f"{row.date} {row.clock} {name}"
        return line_key(receipt, row.kind, row.identity), NULL

    def moment(self, row: SaleRow, name: str) -> When:
        known = (name, row.date, row.zone, row.offset)
        if known not in self.known_days:
            self.known_days[known] = self.day(row, name)
        day = self.known_days[known]
        if day:
            return day.at(row.clock or NOON)
        return self.exact_moment(row, name)

    def day(self, row: SaleRow, name: str) -> Day | None:
        """None where the moment has to be reckoned: other zone, or a change of clocks.

        An offset says what the clock on the wall showed: its day is kept.
        """
        zone = self.zone(row.zone) if row.zone else None
        days = self.places.days_of(name, row.zone)
        date = dt.date.fromisoformat(row.date)
        day_before = date - ONE_DAY
        offset = row.offset
        if not offset:
            midnight = dt.datetime.combine(date, dt.time(), zone or days.zone)
            if (zone and zone.key != days.zone.key) or changes_clocks(midnight):
                return None
            offset = midnight.isoformat()[19:]
        close = days.close_of(day_before).isoformat()
        return Day(row.date, day_before.isoformat(), close, offset)

    def exact_moment(self, row: SaleRow, name: str) -> When:
        days = self.places.days_of(name, row.zone)
        zone = self.zone(row.zone) if row.zone else days.zone
        written = dt.datetime.fromisoformat(f"{row.date}T{row.clock or NOON}")
        local = written.replace(tzinfo=zone)
        moment = local.astimezone(dt.UTC)
        if moment.astimezone(zone).replace(tzinfo=None) != written:
            raise RowProblem("time_skipped", f"{row.date} {row.clock}")
        is_repeated = local.utcoffset() != local.replace(fold=1).utcoffset()
        return When(
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

    def __init__(self, reader: Reader, places: Places) -> None:
        super().__init__(reader, places)
        self.noons: dict[tuple[str, str], When] = {}

    def keys(self, row: SaleRow, name: str) -> tuple[str, str]:
        return line_key(row.date, row.identity), line_key(row.date, row.identity, name)

    def moment(self, row: SaleRow, name: str) -> When:
        known = self.noons.get((name, row.date))
        if known is None:
            zone = self.places.days_of(name, "").zone
            date = dt.date.fromisoformat(row.date)
            noon = dt.datetime.combine(date, dt.time(12), tzinfo=zone)
            known = When(noon.isoformat(), row.date)
            self.noons[name, row.date] = known
        return known


def changes_clocks(midnight: dt.datetime) -> bool:
    """Whether the clocks change between a midnight and the next."""
    return midnight.utcoffset() != (midnight + ONE_DAY).utcoffset()


@once
def sells_nothing(identity: str, item: str) -> str:
    """For COPY; a row without a name leaves it to the others of its identity."""
    if is_no_product(identity, item):
        return "t"
    return "f" if item else NULL


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
        return parser(reader(spelling), places)

    return make
