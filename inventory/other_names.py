"""What else a product goes by: names in files, and products merged into it."""

from collections import defaultdict
from dataclasses import dataclass, field

from inventory.catalogue import Product, ProductAlias, ProductMerge

ANY_FILE = "any file"


@dataclass(slots=True)
class OtherName:
    """A name and where it is used; ``merged`` is the product that brought it."""

    text: str
    used_in: list[str] = field(default_factory=list)
    merged: Product | None = None


def other_names(product: Product) -> list[OtherName]:
    """Products merged into it first, then what files call it."""
    family = Product.objects.filter(survivor_id=product.pk)
    standing = ProductMerge.objects.filter(product__in=family, separated_at=None)
    names = [
        OtherName(f"{merge.product.sku}, {merge.product.name}", [], merge.product)
        for merge in standing.select_related("product").order_by("merged_at", "pk")
    ]
    aliases: defaultdict[str, list[str]] = defaultdict(list)
    for alias in ProductAlias.objects.filter(product__in=family).select_related(
        "source"
    ):
        if alias.identity != product.sku:
            aliases[alias.identity].append(
                alias.source.name if alias.source else ANY_FILE
            )
    return names + [OtherName(text, sorted(aliases[text])) for text in sorted(aliases)]
