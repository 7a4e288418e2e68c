"""Lists of products from any shop software, with whom each is bought from.

A case pack belongs to the offer of the vendor that the row names. An offer that is
there keeps its cost, which a price list says; a new one starts at the product's.
"""

from collections.abc import Iterator
from functools import partial

from django.db.backends.utils import CursorWrapper

from imports import giving_back, problems, records
from imports.kinds import Fix, Kind, register
from imports.models import Import
from imports.records import Field, RecordEffect, Table
from imports.repeated import reject_repeated
from imports.staging import Stage
from inventory import product_records
from inventory.formats import (
    loyverse_items,
    product_list,
    shopify_products,
    square_catalogue,
)
from inventory.product_records import PRODUCTS, parser_of
from vendors.offers import (
    ABOVE_PRICE,
    COUNT_OFFERS,
    CREATE_VENDORS,
    FIND_VENDOR,
    ODD_COSTS,
    RANK,
    create_vendors,
    label_odd_rows,
    withdraw,
)

IS_OFFERED = """(s.vendor <> '' AND (v.id IS NOT NULL OR %(create_vendors)s)
    AND NOT %(ignore_vendors)s
    AND (f.id IS NOT NULL OR coalesce(s.cost, o.cost) IS NOT NULL))"""
OFFER_FIELDS = (
    Field(
        "vendor_sku",
        "text",
        "f.vendor_sku",
        "vendor’s SKU",
        taken=f"CASE WHEN {IS_OFFERED} THEN coalesce(s.vendor_sku, f.vendor_sku, '')"
        " ELSE f.vendor_sku END",
    ),
    Field(
        "case_pack",
        "numeric(12,3)",
        "f.case_pack",
        "case pack",
        taken=f"CASE WHEN {IS_OFFERED} THEN coalesce(s.case_pack, f.case_pack, 1)"
        " ELSE f.case_pack END",
    ),
)
SOLD_BY = Field(
    "sold_by",
    "text",
    "CASE WHEN f.id IS NOT NULL THEN v.name END",
    "vendor",
    taken=f"CASE WHEN {IS_OFFERED} THEN coalesce(v.name, s.vendor)"
    " WHEN f.id IS NOT NULL THEN v.name END",
)
FIELDS = (*product_records.FIELDS, *OFFER_FIELDS)
OPTIONS = ("create_vendors", "ignore_vendors")

CHUNK = records.chunk_query(
    (*FIELDS, SOLD_BY),
    context="""s.identity, s.vendor, o.id AS product_id, v.id AS vendor_id,
        f.id AS offer_id, o.merged_into_id IS NOT NULL AS is_merged, """
    + RANK,
    joins=f"""{product_records.FIND} {FIND_VENDOR}
        LEFT JOIN vendors_vendorproduct f
            ON f.vendor_id = v.id AND f.product_id = o.id
        {COUNT_OFFERS}""",
    is_known="product_id IS NOT NULL",
    verdicts="""WHEN is_merged THEN 'merged_product'
        WHEN vendor <> '' AND vendor_id IS NULL
            AND NOT (%(create_vendors)s OR %(ignore_vendors)s) THEN 'unknown_vendor'""",
    outcomes="WHEN why = 'merged_product' THEN 'ignored'",
    details="WHEN 'unknown_vendor' THEN vendor WHEN 'merged_product' THEN identity",
)

OFFERS = Table(
    name="vendors_vendorproduct",
    known="offer_id",
    columns={"vendor_sku": "vendor_sku", "case_pack": "case_pack"},
    given={
        "vendor_id": "vendor_id",
        "product_id": "product_id",
        "cost": "cost",
        "moq": "0",
        "rank": "rank",
    },
    made_by="""sold_by IS NOT NULL AND offer_id IS NULL AND product_id IS NOT NULL
        AND (outcome = 'new' OR outcome = 'changed' AND %(accepts)s)""",
    changed_by="outcome = 'changed'",
    retire=withdraw,
)
TABLES = (PRODUCTS, OFFERS)

IGNORE_VENDORS = Fix(
    "ignore_vendors",
    cause="unknown_vendor",
    word="Leave the vendor out",
    told="Products come in without the vendor that the file names.",
    back="Ask again",
)


def classify(cursor: CursorWrapper, stage: Stage, first: int, last: int) -> None:
    records.classify(cursor, stage, CHUNK, first=first, last=last, options=OPTIONS)


def merge(cursor: CursorWrapper, stage: Stage) -> None:
    records.write(cursor, stage, PRODUCTS)
    cursor.execute(product_records.FIND_MADE)
    records.write(cursor, stage, OFFERS)


def undo(imported: Import) -> Iterator[int]:
    return giving_back.undo(imported, TABLES)


def effect(stage: Stage) -> RecordEffect:
    return RecordEffect(
        "product,products",
        "A new product’s stock is unknown until it is counted.",
    )


def register_kinds() -> None:
    product_records.label_causes()
    label_odd_rows()
    problems.label_causes(unknown_vendor="Vendor not known")
    shared = partial(
        Kind,
        group="products",
        fields=product_records.STAGED | records.fields_of(FIELDS),
        fixes=(CREATE_VENDORS, IGNORE_VENDORS),
        create=create_vendors,
        prepare=partial(reject_repeated, cause="listed_twice"),
        classify=classify,
        merge=merge,
        effect=effect,
        undo=undo,
        odd_rows=f"{ODD_COSTS} UNION ALL {ABOVE_PRICE}",
        afterwards="New products are planned from the next night on.",
        after_undo="Products that it made leave the range; their history stays.",
        applies_changes=True,
        preview={
            "identity": "SKU",
            "name": "Name",
            "category": "Category",
            "cost": "Cost",
            "price": "Price",
            "sold_by": "Vendor",
            "case_pack": "Case pack",
        },
    )
    register(
        shared(
            name="products",
            label="Products",
            what="Columns sku and name; barcode, category, unit, cost, price, vendor, "
            "case pack and more if you have them.",
            columns=product_list.COLUMNS,
            parser=parser_of(product_list.ProductList),
            is_generic=True,
        )
    )
    register(
        shared(
            name="shopify_products",
            label="Shopify products",
            what="Shopify’s product export, as it comes.",
            columns=shopify_products.COLUMNS,
            parser=parser_of(shopify_products.ShopifyProducts),
            known_by=("option1 name",),
            documented=shopify_products.DOCUMENTED,
        )
    )
    register(
        shared(
            name="square_products",
            label="Square items",
            what="Square’s item library, as it comes.",
            columns=square_catalogue.COLUMNS,
            parser=parser_of(square_catalogue.SquareCatalogue),
            documented=square_catalogue.DOCUMENTED,
        )
    )
    register(
        shared(
            name="loyverse_products",
            label="Loyverse items",
            what="Loyverse’s item list, as it comes.",
            columns=loyverse_items.COLUMNS,
            parser=parser_of(loyverse_items.LoyverseItems),
            known_by=("option 1 name",),
            documented=loyverse_items.DOCUMENTED,
        )
    )
