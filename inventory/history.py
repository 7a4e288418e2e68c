"""The ledger of one product in one location, newest first, with its running stock.

Sales are grouped per day. Between two counts the stock follows from the facts; at a
count it is what was counted, and the difference is the variance.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from inventory.catalogue import Product
from inventory.documents import address_of
from inventory.facts import StockCount, StockMove
from inventory.places import Location

ENTRIES = 20
FACTS_PER_KIND = 200
SALE_LINES = 20_000

SALES_PER_DAY = """
WITH line AS (
    SELECT s.sold_at, s.stock_change, s.receipt, s.is_daily_total,
        s.kind = 'write_off' AS is_write_off
    FROM inventory_product f JOIN inventory_saleline s ON s.product_id = f.id
    WHERE f.survivor_id = %(product)s AND s.location_id = %(location)s
      AND s.sold_at < %(before)s AND s.stock_change <> 0 AND NOT s.is_retracted
      AND NOT EXISTS (
          SELECT FROM inventory_saleline n
          WHERE n.source_id = s.source_id AND n.key = s.key
            AND n.version > s.version AND n.version > 1)
    ORDER BY s.sold_at DESC LIMIT %(lines)s
)
SELECT (sold_at AT TIME ZONE %(zone)s)::date,
    (SELECT count(*) FROM unnest(%(anchors)s::timestamptz[]) a WHERE a < sold_at),
    max(sold_at), sum(stock_change), count(DISTINCT nullif(receipt, '')),
    bool_and(is_daily_total), is_write_off
FROM line GROUP BY 1, 2, is_write_off ORDER BY 3 DESC LIMIT %(limit)s
"""

STOCK_AT = """
SELECT a.counted_quantity
    + (SELECT coalesce(sum(s.stock_change), 0)
       FROM inventory_product f JOIN inventory_saleline s ON s.product_id = f.id
       WHERE f.survivor_id = m.product_id AND s.location_id = m.location_id
         AND s.sold_at > a.counted_at AND s.sold_at <= m.moment
         AND NOT s.is_retracted
         AND NOT EXISTS (
             SELECT FROM inventory_saleline n
             WHERE n.source_id = s.source_id AND n.key = s.key
               AND n.version > s.version AND n.version > 1))
    + (SELECT coalesce(sum(CASE WHEN v.to_location_id = m.location_id
                           THEN v.quantity ELSE -v.quantity END), 0)
       FROM inventory_product f JOIN inventory_stockmove v ON v.product_id = f.id
       WHERE f.survivor_id = m.product_id
         AND v.occurred_at > a.counted_at AND v.occurred_at <= m.moment
         AND m.location_id IN (v.to_location_id, v.from_location_id))
FROM unnest(%(products)s::bigint[], %(locations)s::bigint[],
            %(moments)s::timestamptz[])
    WITH ORDINALITY m (product_id, location_id, moment, position)
LEFT JOIN LATERAL (
    SELECT counted_at, sum(counted_quantity) AS counted_quantity
    FROM (SELECT DISTINCT ON (c.counted_at, c.product_id)
              c.counted_at, c.counted_quantity
          FROM inventory_product f JOIN inventory_stockcount c ON c.product_id = f.id
          WHERE f.survivor_id = m.product_id AND c.location_id = m.location_id
            AND c.counted_at < m.moment AND NOT c.is_retracted
            AND NOT EXISTS (
                SELECT FROM inventory_stockcount n
                WHERE n.key = c.key AND n.version > c.version)
          ORDER BY c.counted_at DESC, c.product_id, c.id DESC) part
    GROUP BY counted_at ORDER BY counted_at DESC LIMIT 1
) a ON true
ORDER BY m.position
"""


@dataclass(frozen=True, slots=True)
class Then:
    """A product in a location at a moment."""

    product_id: int
    location_id: int
    moment: dt.datetime


@dataclass(slots=True)
class Entry:
    """A line of the ledger. A count has no change; it has a variance, if known."""

    at: dt.datetime
    date: dt.date
    what: str
    kind: str
    change: Decimal | None = None
    document: str = ""
    receipts: int = 0
    is_daily_total: bool = False
    note: str = ""
    by: str = ""
    counted: Decimal | None = None
    variance: Decimal | None = None
    on_hand: Decimal | None = None

    @property
    def address(self) -> str:
        return address_of(self.document)


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Whole days of entries; ``older_than`` leads to the page before, if any."""

    entries: list[Entry]
    older_than: dt.date | None


def ledger_page(
    product: Product, location: Location, *, older_than: dt.date | None = None
) -> LedgerPage:
    """The newest entries, or those before a date of the location."""
    before = start_of(older_than, location) if older_than else _far_ahead()
    counts = list(current_counts(product, location, before))
    entries = count_entries(counts, location)
    entries += sale_entries(product, location, before, [c.counted_at for c in counts])
    entries += move_entries(product, location, before)
    entries.sort(key=lambda entry: (entry.at, entry.counted is not None), reverse=True)
    page = whole_days(entries)
    run_stock(page.entries, product, location, before)
    return page


