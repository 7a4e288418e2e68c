"""How a product stands in a location: its stock, what comes, and what to order.

All that is read is read set by set; what is reckoned is reckoned in arrays.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from forecasting.models import PolicyDefaults, ReplenishmentPlan
from forecasting.quantiles import nb_quantile
from inventory.models import Location, StockLevel
from inventory.past_stock import past_stock
from purchasing.incoming import ByProduct, IncomingLine, by_product, incoming_lines
from purchasing.order_sizing import OrderSize, Pack, in_quanta, order_size
from purchasing.orders import PurchaseOrder
from purchasing.outlook import StockOutlook
from purchasing.position import ZERO, inventory_position
from purchasing.projection import (
    RANGE,
    Array,
    Arrival,
    chance_of_lasting,
    cover,
    demand_until,
    lost_per_day,
    stock_states,
    supply,
)
from vendors.order_days import Deliveries
from vendors.terms import DefaultTerms, SupplyTerms, terms_for

State = StockOutlook.State
STATES = (State.OUT, State.RUNS_OUT, State.LOW, State.ENOUGH, State.UNKNOWN)
LEAST_DAYS = 42
FARTHEST_DAYS = 3650
ONE_DAY = dt.timedelta(days=1)

type Stock = dict[tuple[int, int], tuple[Decimal | None, dt.datetime | None]]
type StockReader = Callable[[Sequence[Location], dt.date, set[int]], Stock]


@dataclass(frozen=True)
class Case:
    """One product in one location on the morning of ``today``: all that decides."""

    plan: ReplenishmentPlan
    location: Location
    today: dt.date
    terms: SupplyTerms
    deliveries: Deliveries
    on_hand: Decimal | None
    counted_at: dt.datetime | None
    incoming: tuple[IncomingLine, ...]

    @property
    def pack(self) -> Pack:
        """Without a vendor there is neither pack nor minimum."""
        quantum = self.plan.product.quantum
        offer = self.terms.offer
        if offer is None:
            return Pack(quantum, ZERO, quantum)
        return Pack(offer.case_pack, offer.moq, quantum)

    @property
    def counted_on(self) -> dt.date | None:
        """The date of the count that the stock is reckoned from."""
        if self.counted_at is None:
            return None
        return self.counted_at.astimezone(self.location.zone).date()

    @property
    def counted_incoming(self) -> Decimal:
        return sum((line.counted_quantity for line in self.incoming), ZERO)

    @property
    def position(self) -> Decimal | None:
        if self.on_hand is None:
            return None
        return inventory_position(self.on_hand, self.counted_incoming)

    @property
    def reorder_point(self) -> Decimal:
        return in_quanta(self.plan.reorder_point, self.plan.product.quantum)

    @property
    def order_up_to_level(self) -> Decimal:
        return in_quanta(self.plan.order_up_to_level, self.plan.product.quantum)

    @cached_property
    def size(self) -> OrderSize | None:
        """What to order now; unknown where nobody counted."""
        if self.position is None:
            return None
        return order_size(
            self.position, self.reorder_point, self.order_up_to_level, self.pack
        )

    @property
    def days_until_next(self) -> int:
        """Days that stock must last if this order is skipped."""
        return max((self.deliveries.next_delivery_on - self.today).days, 1)

    def arrivals(self, row: int = 0) -> list[Arrival]:
        """What was sent and will arrive, by day; a draft cannot."""
        return [
            Arrival(row, (line.expected_on - self.today).days, float(line.quantity))
            for line in self.incoming
            if line.is_on_the_way and line.expected_on
        ]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What follows for a case; days of cover are None where nothing sells."""

    case: Case
    state: State
    cover_low: float | None
    cover_days: float | None
    cover_high: float | None
    lost_units_per_day: float
    usual_low: int
    usual_high: int

    @property
    def runs_out_on(self) -> dt.date | None:
        """The day it runs out; None where that is beyond all planning."""
        if self.cover_days is None or self.cover_days > FARTHEST_DAYS:
            return None
        return self.case.today + dt.timedelta(days=int(self.cover_days))

    @property
    def lost_per_day(self) -> Decimal | None:
        """Sales lost per day until the delivery after a skipped order."""
        price = self.case.plan.product.price
        if price is None or self.case.on_hand is None:
            return None
        lost = Decimal(str(self.lost_units_per_day)) * price
        return lost.quantize(Decimal("0.01"))


def default_terms() -> DefaultTerms:
    row = PolicyDefaults.load()
    return DefaultTerms(float(row.lead_time_days), row.review_period_days)


