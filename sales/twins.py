"""Products that look like the same item twice, in the whole catalogue."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.db.models import Max, Sum

from inventory.models import DistinctPair, Product, StockLevel
from inventory.similarity import near, plain, without_zeros
from sales.models import DailySales

LEAST_SIMILAR = 0.85
MOST_ALIKE = 20
KEEP_SECONDS = 24 * 3600
REASONS = {
    "barcode": "Same barcode",
    "name": "Same name",
    "near": "Nearly the same name",
}

# Merging changes none of what is compared, so it makes nobody compare anew.
STAMP = """
SELECT md5(string_agg(concat_ws(chr(31), id, name, barcode, category), chr(30)
    ORDER BY id)) FROM inventory_product
"""


class Named(NamedTuple):
    """What of a product tells who it is."""

    pk: int
    name: str
    barcode: str
    category: str


class Pair(NamedTuple):
    """Two products, the lower id first, and why they may be the same."""

    first: int
    second: int
    reason: str


@dataclass(frozen=True, slots=True)
class Twin:
    """One of a pair, with what is known of it."""

    product: Product
    units: Decimal | None
    last_sold: dt.date | None
    on_hand: Decimal | None


@dataclass(frozen=True, slots=True)
class Twins:
    """A pair as it is shown: who sold last comes first."""

    reason: str
    both: tuple[Twin, Twin]

    @property
    def words(self) -> str:
        return REASONS[self.reason]


def pairs_of(products: Sequence[Named]) -> list[Pair]:
    """Pairs that look alike, each once, by its best reason. Pure.

    Examples
    --------
    >>> pairs_of([
    ...     Named(1, "matcha latte", "", ""),
    ...     Named(2, "Matcha Latte ", "", "Drinks"),
    ...     Named(3, "Teapot", "", ""),
    ... ])
    [Pair(first=1, second=2, reason='name')]
    """
    found: dict[tuple[int, int], str] = {}
    for reason, one, other in alike(products):
        found.setdefault((min(one, other), max(one, other)), reason)
    return [Pair(*pair, reason) for pair, reason in found.items()]


def alike(products: Sequence[Named]) -> Iterator[tuple[str, int, int]]:
    coded = ((without_zeros(one.barcode), one) for one in products if one.barcode)
    for one, other in within_groups(coded):
        yield "barcode", one.pk, other.pk
    for one, other in within_groups((plain(one.name), one) for one in products):
        if may_be_one(one, other):
            yield "name", one.pk, other.pk
    names = [one.name for one in products]
    for found in near(names, names, least=LEAST_SIMILAR):
        one, other = products[found.place], products[found.other]
        if one.pk < other.pk and may_be_one(one, other):
            yield "near", one.pk, other.pk


def within_groups(
    keyed: Iterable[tuple[str, Named]],
) -> Iterator[tuple[Named, Named]]:
    """Pairs of the same key; a key of very many products tells nothing."""
    groups: defaultdict[str, list[Named]] = defaultdict(list)
    for key, one in keyed:
        groups[key].append(one)
    for group in groups.values():
        if len(group) <= MOST_ALIKE:
            yield from combinations(group, 2)


def may_be_one(one: Named, other: Named) -> bool:
    """Of one category, or where one has none, and not of two barcodes."""
    categories = {plain(one.category), plain(other.category)} - {""}
    barcodes = {without_zeros(one.barcode), without_zeros(other.barcode)}
    barcodes -= {without_zeros("")}
    return len(categories) < 2 and len(barcodes) < 2


def known_pairs() -> list[Pair]:
    """Pairs of all products, merged ones too; compared anew when a name changes."""
    with connection.cursor() as cursor:
        cursor.execute(STAMP)
        (stamp,) = cursor.fetchone()
    found = cache.get_or_set(f"twins-{stamp}", compare_all, KEEP_SECONDS)
    return [Pair(*row) for row in found or ()]


def compare_all() -> list[list[Any]]:
    rows = Product.objects.order_by("pk").values_list(
        "pk", "name", "barcode", "category"
    )
    return [list(pair) for pair in pairs_of([Named(*row) for row in rows])]


def open_pairs() -> list[Pair]:
    """Pairs that nobody has decided on, as the products they count as now."""
    survivors = dict(Product.objects.values_list("pk", "survivor_id"))
    apart = set(DistinctPair.objects.values_list("first", "second"))
    apart |= {tuple(sorted((survivors[a], survivors[b]))) for a, b in apart}
    found: dict[tuple[int, int], str] = {}
    for pair in known_pairs():
        now = sorted((survivors.get(pair.first, 0), survivors.get(pair.second, 0)))
        both = (now[0], now[1])
        if now[0] and now[0] != now[1] and not {both, pair[:2]} & apart:
            found.setdefault(both, pair.reason)
    return [Pair(*both, reason) for both, reason in found.items()]


def with_sales(pairs: Collection[Pair]) -> list[Twins]:
    """Pairs with the sales and the stock of both."""
    ids = {pk for pair in pairs for pk in pair[:2]}
    products = Product.objects.in_bulk(ids)
    sold = {
        pk: (units, last)
        for pk, units, last in DailySales.objects.filter(product__in=ids)
        .values_list("product")
        .annotate(Sum("sold"), Max("business_date"))
    }
    stock = dict(
        StockLevel.objects.filter(product__in=ids)
        .values_list("product")
        .annotate(Sum("on_hand"))
    )

    def twin(pk: int) -> Twin:
        return Twin(products[pk], *sold.get(pk, (None, None)), stock.get(pk))

    def newest_first(one: Twin) -> tuple[dt.date, int]:
        return one.last_sold or dt.date.min, one.product.pk

    shown = []
    for pair in pairs:
        newer, older = sorted(
            (twin(pair.first), twin(pair.second)), key=newest_first, reverse=True
        )
        shown.append(Twins(pair.reason, (newer, older)))
    return shown
