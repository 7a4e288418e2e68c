"""Open purchase orders from another program: at the vendor already, and on the way.

Nothing is mailed. An order that is here already takes a new expected day from the
file; its lines are changed on its own page. Undoing cancels what the file brought.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from imports import giving_back, problems, records
from imports.importing import count_undone
from imports.kinds import Fix, Kind, register
from imports.models import Import, ImportedChange
from imports.records import Field, RecordEffect, Table
from imports.repeated import reject_repeated
from imports.staging import Stage
from inventory.models import Location
from purchasing import ordering
from purchasing.order_rows import COLUMNS, STAGED, OrderParser
from purchasing.orders import PurchaseOrder
from purchasing.timing import arrival_if_sent
from purchasing.transitions import advance, locked, record
from vendors.models import Vendor
from vendors.offers import CREATE_VENDORS, FIND_VENDOR, create_vendors

State = PurchaseOrder.State
MORNING = dt.time(9)
OPTIONS = ("create_vendors", "ignore_products", "ignore_locations")

FIELDS = (
    Field("ordered", "numeric(12,3)", "n.quantity - n.closed_quantity", "ordered", "0"),
    Field("received", "numeric(12,3)", "n.received_quantity", "received", "0"),
    Field(
        "cost",
        "numeric(12,4)",
        "n.unit_cost",
        "cost",
        taken="coalesce(s.cost, n.unit_cost, f.cost, o.cost)",
    ),
    Field(
        "expected_on",
        "date",
        "coalesce(k.confirmed_on, k.expected_on)",
        "expected",
        "NULL",
    ),
)

# An order of the same vendor, place and number that stands; ours are known by theirs.
FIND = """
LEFT JOIN (
    SELECT DISTINCT ON (lower(name)) * FROM inventory_location
    WHERE kind IN ('store', 'warehouse') ORDER BY lower(name), id
) l ON lower(l.name) = lower(s.location)
LEFT JOIN inventory_productalias g
    ON g.source_id IS NULL AND g.identity = s.identity
LEFT JOIN inventory_product p0 ON p0.sku = s.identity
LEFT JOIN inventory_product p ON p.id = coalesce(g.product_id, p0.id)
LEFT JOIN inventory_product o ON o.id = p.survivor_id
LEFT JOIN vendors_vendorproduct f ON f.vendor_id = v.id AND f.product_id = o.id
LEFT JOIN LATERAL (
    SELECT q.* FROM purchasing_purchaseorder q
    LEFT JOIN imports_import i ON i.id = q.import_file_id
    WHERE q.vendor_id = v.id AND q.location_id = l.id AND q.state <> 'suggested'
      AND coalesce(i.state, '') NOT IN ('undoing', 'undone', 'cancelled')
      AND (lower(q.imported_number) = lower(s.number)
           OR s.number = 'PO-' || (q.id + 1000))
    ORDER BY q.id DESC LIMIT 1) k ON true
LEFT JOIN purchasing_purchaseorderline n ON n.order_id = k.id AND n.product_id = o.id
"""

CHUNK = records.chunk_query(
    FIELDS,
    context="""s.identity, s.number, s.vendor, s.location, s.ordered_on,
        v.id AS vendor_id, l.id AS location_id, o.id AS product_id, k.id AS order_id,
        n.id AS line_id, k.import_file_id, k.state AS order_state,
        (k.sent_at AT TIME ZONE l.time_zone)::date AS sent_on,
        coalesce(f.case_pack, 1) AS case_pack,
        coalesce(f.vendor_sku, '') AS vendor_sku""",
    joins=f"{FIND_VENDOR} {FIND}",
    is_known="line_id IS NOT NULL",
    verdicts="""
        WHEN vendor_id IS NULL AND NOT %(create_vendors)s THEN 'unknown_vendor'
        WHEN location_id IS NULL THEN 'unknown_location'
        WHEN product_id IS NULL THEN 'unknown_product'
        WHEN line_id IS NULL AND received >= ordered THEN 'nothing_open'
        WHEN order_id IS NOT NULL AND import_file_id IS DISTINCT FROM %(import)s
            AND (ordered, received, cost)
            IS DISTINCT FROM (o_ordered, o_received, o_cost) THEN 'order_differs'
        WHEN line_id IS NOT NULL AND expected_on IS DISTINCT FROM o_expected_on
            AND order_state NOT IN ('sent', 'confirmed', 'partly_received')
            THEN 'order_differs'
        WHEN line_id IS NOT NULL AND expected_on IS DISTINCT FROM o_expected_on
            AND expected_on < sent_on THEN 'expected_before_sent'
        WHEN cost IS NULL THEN 'cost_unknown'""",
    outcomes="""
        WHEN why IN ('order_differs', 'expected_before_sent', 'cost_unknown')
            THEN 'rejected'
        WHEN why = 'nothing_open' THEN 'ignored'
        WHEN why = 'unknown_product' AND %(ignore_products)s THEN 'ignored'
        WHEN why = 'unknown_location' AND %(ignore_locations)s THEN 'ignored'""",
    details="""WHEN 'unknown_vendor' THEN vendor WHEN 'unknown_location' THEN location
        WHEN 'unknown_product' THEN identity WHEN 'cost_unknown' THEN identity
        WHEN 'order_differs' THEN number || ' ' || identity
        WHEN 'expected_before_sent' THEN number
        WHEN 'nothing_open' THEN number || ' ' || identity""",
)

NEW_ORDERS = """
SELECT c.vendor_id, c.location_id, min(c.number), min(c.ordered_on),
    min(c.expected_on), max(c.order_id), bool_or(r.number IS NOT NULL)
