"""What the demo shop sells: names, barcodes, prices, packs and usual demand."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

FAMILIES = Path(__file__).with_name("families.csv")
PREFIXES = {
    "Grocery": "GR",
    "Dairy & chilled": "DC",
    "Coffee & tea": "CT",
    "Spices": "SP",
    "Ceramics": "CE",
    "Candles & scents": "CA",
    "Linen": "LI",
    "Kitchen tools": "KT",
}
MARGINS = {
    "Grocery": 0.38,
    "Dairy & chilled": 0.30,
    "Coffee & tea": 0.42,
    "Spices": 0.50,
    "Ceramics": 0.55,
    "Candles & scents": 0.52,
    "Linen": 0.53,
    "Kitchen tools": 0.48,
}
SECOND_CHOICE = 0.6
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Item:
    """A product of the demo shop with its vendor's terms.

    ``daily`` is the usual demand of a day in the first store [units].
    """

    sku: str
    name: str
    barcode: str
    category: str
    vendor: str
    vendor_sku: str
    price: Decimal
    cost: Decimal
    case_pack: int
    minimum: int
    daily: float
    season: str
    shape: str


def build_assortment(rng: np.random.Generator, size: int = 400) -> list[Item]:
    """The assortment, or an even cut through it of ``size`` items."""
    with FAMILIES.open(encoding="utf-8", newline="") as file:
        items = [item for row in csv.DictReader(file) for item in family(row, rng)]
    numbered = [number(item, place) for place, item in enumerate(items)]
    chosen = np.linspace(0, len(numbered) - 1, min(size, len(numbered)))
    return [numbered[int(place)] for place in np.round(chosen)]


def family(row: dict[str, str], rng: np.random.Generator) -> list[Item]:
    """The variants of one family; each sells less than the one before it."""
    made = []
    for place, variant in enumerate(row["variants"].split("|")):
        label, _, own_price = variant.partition("=")
        price = Decimal(own_price or row["price"]).quantize(CENT)
        margin = MARGINS[row["category"]] + rng.uniform(-0.05, 0.05)
        made.append(
            Item(
                sku="",
                name=row["name"].format(label),
                barcode="",
                category=row["category"],
                vendor=row["vendor"],
                vendor_sku="",
                price=price,
                cost=(price * Decimal(1 - margin)).quantize(CENT),
                case_pack=int(row["pack"]),
                minimum=int(row["minimum"]),
                daily=float(row["daily"])
                * SECOND_CHOICE ** min(place, 2)
                * rng.lognormal(0, 0.15),
                season=row["season"],
                shape=row["shape"],
            )
        )
    return made


def number(item: Item, place: int) -> Item:
    """The item with its SKU, its barcode and the number that its vendor uses."""
    fields = {name: getattr(item, name) for name in Item.__slots__}
    fields["sku"] = f"{PREFIXES[item.category]}-{1001 + place}"
    fields["barcode"] = barcode(place)
    initials = "".join(word[0] for word in item.vendor.split() if word.isalpha())
    fields["vendor_sku"] = f"{initials}{40210 + 7 * place}"
    return Item(**fields)


def barcode(place: int) -> str:
    """An EAN-13 of the range that shops may give out themselves.

    >>> barcode(0)
    '2012340000006'
    """
    digits = f"201234{place:06d}"
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
