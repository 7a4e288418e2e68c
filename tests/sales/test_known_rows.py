"""What was read already is not read again, and nobody can tell from the rows."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports.kinds import kind_named
from imports.reading import BadRow
from imports.row_reader import RowReader
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


ODD_ITEMS = ["Kid's tea", "'=Tea", "Te\\a", "Te\x1fa", "T\udcffa"]


def rows_of(columns, **more):
    cells = CELLS | more
    return st.lists(
        st.tuples(*(st.sampled_from(cells.get(c.name, [""])) for c in columns)),
        min_size=1,
        max_size=30,
    )


def told(parser, cells):
    try:
        return "\t".join(parser.parse(list(cells)))
    except RowProblem as problem:
        return problem.cause, problem.detail


any_file = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("layout", [sale_lines.SaleLines, square_items.SquareItems])
@any_file
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


def lines(reader, rows, cuts):
    """As COPY reads them, batch by batch."""
    numbered = [
        (n, cells if isinstance(cells, BadRow) else list(cells))
        for n, cells in enumerate(rows)
    ]
    ends = sorted({min(cut, len(rows)) for cut in cuts} | {0, len(rows)})
    return "".join(reader.lines(numbered[first:last]) for first, last in pairwise(ends))


@pytest.mark.parametrize(
    ("layout", "kind"),
    [
        (sale_lines.SaleLines, "sale_lines"),
        (square_items.SquareItems, "square_items"),
    ],
)
@any_file
@given(st.data(), st.sets(st.integers(1, 29)), st.sampled_from(["", "Old Town"]))
def test_batches_in_any_cut_give_the_lines_of_each_row(
    old_town, layout, kind, data, cuts, location
):
    kind = kind_named(kind)
    items = data.draw(st.lists(st.sampled_from(ODD_ITEMS), max_size=1))
    rows = data.draw(rows_of(kind.columns, item=[*CELLS["item"], *items]))
    if data.draw(st.booleans()):
        rows.insert(data.draw(st.integers(0, len(rows))), BadRow("too_wide", "9"))
    options = {"location": location}
    knowing = ReceiptParser(layout(Spelling("ymd")), Places(location), kind.columns)
    reading = ReceiptParser(layout(Spelling("ymd")), Places(location))
    one_by_one = lines(RowReader(kind, reading, options), rows, range(len(rows)))
    assert lines(RowReader(kind, knowing, options), rows, cuts) == one_by_one