FROM import_chunk c
LEFT JOIN (
    SELECT DISTINCT lower(number) AS number, lower(vendor) AS vendor,
        lower(location) AS location
    FROM {stage} WHERE received > 0
) r ON (r.number, r.vendor, r.location)
    = (lower(c.number), lower(c.vendor), lower(c.location))
WHERE outcome = 'new'
GROUP BY c.vendor_id, c.location_id, lower(c.number) ORDER BY min(c.row_number)
"""

ADD_LINES = """
INSERT INTO purchasing_purchaseorderline (order_id, product_id, vendor_sku, case_pack,
    quantity, closed_quantity, received_quantity, unit_cost, cost_source, urgency,
    reason, explanation)
SELECT %(order)s, product_id, max(vendor_sku), max(case_pack), sum(ordered), 0,
    sum(received), max(cost), %(source)s, 'should', '', '{}'
FROM import_chunk
WHERE outcome = 'new' AND vendor_id = %(vendor)s AND location_id = %(location)s
  AND lower(number) = lower(%(number)s)
GROUP BY product_id ORDER BY min(row_number)
ON CONFLICT (order_id, product_id) DO NOTHING
"""

CHANGED_DAYS = """
SELECT order_id, min(expected_on) FROM import_chunk WHERE outcome = 'changed'
GROUP BY order_id ORDER BY order_id
"""

ORDERS = Table(
    name="purchasing_purchaseorder",
    known="order_id",
    columns={"state": "state", "confirmed_on": "confirmed_on"},
    given={},
    made_by="false",
    changed_by="false",
    retire=lambda cursor, changes: None,
    is_main=True,
)


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What a file says of one order that is not here yet, or only in part."""

    vendor_id: int
    location_id: int
    number: str
    ordered_on: dt.date | None
    expected_on: dt.date | None
    order_id: int | None
    is_partly_received: bool


def classify(cursor: CursorWrapper, stage: Stage, first: int, last: int) -> None:
    records.classify(cursor, stage, CHUNK, first=first, last=last, options=OPTIONS)


def merge(cursor: CursorWrapper, stage: Stage) -> None:
    cursor.execute(stage.query(NEW_ORDERS))
    for new in [NewOrder(*row) for row in cursor.fetchall()]:
        bring_in(cursor, stage, new)
    if stage.options.get("accept_changes"):
        cursor.execute(CHANGED_DAYS)
        for order_id, day in cursor.fetchall():
            move_day(stage.imported, PurchaseOrder.objects.get(pk=order_id), day)


def bring_in(cursor: CursorWrapper, stage: Stage, new: NewOrder) -> None:
    """An order as it stands at the vendor, with its lines."""
    order = begun(stage.imported, new)
    cursor.execute(
        ADD_LINES,
        {
            "order": order.pk,
            "vendor": new.vendor_id,
            "location": new.location_id,
            "number": new.number,
            "source": stage.imported.file_name[:120],
        },
    )
    order.total = sum((line.total for line in order.lines.all()), Decimal(0))
    order.save(update_fields=["total"])


