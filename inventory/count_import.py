"""A file of counted stock: each row is a count, the anchor that stock follows from."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import blake2b

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from imports import problems
from imports.importing import count_undone
from imports.kinds import Column, Fix, Kind, copied, copied_key, register
from imports.models import Import
from imports.reading import FileProblem
from imports.staging import Stage
from imports.values import Dates, RowProblem, clean, clock, number, product_code
from inventory.ledger import keep_survivors, rebuild
from inventory.models import Location, StockLevel

UNDO_ROWS = 2_000
END_OF_DAY = dt.time(23, 59, 59)


def location_names() -> list[str]:
    return list(Location.objects.real().values_list("name", flat=True))


COLUMNS = (
    Column(
        "location",
        "location",
        ("location", "store", "shop", "branch", "warehouse"),
        required=True,
        unless_option="location",
        choices=location_names,
    ),
    Column("sku", "sku", ("sku", "item sku", "product code"), required=True),
    Column(
        "quantity",
        "quantity",
        ("counted quantity", "counted", "quantity", "qty", "on hand", "stock", "units"),
        required=True,
        is_number=True,
    ),
    Column(
        "counted_at",
        "counted_at",
        ("counted at", "counted on", "count date"),
        is_date=True,
    ),
    Column("note", "note", ("note", "comment")),
)
FIELDS = {
    "identity": "text",
    "location": "text",
    "quantity": "numeric(12,3)",
    "counted_at": "timestamptz",
    "note": "text",
}

CHUNK = """
CREATE TEMP TABLE import_chunk ON COMMIT DROP AS
WITH line AS (
    SELECT s.*, l.id AS location_id, p.id AS named_product_id,
        p.survivor_id AS product_id,
        'file:' || encode(substring(sha256(s.key || int8send(l.id)) FROM 1 FOR 16),
            'hex') AS count_key
    FROM {stage} s
    LEFT JOIN inventory_location l
        ON l.name = s.location AND l.kind IN ('store', 'warehouse')
    LEFT JOIN inventory_productalias g
        ON g.source_id IS NULL AND g.identity = s.identity
    LEFT JOIN inventory_product k ON k.sku = s.identity
    LEFT JOIN inventory_product p ON p.id = coalesce(g.product_id, k.id)
    WHERE s.row_number BETWEEN %(first)s AND %(last)s
), judged AS (
    SELECT line.*, o.version AS o_version, o.is_retracted AS o_retracted,
        (op.survivor_id, o.location_id, o.counted_quantity, o.counted_at)
        IS NOT DISTINCT FROM
        (line.product_id, line.location_id, line.quantity, line.counted_at) AS is_same
    FROM line LEFT JOIN LATERAL (
        SELECT * FROM inventory_stockcount c WHERE c.key = line.count_key
        ORDER BY c.version DESC LIMIT 1) o ON true
    LEFT JOIN inventory_product op ON op.id = o.product_id
), decided AS (
    SELECT judged.*, CASE
        WHEN cause <> '' THEN cause
        WHEN location_id IS NULL THEN 'unknown_location'
        WHEN product_id IS NULL THEN 'unknown_product'
        WHEN NOT o_retracted AND NOT is_same THEN 'changed'
        ELSE '' END AS why
    FROM judged
)
SELECT row_number, raw, key, held_key, identity, location, quantity, counted_at, note,
    named_product_id, product_id, location_id, count_key, o_version, why AS cause,
    CASE why WHEN 'unknown_location' THEN location WHEN 'unknown_product' THEN identity
        WHEN 'changed' THEN identity ELSE detail END AS detail,
    CASE WHEN cause = ANY(%(ignored)s) THEN 'ignored'
        WHEN cause <> '' THEN 'rejected'
        WHEN why = 'unknown_product' AND %(ignore_products)s THEN 'ignored'
        WHEN why = 'unknown_location' AND %(ignore_locations)s THEN 'ignored'
        WHEN why = 'changed' THEN 'changed'
        WHEN why <> '' THEN 'parked'
        WHEN NOT o_retracted AND is_same THEN 'duplicate'
        ELSE 'new' END AS outcome
