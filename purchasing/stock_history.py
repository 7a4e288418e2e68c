"""What was on hand at the end of past days, from the facts."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import TruncDate

from inventory.models import Location, Product, SaleLine, StockMove
from purchasing.position import ZERO

ONE_DAY = dt.timedelta(days=1)


def stock_by_day(
    product: Product,
    location: Location,
    *,
    on_hand: Decimal,
    last: dt.date,
    days: int,
) -> list[tuple[dt.date, float]]:
    """Stock at the end of each of the last days, reckoned back from ``on_hand``.

    What a count found is true for the days before it, too: shelves do not jump.
    """
    changes = changes_by_day(product, location, last - days * ONE_DAY, last)
    found, stock = [], on_hand
    for back in range(days):
        date = last - back * ONE_DAY
        found.append((date, float(max(stock, ZERO))))
        stock -= changes[date]
    return found[::-1]


def changes_by_day(
    product: Product, location: Location, first: dt.date, last: dt.date
) -> dict[dt.date, Decimal]:
    sales = SaleLine.objects.current().filter(
        product__survivor_id=product.pk,
        location=location,
        business_date__range=(first, last),
    )
    moved_on = TruncDate("occurred_at", tzinfo=location.zone)
    moves = StockMove.objects.annotate(moved_on=moved_on).filter(
        Q(to_location=location) | Q(from_location=location),
        product__survivor_id=product.pk,
        moved_on__gte=first,
        moved_on__lte=last,
    )
    leg = Case(When(to_location=location, then=F("quantity")), default=-F("quantity"))
    changes: dict[dt.date, Decimal] = defaultdict(Decimal)
    for day, change in (
        *summed(sales, "business_date", F("stock_change")),
        *summed(moves, "moved_on", leg),
    ):
        changes[day] += change
    return changes


def summed(
    rows: QuerySet[Any], date: str, change: F | Case
) -> list[tuple[dt.date, Decimal]]:
    by_day = rows.order_by().values(date).annotate(change=Sum(change))
    return list(by_day.values_list(date, "change"))
