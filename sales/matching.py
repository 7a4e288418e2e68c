"""Which product of the catalogue an unknown item may be, and why."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inventory.models import Product, ProductAlias, SalesSource
from inventory.similarity import near, plain, without_zeros
from sales.unknown_items import UnknownItem

LEAST_SIMILAR = 0.6
MOST_SUGGESTED = 3
SHORTEST_BARCODE = 8
REASONS = {
    "barcode": "same barcode",
    "spelling": "the same but for case or blanks",
    "zeros": "same SKU but for leading zeros",
    "renamed": "same name, SKU changed",
    "name": "same name",
    "near": "nearly the same name",
}
# What can be accepted unseen, where it fits one product only.
SURE = ("barcode", "spelling", "renamed", "name")


@dataclass(frozen=True, slots=True)
class Suggestion:
    product_id: int
    reason: str
    is_only_one: bool = True

    @property
    def words(self) -> str:
        return REASONS[self.reason]

    @property
    def is_sure(self) -> bool:
        return self.is_only_one and self.reason in SURE


@dataclass(frozen=True, slots=True)
class Listed:
    """A name of the catalogue: of a product, or of one that was merged into it."""

    product_id: int
    sku: str
    name: str
    barcode: str


type Places = Mapping[str, set[int]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Products by all that they go by. ``sold_here``: those that the file names."""

    listed: Sequence[Listed]
    by_barcode: Places
    by_spelling: Places
    by_number: Places
    by_name: Places
    sold_here: Collection[int] = field(default_factory=frozenset)

    @classmethod
    def of(
        cls,
        listed: Sequence[Listed],
        aliases: Iterable[tuple[str, int]] = (),
        sold_here: Collection[int] = frozenset(),
    ) -> "Catalogue":
        codes = [(one.sku, one.product_id) for one in listed] + list(aliases)
        return cls(
            listed,
            by_barcode=gathered(
                (without_zeros(one.barcode), one.product_id)
                for one in listed
                if one.barcode
            ),
            by_spelling=gathered((plain(code), product) for code, product in codes),
            by_number=gathered(
                (without_zeros(code), product)
                for code, product in codes
                if code.isdigit()
            ),
            by_name=gathered((plain(one.name), one.product_id) for one in listed),
            sold_here=sold_here,
        )


def gathered(pairs: Iterable[tuple[str, int]]) -> Places:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for text, product in pairs:
        found[text].add(product)
    return found


def catalogue(source: SalesSource | None, sold_here: Collection[int]) -> Catalogue:
    """All names of the catalogue; aliases as this source writes them."""
    rows = Product.objects.values_list("survivor_id", "sku", "name", "barcode")
    aliases = ProductAlias.objects.filter(source=None)
    if source is not None:
        aliases |= ProductAlias.objects.filter(source=source)
    return Catalogue.of(
        [Listed(*row) for row in rows],
        aliases.values_list("identity", "product__survivor_id"),
        sold_here,
    )


def suggest(item: UnknownItem, known: Catalogue) -> list[Suggestion]:
    """Products that an item equals in some way; the best reason alone.

    Pure. Of several products of the best reason none is sure.
    """
    for reason, products in reasons(item, known):
        if products:
            only_one = len(products) == 1
            return [
                Suggestion(product, reason, only_one)
                for product in sorted(products)[:MOST_SUGGESTED]
            ]
    return []


def reasons(
    item: UnknownItem, known: Catalogue
) -> Iterable[tuple[str, Collection[int]]]:
    barcodes = {without_zeros(item.barcode)} if item.barcode else set()
    if item.identity.isdigit() and len(item.identity) >= SHORTEST_BARCODE:
        barcodes.add(without_zeros(item.identity))
    yield "barcode", set().union(*(known.by_barcode.get(c, ()) for c in barcodes))
    yield "spelling", known.by_spelling.get(plain(item.identity), ())
    if item.identity.isdigit():
        yield "zeros", known.by_number.get(without_zeros(item.identity), ())
    same = known.by_name.get(plain(item.name or item.identity), set())
    if has_own_code(item):
        # A product whose own SKU is in the file too has not changed it.
        yield "renamed", same - set(known.sold_here)
    else:
        yield "name", same


def has_own_code(item: UnknownItem) -> bool:
    """Whether the file tells it by a code, not by its name alone."""
    if not item.name:
        return False
    code, name = plain(item.identity), plain(item.name)
    return code.replace(" / ", ", ") != name and not code.startswith(f"{name} / ")


def suggest_near(
    items: Sequence[UnknownItem], known: Catalogue
) -> list[list[Suggestion]]:
    """Products with nearly the same name, the most alike first; never sure. Pure."""
    found: list[list[Suggestion]] = [[] for _ in items]
    names = [item.name or item.identity for item in items]
    others = [one.name for one in known.listed]
    for pair in near(names, others, least=LEAST_SIMILAR):
        suggestion = Suggestion(known.listed[pair.other].product_id, "near")
        own = found[pair.place]
        if len(own) < MOST_SUGGESTED and suggestion not in own:
            own.append(suggestion)
    return found