FROM decided
"""

REJECT_REPEATED = """
WITH numbered AS (
    SELECT row_number, min(row_number) OVER (PARTITION BY held_key) AS first
    FROM {stage} WHERE cause = ''
)
UPDATE {stage} s SET cause = 'counted_twice', detail = 'row ' || n.first
FROM numbered n WHERE n.row_number = s.row_number AND n.first < s.row_number
"""

INSERT_COUNTS = """
INSERT INTO inventory_stockcount (key, version, is_retracted, product_id, location_id,
    counted_quantity, counted_at, recorded_at, note, import_file_id, user_id)
SELECT count_key, coalesce(o_version, 0) + 1, false, named_product_id, location_id,
    quantity, counted_at, now(), note, %(import)s, %(user)s
FROM import_chunk WHERE outcome = ANY(%(written)s) ORDER BY row_number
"""

# Counts of the import that still hold, each with the version that held before.
OWN_COUNTS = """
SELECT c.id, f.survivor_id, c.location_id, b.id
FROM inventory_stockcount c JOIN inventory_product f ON f.id = c.product_id
LEFT JOIN LATERAL (
    SELECT v.id FROM inventory_stockcount v
    LEFT JOIN imports_import i ON i.id = v.import_file_id
    WHERE v.key = c.key AND v.version < c.version AND NOT v.is_retracted
      AND v.import_file_id IS DISTINCT FROM c.import_file_id
      AND coalesce(i.state, '') NOT IN ('undoing', 'undone', 'cancelled')
    ORDER BY v.version DESC LIMIT 1) b ON true
WHERE c.import_file_id = %s AND NOT c.is_retracted AND NOT EXISTS (
    SELECT FROM inventory_stockcount n WHERE n.key = c.key AND n.version > c.version)
ORDER BY c.id LIMIT %s
"""

NEXT_VERSIONS = """
INSERT INTO inventory_stockcount (key, version, is_retracted, product_id, location_id,
    counted_quantity, counted_at, recorded_at, note, import_file_id, user_id)
SELECT c.key, c.version + 1, o.base IS NULL, v.product_id, v.location_id,
    v.counted_quantity, v.counted_at, now(), v.note, v.import_file_id, v.user_id
FROM unnest(%s::bigint[], %s::bigint[]) AS o(own, base)
JOIN inventory_stockcount c ON c.id = o.own
JOIN inventory_stockcount v ON v.id = coalesce(o.base, o.own)
ORDER BY c.id
"""


class CountParser:
    """Rows of one count file; where a row has no date, the file's own counts."""

    def __init__(self, stage: Stage) -> None:
        self.dates = Dates(stage.detected.date_order)
        self.decimal_comma = stage.detected.decimal_comma
        self.override = str(stage.options.get("location") or "")
        self.places = {
            place.name.casefold(): place for place in Location.objects.real()
        }
        self.default = moment_of(stage)
        self.written: set[str] = set()

    def parse(self, cells: Sequence[str]) -> Sequence[str]:
        written, sku, counted, counted_at, note = cells
        code = product_code(sku)
        if not code:
            raise RowProblem("empty_value", "sku")
        quantity = number(
            counted, cause="quantity_not_a_number", decimal_comma=self.decimal_comma
        )
        if quantity.startswith("-") and Decimal(quantity):
            raise RowProblem("count_negative", quantity)
        name = self.location(clean(written))
        moment = self.moment(clean(counted_at), name)
        return (
            copied_key(digest(code, moment)),
            copied_key(digest(code, moment, name)),
            copied(code[:400]),
            copied(name[:120]),
            quantity.lstrip("-"),
            moment,
            copied(clean(note)[:250]),
        )

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


def digest(*parts: str) -> bytes:
    return blake2b("\x1f".join(parts).encode(), digest_size=16).digest()


def reject_repeated(cursor: CursorWrapper, stage: Stage) -> None:
    cursor.execute(stage.query(REJECT_REPEATED))


def classify(cursor: CursorWrapper, stage: Stage, first: int, last: int) -> None:
    if not stage.is_preview:
        keep_survivors()
    cursor.execute(
        stage.query(CHUNK),
        {
            "first": first,
            "last": last,
            "ignored": list(problems.IGNORED),
            "ignore_products": bool(stage.options.get("ignore_products")),
            "ignore_locations": bool(stage.options.get("ignore_locations")),
        },
    )


