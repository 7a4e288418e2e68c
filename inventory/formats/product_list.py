"""Products in columns of any name: what our own export writes, too. Pure."""

from collections.abc import Sequence

from imports.kinds import Column
from imports.values import clean, product_code
from inventory.formats.rows import ProductRow, yes_or_no

COLUMNS = (
    Column(
        "sku",
        "sku",
        ("sku", "item sku", "product code", "code", "article number"),
        required=True,
    ),
    Column(
        "name",
        "name",
        ("name", "product name", "product", "title", "item", "item name"),
        required=True,
    ),
    Column("variant", "variant", ("variant", "option", "variation", "variant name")),
    Column("barcode", "barcode", ("barcode", "ean", "gtin", "upc")),
    Column("category", "category", ("category", "department", "product type", "group")),
    Column("unit", "unit", ("unit", "unit of measure", "uom")),
    Column(
        "smallest_amount",
        "smallest_amount",
        ("smallest amount", "smallest amount sold"),
        is_number=True,
    ),
    Column(
        "cost",
        "cost",
        ("cost", "unit cost", "cost price", "cost per item", "purchase price"),
        is_number=True,
    ),
    Column(
        "price",
        "price",
        ("price", "selling price", "retail price", "sales price", "unit price"),
        is_number=True,
    ),
    Column(
        "case_pack",
        "case_pack",
        ("case pack", "pack size", "pack", "units per pack"),
        is_number=True,
    ),
    Column("vendor", "vendor", ("vendor", "supplier", "default vendor")),
    Column("vendor_sku", "vendor_sku", ("vendor sku", "supplier sku", "vendor code")),
    Column("active", "active", ("active", "in the range", "in use", "status")),
)


class ProductList:
    """Reads the rows of one file."""

    def read(self, cells: Sequence[str]) -> ProductRow:
        (
            sku,
            name,
            variant,
            barcode,
            category,
            unit,
            smallest_amount,
            cost,
            price,
            case_pack,
            vendor,
            vendor_sku,
            active,
        ) = cells
        return ProductRow(
            sku=product_code(sku),
            item=clean(name),
            variation=clean(variant),
            barcode=product_code(barcode),
            category=clean(category),
            unit=clean(unit),
            quantum=smallest_amount,
            cost=cost,
            price=price,
            case_pack=case_pack,
            vendor=clean(vendor),
            vendor_sku=product_code(vendor_sku),
            is_active=yes_or_no(active),
        )
