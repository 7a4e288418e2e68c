"""What is remembered of earlier rows tells the same as reading each row whole."""

from itertools import product

import pytest

from imports.values import RowProblem
from inventory.models import Location
from sales.formats.sale_lines import COLUMNS, SaleLines
from sales.formats.spelling import Spelling
from sales.sale_rows import Places, ReceiptParser

CHOICES = {
    "date": ["2026-05-01", "2026-05-01 10:14:00", "2026-05-01T10:14:00Z", "soon"],
    "time": ["", "11:30", "25:00"],
    "receipt": ["", "R-1", "R-2"],
    "sku": ["A", "", " ００１７"],
    "item": ["Tote"],
    "quantity": ["2", "-1", "x"],
    "net": ["8.00"],
    "price": ["", "4.00"],
    "location": ["Old Town", ""],
    "kind": ["", "Refund", "Blorp"],
    "status": ["", "void"],
    "reference": ["", "ref:1"],
}


def parser(columns=()):
    return ReceiptParser(SaleLines(Spelling()), Places(""), columns)


def told(parser, cells):
    try:
        return "\t".join(parser.parse(list(cells)))
    except RowProblem as problem:
        return (problem.cause, problem.detail)


@pytest.mark.django_db
def test_a_remembered_row_is_the_row_itself():
    Location.objects.create(name="Old Town", time_zone="America/New_York")
    Location.objects.create(name="North", time_zone="Europe/Berlin")
    rows = [
        [dict(zip(CHOICES, values, strict=True)).get(c.name, "") for c in COLUMNS]
        for values in product(*CHOICES.values())
    ]
    rows = rows[::7] + rows[::-11]
    whole, remembering = parser(), parser(COLUMNS)
    for cells in rows:
        assert told(remembering, cells) == told(whole, cells), cells