def merge(cursor: CursorWrapper, stage: Stage) -> None:
    """Write the counts and reckon the stock of what they counted."""
    written = ["new"]
    if stage.options.get("accept_changes"):
        written.append("changed")
    cursor.execute(
        """SELECT DISTINCT product_id, location_id FROM import_chunk
        WHERE outcome = ANY(%s)""",
        [written],
    )
    levels = locked([(product, place) for product, place in cursor.fetchall()])
    cursor.execute(
        INSERT_COUNTS,
        {
            "import": stage.imported.pk,
            "user": stage.imported.created_by_id,
            "written": written,
        },
    )
    rebuild(*levels)


def locked(pairs: Sequence[tuple[int, int]]) -> list[StockLevel]:
    """The levels of these products and locations, locked in key order."""
    StockLevel.objects.bulk_create(
        [StockLevel(product_id=product, location_id=place) for product, place in pairs],
        ignore_conflicts=True,
    )
    levels = StockLevel.objects.raw(
        """SELECT * FROM inventory_stocklevel WHERE (product_id, location_id) IN (
            SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
        ORDER BY id FOR NO KEY UPDATE""",
        [[product for product, _ in pairs], [place for _, place in pairs]],
    )
    return list(levels)


def undo(imported: Import) -> Iterator[int]:
    """Retract the counts chunk by chunk; a count it corrected holds again."""
    while rows := undo_chunk(imported):
        yield rows


@transaction.atomic
def undo_chunk(imported: Import) -> int:
    keep_survivors()
    with connection.cursor() as cursor:
        cursor.execute(OWN_COUNTS, [imported.pk, UNDO_ROWS])
        own = cursor.fetchall()
        levels = locked(sorted({(product, place) for _, product, place, _ in own}))
        cursor.execute(
            NEXT_VERSIONS, [[row[0] for row in own], [row[3] for row in own]]
        )
    rebuild(*levels)
    count_undone(imported, len(own))
    return len(own)


class CountEffect:
    """Where and when the file says stock was counted."""

    def __init__(self, stage: Stage) -> None:
        self.places: dict[str, int] = {}

    def add(self, cursor: CursorWrapper) -> None:
        cursor.execute(
            """SELECT location, count(*) FROM import_chunk WHERE outcome = 'new'
            GROUP BY location ORDER BY location"""
        )
        for location, rows in cursor.fetchall():
            self.places[location] = self.places.get(location, 0) + rows

    def sentences(self) -> list[str]:
        if not self.places:
            return ["Counts nothing: every row is here already or has to wait."]
        where = " and ".join(
            f"{rows:,} product{'s' if rows > 1 else ''} at {place}"
            for place, rows in self.places.items()
        )
        return [f"Counts {where}. Stock is reckoned anew from these counts."]


FIXES = (
    Fix(
        "ignore_products",
        cause="unknown_product",
        word="Ignore",
        told="Rows of products that are not in the catalogue are ignored.",
        back="Park them instead",
    ),
    Fix(
        "ignore_locations",
        cause="unknown_location",
        word="Ignore",
        told="Rows of locations that are not in this shop are ignored.",
        back="Park them instead",
    ),
    Fix(
        "accept_changes",
        cause="changed",
        word="Accept changes",
        told="Changed counts replace the earlier ones, which stay in the history.",
        back="Let them wait",
    ),
)


def register_kinds() -> None:
    problems.label_causes(
        count_negative="A counted quantity below zero",
        counted_twice="Counted twice in this file",
    )
    register(
        Kind(
            fixes=FIXES,
            name="stock_count",
            label="Stock count",
            group="stock",
            what="Columns location, sku and quantity; counted_at if you have it.",
            columns=COLUMNS,
            fields=FIELDS,
            parser=CountParser,
            prepare=reject_repeated,
            classify=classify,
            merge=merge,
            effect=CountEffect,
            undo=undo,
            preview={
                "identity": "SKU",
                "location": "Location",
                "quantity": "Counted",
                "counted_at": "Counted at",
            },
        )
    )