def gather(
    plans: Sequence[ReplenishmentPlan],
    *,
    without: PurchaseOrder | None = None,
    stock: StockReader | None = None,
) -> list[Case]:
    """Cases of plans of one ``as_of``, with product and location read along."""
    if not plans:
        return []
    places = {plan.location_id: plan.location for plan in plans}
    today = plans[0].as_of + ONE_DAY
    products = {plan.product_id for plan in plans}
    lines = by_product(
        incoming_lines(list(places.values()), today, products=products, without=without)
    )
    pairs = [(plan.product_id, plan.location_id) for plan in plans]
    terms = terms_for(pairs, default_terms())
    levels = (stock or stock_now)(list(places.values()), plans[0].as_of, products)
    clock: dict[tuple[object, ...], Deliveries] = {}
    return [
        Case(
            plan,
            places[plan.location_id],
            today,
            own,
            deliveries_of(own, places[plan.location_id], today, clock),
            *levels.get(pair, (None, None)),
            tuple(lines.get(pair, ())),
        )
        for plan, pair, own in zip(plans, pairs, terms, strict=True)
    ]


def stock_now(places: Sequence[Location], as_of: dt.date, products: set[int]) -> Stock:
    rows = StockLevel.objects.filter(product__in=products, location__in=places)
    columns = ("product_id", "location_id", "on_hand", "anchor_at")
    return {
        (product, location): (on_hand, anchor)
        for product, location, on_hand, anchor in rows.values_list(*columns)
    }


def stock_then(places: Sequence[Location], as_of: dt.date, products: set[int]) -> Stock:
    """Stock at the end of ``as_of``, whatever was sold or counted since."""
    return {
        (then.product_id, then.location_id): (then.on_hand, then.counted_at)
        for then in past_stock(places, as_of, products)
    }


def deliveries_of(
    terms: SupplyTerms,
    location: Location,
    today: dt.date,
    known: dict[tuple[object, ...], Deliveries],
) -> Deliveries:
    """Order and delivery days; the same for all products of the same terms."""
    key = (terms.order_days, terms.lead_time.days, location.pk)
    if key not in known:
        morning = dt.datetime.combine(today, dt.time(), location.zone)
        known[key] = terms.deliveries(location, morning)
    return known[key]


def with_incoming(cases: Sequence[Case], fresh: ByProduct) -> list[Case]:
    """The same cases with what is incoming now, where it is another."""
    answer = []
    for case in cases:
        lines = tuple(fresh.get((case.plan.product_id, case.plan.location_id), ()))
        answer.append(case if lines == case.incoming else replace(case, incoming=lines))
    return answer


def assess(cases: Sequence[Case]) -> list[Assessment]:
    """State, cover and lost sales of cases."""
    if not cases:
        return []
    until = np.array([case.days_until_next for case in cases])
    days = max(LEAST_DAYS, int(until.max()))
    on_hand = np.array(
        [np.nan if case.on_hand is None else float(case.on_hand) for case in cases]
    )
    daily = np.array([case.plan.daily_mean for case in cases])
    ratio = np.array([case.plan.variance_ratio for case in cases])
    arrivals = [
        arrival for row, case in enumerate(cases) for arrival in case.arrivals(row)
    ]
    demand = demand_until(daily, days)
    stock = supply(np.nan_to_num(on_hand), arrivals, days)
    chance = chance_of_lasting(stock, demand, ratio)
    states = stock_states(on_hand, chance, until).astype(int)
    lasting = cover(on_hand, chance)
    lost = lost_per_day(stock, demand, ratio, until)
    likely = beyond_forecast(lasting.likely, stock, demand)
    usual_low, usual_high = usual_demand(cases, ratio)
    low = np.where(np.isnan(lasting.low), likely, lasting.low)
    high = np.where(np.isnan(lasting.high), np.maximum(likely, days), lasting.high)
    return [
        Assessment(
            case,
            STATES[states[row]],
            known(low[row], case),
            known(likely[row], case),
            known(high[row], case),
            float(lost[row]),
            int(usual_low[row]),
            int(usual_high[row]),
        )
        for row, case in enumerate(cases)
    ]


def usual_demand(cases: Sequence[Case], ratio: Array) -> tuple[Array, Array]:
    """Eight in ten protection intervals sell between these two."""
    mean = np.array([case.plan.expected_demand for case in cases])
    low, high = (nb_quantile(level, mean, ratio) for level in RANGE)
    return low, high


def beyond_forecast(likely: Array, stock: Array, demand: Array) -> Array:
    """Where stock outlasts the days looked at: stock ÷ demand per day."""
    days = demand.shape[1]
    per_day = demand[:, -1] / days
    slow = np.full(likely.shape, np.nan)
    sells = per_day > 0
    slow[sells] = np.maximum(stock[sells, -1] / per_day[sells], days)
    return np.where(np.isnan(likely), slow, likely)


def known(days: float, case: Case) -> float | None:
    if case.on_hand is None or np.isnan(days):
        return None
    return round(float(days), 2)
