"""Rows of a sales file on their way to the staging table: moments, days and keys."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from imports.kinds import NULL, copied, copied_key
from imports.reading import FileProblem
from imports.staging import Stage
from imports.values import Dates, RowProblem
from inventory.models import Location, Shop
from inventory.places import BusinessDays
from sales.formats.rows import SaleRow

KEY_BYTES = 16
NOON = dt.time(12)
OLDEST = "1990-01-01"
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
}


class Reader(Protocol):
    def read(self, cells: list[str]) -> SaleRow: ...


class Places:
    """Locations by the name a file writes, and the days of each."""

    def __init__(self, override: str) -> None:
        self.override = override
        self.default_zone = Shop.load().time_zone
        self.real: dict[str, Location] = {
            place.name.casefold(): place
            for place in Location.objects.real().prefetch_related("closes")
        }
        self.days: dict[str, BusinessDays] = {}
        self.written: set[str] = set()

    def name(self, written: str) -> str:
        """The location's own name, or the written one where it is not known."""
        if written:
            self.written.add(written)
        name = self.override or written
        if not name:
            raise RowProblem("empty_value", "location")
        place = self.real.get(name.casefold())
        return place.name if place else name

    def days_of(self, name: str, zone: str) -> BusinessDays:
        """A location that is yet to be created gets the file's zone, or the shop's."""
        days = self.days.get(name)
        if days is None:
            place = self.real.get(name.casefold())
            if place:
                days = place.business_days()
            else:
                days = BusinessDays(ZoneInfo(zone or self.default_zone))
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
        self.newest = (timezone.now() + dt.timedelta(days=1)).date().isoformat()
        self.zones: dict[str, ZoneInfo] = {}
        self.moments: dict[tuple[str, str], str] = {}

    def parse(self, cells: list[str]) -> Sequence[str]:
        row = self.reader.read(cells)
        if not OLDEST <= row.date <= self.newest:
            cause = "date_too_old" if row.date < OLDEST else "date_in_the_future"
            raise RowProblem(cause, row.date)
        name = self.places.name(row.location)
        identity = copied(row.identity[:400])
        return (
            *self.keys(row, name),
            identity,
            copied(row.name[:250]),
            copied(row.category[:120]),
            copied(name[:120]),
            row.zone,
            copied(row.receipt[:120]),
            *self.moment(row, name),
            row.kind,
            "0" if row.is_void else row.quantity,
            "0" if row.is_void else row.net_amount or NULL,
            row.gross_amount or NULL,
            copied(row.barcode[:60]),
            row.reference,
            "t" if row.is_void else "f",
            "t" if row.is_kept_out else "f",
        )

    def finish(self) -> None:
        self.places.check()

    @abstractmethod
    def keys(self, row: SaleRow, name: str) -> tuple[str, str]:
        """Key of the fact, and of a row that waits."""

    @abstractmethod
    def moment(self, row: SaleRow, name: str) -> tuple[str, str]:
        """When it was sold, and the business date."""


class ReceiptParser(SaleParser):
    """Rows of receipts: keyed by receipt and item, sold at a moment."""

    def keys(self, row: SaleRow, name: str) -> tuple[str, str]:
        return copied_key(digest(row.receipt, row.kind, row.identity)), NULL

    def moment(self, row: SaleRow, name: str) -> tuple[str, str]:
        zone = self.zone(row.zone) if row.zone else None
        days = self.places.days_of(name, row.zone)
        written = dt.datetime.fromisoformat(f"{row.date}T{row.clock or NOON}")
        if row.offset:
            moment = dt.datetime.fromisoformat(f"{written.isoformat()}{row.offset}")
            return moment.isoformat(), days.date_at(written).isoformat()
        zone = zone or days.zone
        moment = written.replace(tzinfo=zone).astimezone(dt.UTC)
        if moment.astimezone(zone).replace(tzinfo=None) != written:
            raise RowProblem("time_skipped", f"{row.date} {row.clock}")
        return moment.isoformat(), days.date_of(moment).isoformat()

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

    def keys(self, row: SaleRow, name: str) -> tuple[str, str]:
        return (
            copied_key(digest(row.date, row.identity)),
            copied_key(digest(row.date, row.identity, name)),
        )

    def moment(self, row: SaleRow, name: str) -> tuple[str, str]:
        known = self.moments.get((name, row.date))
        if known is None:
            zone = self.places.days_of(name, "").zone
            date = dt.date.fromisoformat(row.date)
            noon = dt.datetime.combine(date, NOON, tzinfo=zone)
            known = noon.astimezone(dt.UTC).isoformat()
            self.moments[name, row.date] = known
        return known, row.date


def digest(*parts: str) -> bytes:
    return blake2b("\x1f".join(parts).encode(), digest_size=KEY_BYTES).digest()


def parser_of(
    parser: type[SaleParser], reader: Callable[..., Reader]
) -> Callable[[Stage], SaleParser]:
    """How a kind makes the parser of one file."""

    def make(stage: Stage) -> SaleParser:
        dates = Dates(stage.detected.date_order)
        places = Places(str(stage.options.get("location") or ""))
        return parser(reader(dates, decimal_comma=stage.detected.decimal_comma), places)

    return make
