"""A row of a sales file, read: what every POS format comes down to. Pure."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

type LineKind = Literal["sale", "return", "cancellation", "write_off"]

SUM_WORDS = re.compile(
    r"(?:(?:grand|sub|net|report)[ -]?)?totals?(?: (?:sales|items|orders|units))?:?"
    r"|(?:gesamt|end)?summe:?|gesamt(?:umsatz)?:?|total (?:général|general):?"
    r"|eind?totaal:?|totaal:?|合計|総計|小計"
    r"|\d* ?record\(s\) downloaded.*|seller id ?:.*",
    re.IGNORECASE,
)


class SaleRow(NamedTuple):
    """Texts that the database reads; empty where the file says nothing.

    ``clock``: local time of day; a row that has none stands at noon. ``zone`` or
    ``offset`` say where it is local, else the location does. ``reference``: hash of
    whose sale it was. ``is_void``: a line of a cancelled order, which sold nothing.
    ``is_kept_out``: returned goods that do not go back to the shelf. ``warning``: a
    cause that does not keep the row out. ``sale_date``: of a return, the date on which
    the goods were sold.
    """

    receipt: str
    sku: str
    item: str
    variation: str
    category: str
    location: str
    date: str
    clock: str
    zone: str
    kind: LineKind
    quantity: str
    net_amount: str
    gross_amount: str
    offset: str = ""
    barcode: str = ""
    reference: str = ""
    is_void: bool = False
    is_kept_out: bool = False
    warning: str = ""
    sale_date: str = ""

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


class Apart(NamedTuple):
    """What a row tells besides what was sold, as in ``SaleRow``."""

    receipt: str
    date: str
    clock: str = ""
    zone: str = ""
    offset: str = ""
    reference: str = ""


def sums_up(cells: Sequence[str]) -> bool:
    """Whether a row that is no sale ends a report: a total, or a note beside our cells.

    >>> sums_up(["Total", "", "412"]), sums_up(["2026-05-01", "Total body wash", "1"])
    (True, False)
    >>> sums_up(["", " ", ""])
    True
    """
    texts = [text for cell in cells if (text := cell.strip())]
    return not texts or any(map(SUM_WORDS.fullmatch, texts))
