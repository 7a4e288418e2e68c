"""Need, minimum, whole packs: in one unit, exact, always up."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing import order_sizing, position
from purchasing.order_sizing import NOTHING, Pack, in_quanta, order_size
from purchasing.position import inventory_position


def size(stock, *, point=69, level=70, **pack):
    numbers = {name: Decimal(str(value)) for name, value in pack.items()}
    return order_size(
        Decimal(str(stock)), Decimal(str(point)), Decimal(str(level)), Pack(**numbers)
    )


def test_examples_in_docstrings():
    assert not doctest.testmod(order_sizing).failed
    assert not doctest.testmod(position).failed


@pytest.mark.parametrize(
    ("stock", "expected"), [(68, 2), (69, 1), (70, 0), (69.001, 0), (500, 0)]
)
def test_nothing_fires_above_its_trigger(stock, expected):
    assert size(stock).quantity == expected


@pytest.mark.parametrize(
    ("unit", "stock", "pack", "expected"),
    [
        ("need in packs", 43, {"case_pack": 6}, 30),
        ("need is whole packs", 40, {"case_pack": 6}, 30),
        ("one unit more is one pack more", 39, {"case_pack": 6}, 36),
        ("minimum above the need", 60, {"case_pack": 6, "moq": 48}, 48),
        ("minimum is not whole packs", 60, {"case_pack": 9, "moq": 48}, 54),
        ("need above the minimum", 10, {"case_pack": 6, "moq": 48}, 60),
        ("single pieces", 43, {}, 27),
        ("by weight", 69, {"quantum": 0.001, "case_pack": 0.25}, 1),
        ("by weight, up", 68.999, {"quantum": 0.001, "case_pack": 0.25}, 1.25),
        ("9 to a box", 61, {"case_pack": 9}, 9),
    ],
)
def test_unit_pack_and_minimum(unit, stock, pack, expected):
    assert size(stock, **pack).quantity == Decimal(str(expected)), unit


def test_weight_compared_with_its_minimum_is_not_blocked():
    bought = order_size(
        Decimal(0),
        Decimal(49_999),
        Decimal("49999.93"),
        Pack(Decimal("110.231"), Decimal(50_000), Decimal("0.001")),
    )
    assert bought.quantity >= 50_000
    assert bought.quantity % Decimal("110.231") == 0


def test_zero_need_is_nothing_even_with_a_minimum():
    assert size(70, point=70, moq=48, case_pack=6) == NOTHING
    assert size(0, point=0, level=0, moq=48, case_pack=6) == NOTHING


def test_noise_of_floats_buys_no_further_pack():
    assert in_quanta(0.1 + 0.2, Decimal("0.1")) == Decimal("0.3")
    assert in_quanta(69.9999999999, Decimal(1)) == 70


def test_a_negative_record_is_not_made_up_by_buying():
    assert inventory_position(Decimal(-5), Decimal(12), Decimal(2)) == 10


amounts = st.decimals(0, 10_000, places=3)


@given(
    stock=amounts,
    level=amounts,
    pack=st.decimals("0.001", 500, places=3),
    moq=amounts,
)
def test_quantity_covers_need_and_minimum_and_no_pack_more(stock, level, pack, moq):
    wanted = Pack(pack, moq, Decimal("0.001"))
    found = order_size(stock, level, level, wanted)
    if stock >= level:
        assert found == NOTHING
        return
    assert found.quantity >= max(level - stock, moq)
    assert found.quantity - pack < max(level - stock, moq)
    assert found.quantity == found.packs * pack


@given(level=st.decimals(0, 100, places=3), stock=st.decimals(0, 100, places=3))
def test_ordering_twice_orders_once(level, stock):
    """odoo PR 3379: with fractional units each run ordered another 0.09."""
    pack = Pack(Decimal("0.001"), Decimal(0), Decimal("0.001"))
    first = order_size(stock, level, level, pack)
    assert order_size(stock + first.quantity, level, level, pack) == NOTHING
