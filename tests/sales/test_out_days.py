import doctest
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales import out_days
from sales.out_days import COUNT, MOVE, SALE, LedgerEvents, out_spells


def spells(*events, through=20):
    """Spells of (series, day, kind, units) as (series, first, last)."""
    columns = np.array(events, np.int64).reshape(-1, 4).T
    found = out_spells(LedgerEvents(*columns[:3], columns[3] * 1000), through)
    return [
        tuple(int(v) for v in row)
        for row in zip(found.series, found.first_day, found.last_day, strict=True)
    ]


def test_examples_in_docstrings():
    assert not doctest.testmod(out_days).failed


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], []),
        ([(1, 2, SALE, -2)], []),
        ([(1, 2, COUNT, 5)], []),
        ([(1, 2, COUNT, 5), (1, 4, SALE, -5)], [(1, 5, 20)]),
        ([(1, 2, COUNT, 5), (1, 4, SALE, -6)], [(1, 5, 20)]),
        ([(1, 2, COUNT, 5), (1, 4, SALE, -5), (1, 9, MOVE, 6)], [(1, 5, 8)]),
        ([(1, 2, COUNT, 0), (1, 3, MOVE, 6)], []),
        ([(1, 2, COUNT, 0), (1, 6, COUNT, 0)], [(1, 3, 20)]),
        ([(1, 2, COUNT, 0), (2, 5, COUNT, 0)], [(1, 3, 20), (2, 6, 20)]),
        ([(1, 2, COUNT, 3), (1, 4, MOVE, -3), (1, 4, MOVE, 2)], []),
        ([(1, 20, COUNT, 0)], []),
    ],
)
def test_whole_days_without_stock_are_out(events, expected):
    assert spells(*events) == expected


def test_sale_from_an_empty_shelf_makes_the_record_doubtful():
    events = [(1, 1, COUNT, 1), (1, 2, SALE, -1), (1, 5, SALE, -1), (1, 9, SALE, -1)]
    assert spells(*events) == [(1, 3, 4)]
    assert spells(*events, (1, 11, COUNT, 0)) == [(1, 3, 4), (1, 12, 20)]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 2),
            st.integers(1, 15),
            st.sampled_from([MOVE, SALE, COUNT]),
            st.integers(0, 4),
        ),
        max_size=12,
    )
)
def test_spells_are_apart_and_hold_no_sale(events):
    signed = sorted((s, d, k, -q if k == SALE else q) for s, d, k, q in events)
    found = spells(*signed)
    for series, first, last in found:
        assert first <= last <= 20
        sales = [d for s, d, k, _ in signed if s == series and k == SALE]
        assert not any(first <= day <= last for day in sales)
    for (one, _, last), (other, first, _) in pairwise(found):
        assert one < other or first > last + 1
