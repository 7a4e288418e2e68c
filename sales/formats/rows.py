"""A row of a sales file, read: what every POS format comes down to. Pure."""

from typing import NamedTuple


class SaleRow(NamedTuple):
    """Texts that the database reads; empty where the file says nothing."""

    receipt: str
    sku: str
    item: str
    variation: str
    category: str
    location: str
    date: str
    clock: str
    zone: str
    is_return: bool
    quantity: str
    net_amount: str
    gross_amount: str

    @property
    def identity(self) -> str:
        """The item as the file writes it; never our own product."""
        if self.sku:
            return self.sku
        return f"{self.item} / {self.variation}" if self.variation else self.item

    @property
    def name(self) -> str:
        if self.variation and self.variation != "Regular":
            return f"{self.item}, {self.variation}"
        return self.item or self.sku
