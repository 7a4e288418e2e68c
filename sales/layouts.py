"""The layouts of sales files that are known, and the one that any file can take.

Lightspeed, Clover and Stocky publish no header of their exports: such a file is mapped
by a person, once, rather than by a guess of ours.
"""

from functools import partial

from imports import problems
from imports.kinds import Kind, Question, register
from sales import classifying, creating, merging, undoing
from sales.formats import (
    amazon_transactions,
    daily_totals,
    ebay_orders,
    etsy_items,
    loyverse_receipts,
    sale_lines,
    shopify_orders,
    square_items,
    toast_items,
    toast_product_mix,
    uci_invoices,
    woocommerce_orders,
)
from sales.formats.layout import Layout
from sales.import_kinds import FIXES, SaleEffect
from sales.questions import AFTERWARDS, ODD_ROWS, QUESTIONS
from sales.sale_rows import FIELDS, DailyParser, ReceiptParser, SaleParser, parser_of

NEGATIVE = Question(
    "negative",
    "Negative quantities",
    choices=(
        ("return", "are returns"),
        ("cancellation", "are cancellations: they take back a sale of the same day"),
        ("write_off", "are corrections of the stock: damage, waste, loss"),
        ("reject", "are mistakes: leave them out"),
    ),
    hint="Asked only of rows that do not say what they are.",
    initial="return",
)
RETURN_DATE = Question(
    "return_date",
    "A return counts",
    choices=(
        ("return", "on the day of the return"),
        ("sale", "on the day on which the goods were sold"),
    ),
    hint="Demand is the same either way.",
    initial="return",
    column="sale_date",
)
RECEIPT_PREVIEW = {
    "receipt": "Receipt",
    "sold_at": "Sold at",
    "location": "Location",
    "identity": "Item",
    "quantity": "Units",
    "net_amount": "Net",
}
DAY_PREVIEW = {
    "business_date": "Date",
    "location": "Location",
    "identity": "Item",
    "quantity": "Units",
    "net_amount": "Net",
}
TOTALS_PREVIEW = {
    "business_date": "Date",
    "location": "Location",
    "identity": "SKU",
    "name": "Product",
    "quantity": "Units",
    "net_amount": "Revenue",
}

RECEIPTS = (
    square_items.LAYOUT,
    shopify_orders.LAYOUT,
    loyverse_receipts.LAYOUT,
    uci_invoices.LAYOUT,
    toast_items.LAYOUT,
    etsy_items.LAYOUT,
    amazon_transactions.LAYOUT,
    ebay_orders.LAYOUT,
    woocommerce_orders.LAYOUT,
)
DAYS = (toast_product_mix.LAYOUT,)

# What the reader of the file noticed itself.
WARNED_ROWS = """
UNION ALL
SELECT row_number, warning AS cause,
    CASE warning WHEN 'order_refunded' THEN receipt
        WHEN 'time_repeated' THEN receipt ELSE identity END AS detail
FROM import_chunk WHERE warning <> '' AND outcome IN ('new', 'changed')
"""

shared = partial(
    Kind,
    group="sales",
    fields=FIELDS,
    fixes=FIXES,
    create=creating.create,
    effect=SaleEffect,
    undo=undoing.undo,
    pages={
        "unknown_product": "product_matching",
        "unknown_location": "import_locations",
    },
    odd_rows=ODD_ROWS + WARNED_ROWS,
    afterwards=AFTERWARDS,
)
receipts = partial(
    shared,
    prepare=classifying.prepare_receipts,
    classify=classifying.classify_receipts,
    merge=merging.merge_receipts,
    preview=RECEIPT_PREVIEW,
    numbers_keys=True,
)
# One item may stand in several menus of a day: equal rows are numbered, not refused.
days = partial(
    shared,
    prepare=classifying.prepare_receipts,
    classify=classifying.classify_days,
    merge=merging.merge_days,
    preview=DAY_PREVIEW,
)


def label_problems() -> None:
    problems.label_causes(
        unknown_product="SKU not in your catalogue",
        unknown_location="Location not in this shop",
        other_source="This day already has sales from another kind of file; to "
        "count these rows, undo that import first",
        same_day_twice="Same location, SKU and date as another row",
        sale_negative="A sale with a negative quantity",
        refund_not_negative="A refund with a positive quantity",
        event_unknown="Neither a payment nor a refund",
        time_zone_unknown="Time zone is not known",
        sold_long_ago="Sold more than ten years ago",
        time_repeated="This hour came twice when the clocks went back; "
        "the first one is taken",
        code_tidied="Blanks or wide letters in the SKU were tidied",
        cancellation_not_negative="A cancellation with a positive quantity",
        price_unusual="Price 10 times the usual, or a tenth of it",
        negative_as_return="Negative quantities, taken as returns",
        order_refunded="Orders with refunds: this export does not tell of which items",
    )
    problems.label_ignored(
        order_cancelled="Orders that were cancelled",
        totals_row="Totals and notes, which are no sales",
        not_a_sale="Fees, transfers and other rows that are no sales",
        sold_none="Items of which nothing was sold",
        not_a_product="Postage, fees, tips and the like: no products",
        left_out="Items that you leave out",
    )


def register_kinds() -> None:
    label_problems()
    for layout in RECEIPTS:
        register(named(receipts, layout, ReceiptParser))
    for layout in DAYS:
        register(named(days, layout, DailyParser))
    register(
        shared(
            name="daily_totals",
            label="Daily totals",
            what="One row per day and item: date, location, SKU and units sold; name, "
            "category and revenue if you have them.",
            columns=daily_totals.COLUMNS,
            parser=parser_of(DailyParser, daily_totals.DailyTotals),
            prepare=classifying.prepare_days,
            classify=classifying.classify_days,
            merge=merging.merge_days,
            preview=TOTALS_PREVIEW,
            questions=QUESTIONS,
            is_generic=True,
        )
    )
    register(
        receipts(
            name="sale_lines",
            label="Sales lines",
            what="One row per item sold: a date, a SKU or an item, and a quantity; "
            "receipt, time, amounts and location if you have them.",
            columns=sale_lines.COLUMNS,
            parser=parser_of(ReceiptParser, sale_lines.SaleLines),
            questions=(NEGATIVE, RETURN_DATE, *QUESTIONS),
            one_of=("sku", "item", "barcode"),
            is_generic=True,
        )
    )


def named(kind: "partial[Kind]", layout: Layout, parser: type[SaleParser]) -> Kind:
    return kind(
        name=layout.name,
        label=layout.label,
        what=layout.what,
        columns=layout.columns,
        parser=parser_of(parser, layout.reader),
        questions=QUESTIONS,
        known_by=layout.known_by,
        documented=layout.documented,
        date_order=layout.date_order,
    )
