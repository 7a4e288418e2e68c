"""Inventory position: what we have and what will come. Pure."""

from decimal import Decimal

ZERO = Decimal(0)


def inventory_position(
    on_hand: Decimal, incoming: Decimal, committed: Decimal = ZERO
) -> Decimal:
    """Stock to compare with the reorder point.

    Parameters
    ----------
    on_hand : what the record says, may be negative [units]
    incoming : ordered or on its way, and counted [units]
    committed : promised to customers and not yet given out [units]

    Returns
    -------
    max(on_hand, 0) + incoming − committed. Buying never makes up for a negative
    record; a count does.

    Examples
    --------
    >>> inventory_position(Decimal(-3), Decimal(12))
    Decimal('12')
    """
    return max(on_hand, ZERO) + incoming - committed


def is_due(position: Decimal, reorder_point: Decimal) -> bool:
    """Whether to order: at or below the reorder point, never above it.

    Examples
    --------
    >>> is_due(Decimal(52), Decimal(52)), is_due(Decimal("52.001"), Decimal(52))
    (True, False)
    """
    return position <= reorder_point
