"""What was read already is not read again, and nobody can tell from the rows."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports.values import RowProblem
from sales.formats import sale_lines, square_items
from sales.formats.spelling import Spelling
from sales.sale_rows import Places, ReceiptParser

CELLS = {
    "date": ["2026-05-30", "30 May 2026", "2026-05-30 14:00", "1980-01-01", "never"],
    "time": ["", "13:03", "1:03 pm", "02:30", "late"],
    "zone": ["", "Amsterdam", "Mars"],
    "receipt": ["", "R1", " R1", "R2", "X-9"],
    "sku": ["", "TEA", "tea ", "4E+12"],
    "item": ["Tea", "", "Postage"],
    "quantity": ["1", "-1", "2.5", "one"],
    "net": ["", "4.00", "$4", "x"],
    "location": ["Old Town", "old town", ""],
    "kind": ["", "refund", "storno"],
    "status": ["", "void"],
    "event": ["Payment", "Refund", "Loan"],
    "reference": ["", "Ada", "Bob"],
}


def rows_of(columns):
    return st.lists(
        st.tuples(*(st.sampled_from(CELLS.get(c.name, [""])) for c in columns)),
        min_size=1,
        max_size=30,
    )


def told(parser, cells):
    try:
        return "\t".join(parser.parse(list(cells)))
    except RowProblem as problem:
        return problem.cause, problem.detail


@pytest.mark.parametrize("layout", [sale_lines.SaleLines, square_items.SquareItems])
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_a_known_part_gives_what_reading_it_gives(old_town, layout, data):
    columns = {
        sale_lines.SaleLines: sale_lines.COLUMNS,
        square_items.SquareItems: square_items.COLUMNS,
    }[layout]
    knowing = ReceiptParser(layout(Spelling("ymd")), Places(""), columns)
    reading = ReceiptParser(layout(Spelling("ymd")), Places(""))
    for cells in data.draw(rows_of(columns)):
        assert told(knowing, cells) == told(reading, cells)
    assert knowing.known is not None
