"""Cancellations of an import without their sale: as rows of a page, and as a file."""

from collections.abc import Iterable, Iterator

from imports.csv_lines import line_writer
from imports.escaping import escaped
from inventory.models import SaleLine

COLUMNS = ("date", "time", "receipt", "sku", "name", "location", "quantity", "net")


def csv_lines(lines: Iterable[SaleLine]) -> Iterator[str]:
    writer = line_writer()
    yield "\ufeff" + writer.writerow(COLUMNS)
    for line in lines:
        yield writer.writerow(map(escaped, cells(line)))


def cells(line: SaleLine) -> Iterator[str]:
    at = line.sold_at.astimezone(line.location.zone)
    yield f"{at:%Y-%m-%d}"
    yield f"{at:%H:%M:%S}"
    yield line.receipt
    yield line.product.sku
    yield line.product.name
    yield line.location.name
    yield f"{line.quantity.normalize():f}"
    yield "" if line.net_amount is None else f"{line.net_amount}"
