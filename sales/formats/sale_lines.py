"""Lines of sales of any shop software, mapped by a person or by their names. Pure.

A line says when, what and how many; all else helps. Without receipts, moment and
location stand for them. A price is used where no amount is told.
"""

from imports.kinds import Column
from imports.values import RowProblem, clean
from sales.formats import line_headers
from sales.formats.line_words import KINDS, VOID_WORDS
from sales.formats.rows import Apart, LineKind, SaleRow
from sales.formats.spelling import Spelling, negative

COLUMNS = (
    Column("date", "Date", line_headers.DATE, required=True, is_date=True),
    Column("time", "Time", line_headers.TIME, is_time=True),
    Column("receipt", "Receipt", line_headers.RECEIPT),
    Column("sku", "SKU", line_headers.SKU),
    Column("item", "Item", line_headers.ITEM),
    Column("variation", "Variation", line_headers.VARIATION),
    Column(
        "quantity", "Quantity", line_headers.QUANTITY, required=True, is_number=True
    ),
    Column("net", "Net sales", line_headers.NET, is_number=True),
    Column("gross", "Gross sales", line_headers.GROSS, is_number=True),
    Column("price", "Unit price", line_headers.PRICE, is_number=True),
    Column(
        "location",
        "Location",
        line_headers.LOCATION,
        required=True,
        unless_option="location",
    ),
    Column("kind", "Sale or return", line_headers.KIND),
    Column("status", "Cancelled or not", line_headers.STATUS),
    Column("category", "Category", line_headers.CATEGORY),
    Column("barcode", "Barcode", line_headers.BARCODE),
    Column(
        "reference", "Customer reference", line_headers.REFERENCE, is_reference=True
    ),
    Column("sale_date", "Original sale date", line_headers.SALE_DATE, is_date=True),
)


class SaleLines:
    """Reads the rows of one file.

    ``rule``: what a negative quantity means where the file does not say it.
    """

    told_apart = ("date", "time", "receipt", "reference")

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        rule = str(spelling.options.get("negative") or "")
        self.rule = rule or "return"
        self.warning = "" if rule else "negative_as_return"

    def read(self, cells: list[str]) -> SaleRow:
        (
            _,
            _,
            _,
            sku,
            item,
            variation,
            quantity,
            net,
            gross,
            price,
            location,
            kind,
            status,
            category,
            barcode,
            reference,
            sale_date,
        ) = cells
        spelling = self.spelling
        receipt, date, clock, zone, offset, reference = self.apart(cells)
        code, name, bars = spelling.code(sku), spelling.name(item), self.bars(barcode)
        if not (code or name or bars):
            raise RowProblem("empty_value", "SKU or item")
        units, amount = spelling.units(quantity), spelling.amount(net)
        whole = spelling.amount(gross) or spelling.times(units, spelling.amount(price))
        amount = amount or whole
        meant: LineKind = "sale"
        is_void, warning = False, ""
        if kind or status or units[0] == "-":
            meant, is_void, warning = self.meaning(kind, status, units)
            if meant != "sale" and not is_void and units[0] != "-":
                units, amount, whole = map(negative, (units, amount, whole))
        return SaleRow(
            receipt,
            code or (bars if not name else ""),
            name,
            spelling.name(variation),
            spelling.name(category),
            spelling.name(location),
            date,
            clock,
            zone,
            meant,
            units,
            amount,
            whole,
            offset,
            bars,
            reference,
            is_void,
            False,
            warning or ("code_tidied" if sku and code != sku else ""),
            spelling.moment(sale_date).date if sale_date else "",
        )

    def apart(self, cells: list[str]) -> Apart:
        date, time, receipt, reference = cells[0], cells[1], cells[2], cells[-2]
        moment = self.spelling.moment(date)
        clock = moment.clock if moment.clock != "00:00:00" or moment.offset else ""
        offset, zone = moment.offset, moment.zone
        if time:
            told = self.spelling.clock(time)
            clock, offset, zone = told.time, told.offset or offset, told.zone or zone
        return Apart(clean(receipt), moment.date, clock, zone, offset, reference)

    def meaning(self, kind: str, status: str, units: str) -> tuple[LineKind, bool, str]:
        """What the line is, whether it was cancelled on the spot, and what is odd."""
        if status and self.spelling.word(status) in VOID_WORDS:
            return "sale", True, ""
        told = KINDS.get(self.spelling.word(kind)) if kind else "sale"
        if told is None:
            raise RowProblem("event_unknown", kind)
        if told == "cancellation" and units[0] != "-":
            return "sale", True, ""
        if told != "sale" or units[0] != "-":
            return told, False, ""
        return self.by_rule(units), False, self.warning

    def by_rule(self, units: str) -> LineKind:
        match self.rule:
            case "cancellation" | "write_off" | "return" as meant:
                return meant
        raise RowProblem("sale_negative", units)

    def bars(self, barcode: str) -> str:
        """A barcode that lost digits tells nothing; the line stands without it."""
        if not barcode:
            return ""
        try:
            return self.spelling.code(barcode)
        except RowProblem:
            return ""