def whole_days(entries: list[Entry]) -> LedgerPage:
    """Cut after enough entries, never inside a day."""
    if len(entries) <= ENTRIES:
        return LedgerPage(entries, None)
    last = entries[ENTRIES - 1].date
    shown = [entry for entry in entries if entry.date >= last]
    return LedgerPage(shown, last if len(shown) < len(entries) else None)


def run_stock(
    entries: list[Entry], product: Product, location: Location, before: dt.datetime
) -> None:
    """Fill in the stock after each entry, walking back from the newest."""
    moments = [before - dt.timedelta(microseconds=1)]
    moments += [entry.at for entry in entries if entry.counted is not None]
    known = iter(stock_at([Then(product.pk, location.pk, at) for at in moments]))
    stock = next(known)
    for entry in entries:
        if entry.counted is not None:
            entry.on_hand = entry.counted
            stock = next(known)
            entry.variance = None if stock is None else entry.counted - stock
        elif stock is not None and entry.change is not None:
            entry.on_hand = stock
            stock -= entry.change


def stock_at(moments: Sequence[Then]) -> list[Decimal | None]:
    """Stock at each moment, by the count before it; None where never counted."""
    arguments: dict[str, Any] = {
        "products": [then.product_id for then in moments],
        "locations": [then.location_id for then in moments],
        "moments": [then.moment for then in moments],
    }
    with connection.cursor() as cursor:
        cursor.execute(STOCK_AT, arguments)
        return [row[0] for row in cursor.fetchall()]


def record_before(counts: Sequence[StockCount]) -> list[Decimal | None]:
    """What the record said when each of these was counted."""
    return stock_at(
        [Then(c.product.survivor_id, c.location_id, c.counted_at) for c in counts]
    )


def current_counts(
    product: Product, location: Location, before: dt.datetime
) -> QuerySet[StockCount]:
    counts = StockCount.objects.current().filter(
        product__survivor_id=product.pk, location=location, counted_at__lt=before
    )
    return counts.select_related("user").order_by("-counted_at", "-pk")[:FACTS_PER_KIND]


def count_entries(counts: Sequence[StockCount], location: Location) -> list[Entry]:
    """One entry per moment: what was counted under several names is added up."""
    newest: dict[tuple[dt.datetime, int], StockCount] = {}
    for count in counts:
        newest.setdefault((count.counted_at, count.product_id), count)
    entries: dict[dt.datetime, Entry] = {}
    for (moment, _), count in newest.items():
        entry = entries.setdefault(moment, count_entry(count, location))
        entry.counted = (entry.counted or Decimal(0)) + count.counted_quantity
    return list(entries.values())


def count_entry(count: StockCount, location: Location) -> Entry:
    return Entry(
        at=count.counted_at,
        date=count.counted_at.astimezone(location.zone).date(),
        what="Count",
        kind="count",
        note=count.note,
        by=str(count.user) if count.user else "",
        counted=Decimal(0),
    )


def sale_entries(
    product: Product,
    location: Location,
    before: dt.datetime,
    anchors: Sequence[dt.datetime],
) -> list[Entry]:
    arguments: dict[str, Any] = {
        "product": product.pk,
        "location": location.pk,
        "before": before,
        "anchors": list(anchors),
        "zone": location.time_zone,
        "lines": SALE_LINES,
        "limit": FACTS_PER_KIND,
    }
    with connection.cursor() as cursor:
        cursor.execute(SALES_PER_DAY, arguments)
        rows = cursor.fetchall()
    return [
        Entry(
            at=last_at,
            date=day,
            what=what_happened(change, is_write_off=is_write_off),
            kind="write_off" if is_write_off else "sale",
            change=change,
            receipts=receipts,
            is_daily_total=is_daily_total,
        )
        for day, _, last_at, change, receipts, is_daily_total, is_write_off in rows
    ]


def what_happened(change: Decimal, *, is_write_off: bool) -> str:
    if is_write_off:
        return "Write-off"
    return "Sale" if change < 0 else "Return"


def move_entries(
    product: Product, location: Location, before: dt.datetime
) -> list[Entry]:
    moves = StockMove.objects.filter(
        Q(from_location=location) | Q(to_location=location),
        product__survivor_id=product.pk,
        occurred_at__lt=before,
    ).select_related("user", "from_location", "to_location")
    newest = moves.order_by("-occurred_at", "-pk")[:FACTS_PER_KIND]
    return [move_entry(move, location) for move in newest]


def move_entry(move: StockMove, location: Location) -> Entry:
    arrived = move.to_location_id == location.pk
    return Entry(
        at=move.occurred_at,
        date=move.occurred_at.astimezone(location.zone).date(),
        what=move.get_kind_display(),
        kind=move.kind,
        change=move.quantity if arrived else -move.quantity,
        document=move.document,
        note=move.reason,
        by=str(move.user) if move.user else "",
    )


def start_of(date: dt.date, location: Location) -> dt.datetime:
    return dt.datetime.combine(date, dt.time(), location.zone)


def _far_ahead() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=3650)
