"""The kinds of stock files: any list of counts, and the exports of shop software."""

from functools import partial

from imports import problems
from imports.by_place import one_row_per_place
from imports.kinds import Column, Fix, Kind, register
from imports.looking import normal
from imports.repeated import reject_repeated
from imports.staging import Stage
from inventory import count_import
from inventory.count_creating import create
from inventory.count_rows import FIELDS, parser_of
from inventory.formats import (
    loyverse_items,
    shopify_inventory,
    square_catalogue,
    stock_list,
)
from inventory.formats.stock_list import StockList
from inventory.models import Location
from inventory.unknown import UNKNOWN

LEVEL_HEADERS = frozenset({"on hand", "stock", "in stock", "current quantity"})


def location_names() -> list[str]:
    return list(Location.objects.real().values_list("name", flat=True))


LOCATION = Column(
    "location",
    "location",
    stock_list.LOCATION_HEADERS,
    required=True,
    unless_option="location",
    choices=location_names,
)
FIXES = (
    *UNKNOWN,
    Fix(
        "accept_changes",
        cause="changed",
        word="Accept changes",
        told="Changed counts replace the earlier ones, which stay in the history.",
        back="Let them wait",
    ),
)


def stock_list_of(stage: Stage) -> StockList:
    """A file that says “on hand” states levels; any other says what was counted."""
    header = normal(stage.detected.headers.get("quantity", ""))
    return StockList(is_level=header in LEVEL_HEADERS)


def register_kinds() -> None:
    problems.label_causes(
        count_negative="A counted quantity below zero",
        counted_twice="Counted twice in this file",
    )
    shared = partial(
        Kind,
        group="stock",
        fields=FIELDS,
        fixes=FIXES,
        create=create,
        prepare=partial(reject_repeated, cause="counted_twice", key="held_key"),
        classify=count_import.classify,
        merge=count_import.merge,
        effect=count_import.CountEffect,
        undo=count_import.undo,
        afterwards="Stock is reckoned from these counts at once.",
        pages={"unknown_product": "product_matching"},
        preview={
            "identity": "SKU",
            "location": "Location",
            "quantity": "Counted",
            "counted_at": "Counted at",
        },
    )
    register(
        shared(
            name="stock_count",
            label="Stock on hand",
            what="Columns location, sku and quantity; counted_at if you have it.",
            columns=(LOCATION, *stock_list.REST),
            parser=parser_of(stock_list_of),
            is_generic=True,
        )
    )
    register(
        shared(
            name="shopify_inventory",
            label="Shopify inventory",
            what="Shopify’s inventory export, as it comes.",
            columns=shopify_inventory.COLUMNS,
            parser=parser_of(lambda stage: shopify_inventory.ShopifyInventory()),
            known_by=("option1 name",),
            documented=shopify_inventory.DOCUMENTED,
        )
    )
    register(
        shared(
            name="square_stock",
            label="Square stock",
            what="Square’s item library with its columns of current quantity.",
            columns=square_catalogue.STOCK_COLUMNS,
            parser=parser_of(lambda stage: square_catalogue.SquareStock()),
            unfold=one_row_per_place,
            documented=square_catalogue.DOCUMENTED,
        )
    )
    register(
        shared(
            name="loyverse_stock",
            label="Loyverse stock",
            what="Loyverse’s item list with its columns of stock per store.",
            columns=loyverse_items.STOCK_COLUMNS,
            parser=parser_of(lambda stage: loyverse_items.LoyverseStock()),
            unfold=one_row_per_place,
            known_by=("option 1 name",),
            documented=loyverse_items.DOCUMENTED,
        )
    )
