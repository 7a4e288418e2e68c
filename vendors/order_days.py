"""When a vendor takes orders, and when what was ordered arrives. Pure."""

import datetime as dt
import math
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LAST_MINUTE = dt.time(23, 59)


@dataclass(frozen=True, slots=True)
class OrderDays:
    """The days on which a vendor takes orders.

    ``weekdays`` : Monday is 0; empty = every day, ``review_period_days`` apart.
    ``cutoff`` : local time until which an order counts for that day.
    """

    weekdays: frozenset[int] = frozenset()
    cutoff: dt.time = LAST_MINUTE
    review_period_days: int = 7


@dataclass(frozen=True, slots=True)
class Deliveries:
    """This order and the one after it.

    ``next_delivery_on`` is the delivery you get if this order is skipped.
    """

    order_by: dt.datetime
    delivery_on: dt.date
    next_order_by: dt.datetime
    next_delivery_on: dt.date


def longest_gap(weekdays: frozenset[int]) -> int:
    """Most days between two order days; they recur each week.

    Examples
    --------
    >>> longest_gap(frozenset({0})), longest_gap(frozenset({0, 3}))
    (7, 4)
    """
    ordered = sorted(weekdays)
    following = [*ordered[1:], ordered[0] + 7]
    return max(b - a for a, b in zip(ordered, following, strict=True))


def deadline(days: OrderDays, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """Until when the next order must be placed; never before ``now``.

    Examples
    --------
    >>> monday = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    >>> days = OrderDays(frozenset({0, 3}), dt.time(12))
    >>> deadline(days, ZoneInfo("Europe/Amsterdam"), monday).isoformat()
    '2026-11-23T12:00:00+01:00'
    """
    today = now.astimezone(zone).date()
    ahead = (today + dt.timedelta(days=n) for n in range(9))
    open_days = (d for d in ahead if not days.weekdays or d.weekday() in days.weekdays)
    times = (dt.datetime.combine(day, days.cutoff, zone) for day in open_days)
    return next(time for time in times if time >= now)


def deadline_after(
    days: OrderDays, zone: ZoneInfo, earlier: dt.datetime
) -> dt.datetime:
    """The order that follows the one placed by ``earlier``."""
    if days.weekdays:
        return deadline(days, zone, earlier + dt.timedelta(minutes=1))
    day = earlier.astimezone(zone).date() + dt.timedelta(days=days.review_period_days)
    return dt.datetime.combine(day, days.cutoff, zone)


def arrival(placed_at: dt.datetime, zone: ZoneInfo, lead_time_days: float) -> dt.date:
    """The date on which an order arrives; a part of a day counts as a day.

    Examples
    --------
    >>> late = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)
    >>> arrival(late, ZoneInfo("Europe/Amsterdam"), 2.5).isoformat()
    '2026-11-27'
    """
    placed_on = placed_at.astimezone(zone).date()
    return placed_on + dt.timedelta(days=math.ceil(lead_time_days))


def deliveries(
    days: OrderDays, zone: ZoneInfo, lead_time_days: float, now: dt.datetime
) -> Deliveries:
    """The delivery of an order placed in time, and the one if it is skipped."""
    first = deadline(days, zone, now)
    second = deadline_after(days, zone, first)
    return Deliveries(
        first,
        arrival(first, zone, lead_time_days),
        second,
        arrival(second, zone, lead_time_days),
    )
