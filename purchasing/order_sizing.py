"""How much to order: the need, then the minimum, then whole packs. Pure."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from purchasing.position import ZERO, is_due

FLOAT_NOISE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Pack:
    """How a product is bought and counted, in its own unit.

    ``case_pack`` : units in a pack, above 0. ``moq`` : least units per order.
    ``quantum`` : smallest amount that is counted, above 0.
    """

    case_pack: Decimal = Decimal(1)
    moq: Decimal = ZERO
    quantum: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class OrderSize:
    """``needed`` and ``quantity`` in units; ``quantity`` = packs × case pack."""

    needed: Decimal
    packs: int
    quantity: Decimal


NOTHING = OrderSize(ZERO, 0, ZERO)


def in_quanta(amount: float, quantum: Decimal) -> Decimal:
    """A calculated amount as what can be counted, rounded up.

    Parameters
    ----------
    amount : calculated, at least 0 [units]
    quantum : smallest amount that is counted, above 0 [units]

    Returns
    -------
    Whole quanta. What a float is off by is not taken for another quantum.

    Examples
    --------
    >>> in_quanta(70.0000000001, Decimal(1)), in_quanta(2.34501, Decimal("0.001"))
    (Decimal('70'), Decimal('2.346'))
    """
    exact = Decimal(repr(float(amount))).quantize(FLOAT_NOISE)
    return _multiple(exact, quantum) * quantum


def order_size(
    position: Decimal, reorder_point: Decimal, order_up_to_level: Decimal, pack: Pack
) -> OrderSize:
    """What to order now to come back to the order-up-to level.

    Parameters
    ----------
    position : inventory position [units]
    reorder_point, order_up_to_level : s and S of the plan [units]
    pack : case pack, minimum and quantum

    Returns
    -------
    OrderSize; nothing above the reorder point or when nothing is needed.

    Notes
    -----
    need = S − position; quantity = ceil(max(need, MOQ) / pack) × pack. All in one
    unit and exact; rounding to packs is the last step and always goes up.

    Examples
    --------
    >>> pack = Pack(case_pack=Decimal(6))
    >>> order_size(Decimal(43), Decimal(69), Decimal(70), pack).quantity
    Decimal('30')
    """
    needed = order_up_to_level - position
    if not is_due(position, reorder_point) or needed <= 0:
        return NOTHING
    needed = _multiple(needed, pack.quantum) * pack.quantum
    packs = _multiple(max(needed, pack.moq), pack.case_pack)
    return OrderSize(needed, packs, packs * pack.case_pack)


def _multiple(amount: Decimal, step: Decimal) -> int:
    """Smallest n with n × step ≥ amount."""
    return int((amount / step).to_integral_value(rounding=ROUND_CEILING))
