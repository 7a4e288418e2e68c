"""Demand of a product by week: what was sold, would have sold and will sell."""

import datetime as dt
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from forecasting.models import ReplenishmentPlan
from forecasting.quantiles import nb_quantile
from inventory.models import Location, Product
from jit_backoffice.charts import Bands, DemandChart, Shade, demand_chart
from sales.models import DailySales, StockoutSpell

WEEK = 7
LEAST_OPEN_DAYS = 3
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days that end on ``last``; ``out_days`` of them without stock."""

    last: dt.date
    sold: float
    would_have_sold: float
    out_days: int


@dataclass(frozen=True, slots=True)
class ForecastWeek:
    """Seven days that end on ``last``: the median; four in five are low to high."""

    last: dt.date
    likely: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Demand:
    """All that the demand card shows."""

    past: list[Week]
    ahead: list[ForecastWeek]
    chart: DemandChart | None

    @property
    def sentence(self) -> str:
        """What the chart shows, in words."""
        said = [
            f"{self.past[-1].sold:g} sold in the last week shown" if self.past else "",
            f"{self.ahead[0].low:g} to {self.ahead[0].high:g} expected in the next"
            if self.ahead
            else "",
        ]
        lost = sum(week.would_have_sold - week.sold for week in self.past)
        if lost >= 1:
            said.append(f"about {lost:.0f} more would have sold but for empty shelves")
        return ", ".join(words for words in said if words) + "."


def demand_of(
    product: Product, location: Location, plan: ReplenishmentPlan | None, weeks: int
) -> Demand:
    """Demand of a product in a location, week by week up to the plan's day."""
    last = plan.as_of if plan else location.today() - ONE_DAY
    first = last - dt.timedelta(days=WEEK * weeks - 1)
    spells = list(
        StockoutSpell.objects.filter(
            product=product, location=location, last_date__gte=first
        )
        .exclude(first_date__gt=last)
        .order_by("first_date")
    )
    past = past_weeks(product, location, first, weeks, spells)
    bands = forecast_bands(plan) if plan else None
    fan = opened(bands, past[-1]) if bands and past else bands
    chart = demand_chart(
        history=[(week.last, week.sold) for week in past],
        would_have=lost_weeks(past),
        forecast=fan,
        shades=shades(spells, first, last),
    )
    return Demand(past, ahead(bands) if bands else [], chart if past else None)


def past_weeks(
    product: Product,
    location: Location,
    first: dt.date,
    weeks: int,
    spells: list[StockoutSpell],
) -> list[Week]:
    """Whole weeks since the first sale, oldest first."""
    sold, closed = np.zeros(weeks * WEEK), np.zeros(weeks * WEEK, bool)
    rows = DailySales.objects.filter(product=product, location=location)
    begun = rows.order_by("business_date").values_list("business_date", flat=True)
    opening = begun.first()
    if opening is None:
        return []
    for day, units, cancelled in rows.filter(
        business_date__range=(first, first + (sold.size - 1) * ONE_DAY)
    ).values_list("business_date", "sold", "cancelled"):
        sold[(day - first).days] = max(float(units - cancelled), 0)
    for spell in spells:
        start = max((spell.first_date - first).days, 0)
        closed[start : max((spell.last_date - first).days + 1, 0)] = True
    unknown = max((opening - first).days, 0) // WEEK
    return [
        week_of(first + (n + 1) * WEEK * ONE_DAY - ONE_DAY, sold[cut], closed[cut])
        for n in range(unknown, weeks)
        for cut in [slice(n * WEEK, (n + 1) * WEEK)]
    ]


def week_of(
    last: dt.date, sold: NDArray[np.float64], closed: NDArray[np.bool_]
) -> Week:
    """A week; what it would have sold only where enough of it was open."""
    total, open_days = float(sold.sum()), int((~closed).sum())
    full = total
    if LEAST_OPEN_DAYS <= open_days < WEEK:
        full = max(total, float(sold[~closed].sum()) / open_days * WEEK)
    return Week(last, total, round(full, 1), int(closed.sum()))


def lost_weeks(past: list[Week]) -> list[tuple[dt.date, float]]:
    """From the week before the first loss to the week after the last."""
    lost = [n for n, week in enumerate(past) if week.would_have_sold > week.sold]
    if not lost:
        return []
    chosen = past[max(lost[0] - 1, 0) : lost[-1] + 2]
    return [(week.last, week.would_have_sold) for week in chosen]


def shades(spells: list[StockoutSpell], first: dt.date, last: dt.date) -> list[Shade]:
    """Spells of the weeks shown; those apart enough say what they are."""
    apart, named_at = (last - first) / 4, last + dt.timedelta(days=9999)
    found = []
    for spell in reversed(spells):
        begun, ended = max(spell.first_date, first), min(spell.last_date, last)
        days = (ended - begun).days + 1
        label = ""
        if named_at - begun > apart and last - begun > apart / 2:
            label, named_at = f"out of stock {days} day{'s'[: days > 1]}", begun
        found.append(Shade(begun, ended, label, "red"))
    return found


def forecast_bands(plan: ReplenishmentPlan) -> Bands:
    """What the coming weeks sell, with 50, 80 and 95 % ranges."""
    daily = np.array(plan.daily_mean)
    means = daily[: daily.size // WEEK * WEEK].reshape(-1, WEEK).sum(axis=1)
    ratio = np.full(means.shape, plan.variance_ratio)
    days = [plan.as_of + (n + 1) * WEEK * ONE_DAY for n in range(means.size)]

    def at(level: float) -> list[float]:
        quantiles: list[float] = nb_quantile(level, means, ratio).tolist()
        return quantiles

    return Bands(
        days, at(0.5), at(0.25), at(0.75), at(0.1), at(0.9), at(0.025), at(0.975)
    )


def opened(bands: Bands, newest: Week) -> Bands:
    """The ranges fan out from what was sold last."""
    start = newest.would_have_sold
    columns = {
        field.name: [start, *getattr(bands, field.name)]
        for field in fields(bands)
        if field.name != "days"
    }
    return Bands([newest.last, *bands.days], **columns)


def ahead(bands: Bands) -> list[ForecastWeek]:
    rows = zip(bands.days, bands.median, bands.low80, bands.high80, strict=True)
    return [ForecastWeek(*row) for row in rows]