def begun(imported: Import, new: NewOrder) -> PurchaseOrder:
    """The order of this number; rows of an earlier chunk may have begun it."""
    if new.order_id:
        return PurchaseOrder.objects.get(pk=new.order_id)
    vendor = Vendor.objects.get(pk=new.vendor_id)
    location = Location.objects.get(pk=new.location_id)
    sent_at = timezone.now()
    if new.ordered_on:
        sent_at = dt.datetime.combine(new.ordered_on, MORNING, location.zone)
    order: PurchaseOrder = PurchaseOrder.objects.create(
        vendor=vendor,
        location=location,
        state=State.PARTLY_RECEIVED if new.is_partly_received else State.SENT,
        currency=vendor.currency,
        sent_at=sent_at,
        expected_on=new.expected_on or arrival_if_sent(vendor, location, sent_at),
        imported_number=new.number,
        import_file=imported,
    )
    note = f"{new.number} in {imported.file_name}"
    record(order, "imported", by=imported.created_by, note=note)
    return order


def move_day(imported: Import, order: PurchaseOrder, day: dt.date) -> None:
    """The file names another day; what stood before is kept for an undo."""
    before = {"state": order.state, "confirmed_on": iso(order.confirmed_on)}
    moved = ordering.confirm(order, confirmed_on=day, by=imported.created_by)
    ImportedChange.objects.get_or_create(
        import_file=imported,
        table=ORDERS.name,
        record_id=order.pk,
        defaults={
            "before": before,
            "after": {"state": moved.state, "confirmed_on": iso(moved.confirmed_on)},
        },
    )


def iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def undo(imported: Import) -> Iterator[int]:
    """Cancel what the file brought, and give back the days that it moved."""
    orders = PurchaseOrder.objects.filter(import_file=imported)
    for order in orders.incoming().order_by("pk"):
        yield cancel(imported, order)
    yield from giving_back.undo(imported, (ORDERS,))


@transaction.atomic
def cancel(imported: Import, order: PurchaseOrder) -> int:
    """Nothing of it is incoming any more; what was received here stays received."""
    reason = f"The import of {imported.file_name} was undone"
    if order.receipts.exists():
        ordering.cancel(order, by=imported.created_by, reason=reason)
    else:
        current = locked(order, states=PurchaseOrder.INCOMING)
        advance(current, State.CANCELLED)
        record(current, "cancelled", by=imported.created_by, note=reason)
    lines: int = order.lines.count()
    count_undone(imported, lines)
    return lines


def effect(stage: Stage) -> RecordEffect:
    return RecordEffect(
        "open order line,open order lines",
        "They count as incoming. Nothing is sent to a vendor.",
    )


IGNORE_PRODUCTS = Fix(
    "ignore_products",
    cause="unknown_product",
    word="Ignore",
    told="Lines of products that are not in the catalogue are ignored.",
    back="Park them instead",
)
IGNORE_LOCATIONS = Fix(
    "ignore_locations",
    cause="unknown_location",
    word="Ignore",
    told="Orders for locations that are not in this shop are ignored.",
    back="Park them instead",
)


def register_kinds() -> None:
    problems.label_causes(
        order_differs="The order is here already: change it on its own page",
        expected_before_sent="The expected day is before the order was sent",
        cost_unknown="No cost in the file, and none is known",
        ordered_twice="Same order and product as another row",
    )
    problems.label_ignored(nothing_open="Everything was received")
    register(
        Kind(
            name="open_orders",
            label="Open purchase orders",
            group="orders",
            what="Columns number, vendor, location, sku and ordered; received, cost, "
            "ordered_on and expected_on if you have them.",
            columns=COLUMNS,
            fields=STAGED | records.fields_of(FIELDS),
            parser=OrderParser,
            create=create_vendors,
            prepare=partial(reject_repeated, cause="ordered_twice"),
            classify=classify,
            merge=merge,
            effect=effect,
            undo=undo,
            afterwards="These orders count as incoming and stand under Deliveries.",
            after_undo="Its orders are cancelled; what was received here stays.",
            fixes=(CREATE_VENDORS, IGNORE_PRODUCTS, IGNORE_LOCATIONS),
            applies_changes=True,
            is_generic=True,
            pages={"unknown_product": "product_matching"},
            preview={
                "number": "Order",
                "vendor": "Vendor",
                "location": "To",
                "identity": "SKU",
                "ordered": "Ordered",
                "received": "Received",
                "cost": "Cost",
                "expected_on": "Expected",
            },
        )
    )
