"""Rows of product and stock files, read: what every layout comes down to. Pure.

All values are texts; an empty one says nothing and leaves what is known.
"""

from typing import NamedTuple

from imports.values import RowProblem, clean, product_code

YES = frozenset({"yes", "y", "true", "t", "1", "active", "in use"})
NO = frozenset({"no", "n", "false", "f", "0", "inactive", "archived", "draft"})
PLAIN_VARIATIONS = frozenset({"", "Regular", "Default Title"})


class ProductRow(NamedTuple):
    """A product, or one variation of an item."""

    sku: str
    item: str
    variation: str = ""
    barcode: str = ""
    category: str = ""
    unit: str = ""
    quantum: str = ""
    cost: str = ""
    price: str = ""
    case_pack: str = ""
    vendor: str = ""
    vendor_sku: str = ""
    is_active: str = ""

    @property
    def identity(self) -> str:
        return identity_of(self.sku, self.item, self.variation)

    @property
    def name(self) -> str:
        return name_of(self.item, self.variation)


class CountRow(NamedTuple):
    """What was counted of a product, or of one variation of an item.

    ``is_level``: what the software holds to be on hand, not what a person counted.
    """

    location: str
    sku: str
    quantity: str
    item: str = ""
    variation: str = ""
    barcode: str = ""
    counted_at: str = ""
    note: str = ""
    is_level: bool = False

    @property
    def identity(self) -> str:
        return identity_of(self.sku, self.item, self.variation)

    @property
    def name(self) -> str:
        return name_of(self.item, self.variation)


def identity_of(sku: str, item: str, variation: str) -> str:
    """The SKU, else the item as sales files write it."""
    if sku or not item:
        return sku
    return f"{item} / {variation}" if variation else item


def name_of(item: str, variation: str) -> str:
    """
    >>> name_of("Tea towel", "Blue / Large"), name_of("Coffee", "Regular")
    ('Tea towel / Blue / Large', 'Coffee')
    """
    if not item or variation in PLAIN_VARIATIONS:
        return item
    return f"{item} / {variation}"


def sku_of(text: str) -> str:
    """A SKU; shop software writes “-” where there is none."""
    code = product_code(text)
    return "" if code == "-" else code


def yes_or_no(text: str) -> str:
    """
    >>> yes_or_no("Yes"), yes_or_no("archived"), yes_or_no("")
    ('t', 'f', '')
    """
    word = clean(text).casefold()
    if word in YES:
        return "t"
    if word in NO:
        return "f"
    if word:
        raise RowProblem("neither_yes_nor_no", word)
    return ""


def options_of(*values: str) -> str:
    """The options of a variant in one text; “Default Title” means it has none."""
    named = [clean(value) for value in values]
    return " / ".join(value for value in named if value and value != "Default Title")
