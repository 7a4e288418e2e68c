"""The low-stock list: views, filters, rows with their small charts, and a file."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils import timezone

from imports.csv_lines import line_writer
from jit_backoffice.charts import CoverBar, Sparkline, cover_bar, sparkline
from jit_backoffice.words import STATES
from purchasing.order_document import exact, no_formula
from purchasing.outlook import OutlookQuerySet, StockOutlook
from sales.models import DailySales, StockoutSpell

WEEKS = 13
CATEGORY_TABS = 2
VIEWS = {"today": "Order today", "runs_out": "Runs out first"}
RUNS_OUT = (StockOutlook.State.OUT, StockOutlook.State.RUNS_OUT)
COLUMNS = (
    "Product",
    "SKU",
    "Location",
    "State",
    "On hand",
    "Incoming",
    "Days of cover",
    "Reorder at",
    "Suggested",
    "Lost a day",
    "Vendor",
    "Order by",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the person chose; all of it stands in the address."""

    view: str = ""
    text: str = ""
    vendor: str = ""
    category: str = ""
    state: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        view = query.get("view", "")
        return cls(
            view if view in VIEWS else "",
            query.get("q", "").strip(),
            query.get("vendor", ""),
            query.get("category", ""),
            query.get("state", ""),
        )

    def apply(self, rows: OutlookQuerySet) -> OutlookQuerySet:
        if self.view:
            rows = rows.filter(condition_of(self.view))
        if self.category:
            rows = rows.filter(product__category=self.category)
        if self.state in StockOutlook.LOW:
            rows = rows.filter(state=self.state)
        if self.vendor.isdecimal():
            rows = rows.filter(offer__vendor=int(self.vendor))
        if self.text:
            rows = rows.filter(
                Q(product__name__icontains=self.text)
                | Q(product__sku__icontains=self.text)
                | Q(product__barcode=self.text)
            )
        return rows


@dataclass(frozen=True, slots=True)
class Tab:
    word: str
    count: int
    view: str
    category: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list; ``packs`` is None where nothing is suggested."""

    outlook: StockOutlook
    cover: CoverBar | None
    spark: Sparkline
    packs: int | None
    days_late: int

    @property
    def amount(self) -> object:
        offer, quantity = self.outlook.offer, self.outlook.suggested_quantity
        return (offer.cost * quantity) if offer and quantity else 0


def condition_of(view: str) -> Q:
    """Which rows a saved view holds."""
    if view == "runs_out":
        return Q(state__in=RUNS_OUT)
    now = timezone.localtime()
    tomorrow = now.replace(hour=0, minute=0, second=0) + dt.timedelta(days=1)
    return Q(order_by__gte=now, order_by__lt=tomorrow) & Q(
        suggested_quantity__gt=0, offer__isnull=False
    )


def tabs(
    low: OutlookQuerySet, filters: Filters, by_category: list[tuple[str, int]]
) -> list[Tab]:
    """All, the saved views, and the categories with most rows."""
    counts = low.order_by().aggregate(
        all=Count("pk"),
        **{view: Count("pk", filter=condition_of(view)) for view in VIEWS},
    )
    plain = not filters.category
    answer = [Tab("All", counts["all"], "", "", plain and not filters.view)]
    answer += [
        Tab(word, counts[view], view, "", plain and filters.view == view)
        for view, word in VIEWS.items()
    ]
    answer += [
        Tab(name, count, "", name, filters.category == name and not filters.view)
        for name, count in by_category[:CATEGORY_TABS]
    ]
    return answer


def categories(low: OutlookQuerySet) -> list[tuple[str, int]]:
    """Categories of the list, those with most rows first."""
    found = low.order_by().exclude(product__category="").values("product__category")
    counted = found.annotate(rows=Count("pk")).order_by("-rows", "product__category")
    return [(row["product__category"], row["rows"]) for row in counted]


def vendors(low: OutlookQuerySet) -> list[tuple[int, str]]:
    found = low.order_by("offer__vendor__name").exclude(offer=None)
    return list(found.values_list("offer__vendor", "offer__vendor__name").distinct())


def rows_of(outlooks: Sequence[StockOutlook], today: dt.date) -> list[Row]:
    weeks = weekly_sales(outlooks, today)
    out = weeks_out(outlooks, today)
    return [row_of(one, today, weeks, out) for one in outlooks]


type ByPair[T] = dict[tuple[int, int], T]


def row_of(
    outlook: StockOutlook,
    today: dt.date,
    weeks: ByPair[list[float]],
    out: ByPair[set[int]],
) -> Row:
    pair = (outlook.product_id, outlook.location_id)
    quantity, offer = outlook.suggested_quantity, outlook.offer
    late = (today - outlook.incoming_on).days if outlook.incoming_on else 0
    days = (outlook.next_delivery_on - today).days
    return Row(
        outlook,
        cover_bar(
            outlook.cover_days_low, outlook.cover_days, outlook.cover_days_high, days
        ),
        sparkline(weeks[pair], sorted(out[pair])),
        int(quantity / offer.case_pack) if offer and quantity else None,
        max(late, 0),
    )


def weekly_sales(
    outlooks: Sequence[StockOutlook], today: dt.date
) -> ByPair[list[float]]:
    """Units sold and not cancelled in each of the last weeks, oldest first."""
    weeks: ByPair[list[float]] = defaultdict(lambda: [0.0] * WEEKS)
    sold = of_pairs(DailySales.objects.all(), outlooks).filter(
        business_date__range=(week_start(0, today), today - dt.timedelta(days=1))
    )
    week = Func(
        F("business_date"),
        week_start(0, today),
        template="(%(expressions)s) / 7",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    by_week = sold.annotate(week=week).values_list("product", "location", "week")
    kept = Sum(F("sold") - F("cancelled"))
    for product, location, number, units in by_week.annotate(units=kept):
        weeks[product, location][number] = float(units)
    return weeks


def weeks_out(outlooks: Sequence[StockOutlook], today: dt.date) -> ByPair[set[int]]:
    """Weeks with a day out of stock."""
    found: ByPair[set[int]] = defaultdict(set)
    first = week_start(0, today)
    spells = of_pairs(StockoutSpell.objects.filter(last_date__gte=first), outlooks)
    for spell in spells:
        start = max((spell.first_date - first).days // 7, 0)
        end = min((spell.last_date - first).days // 7, WEEKS - 1)
        found[spell.product_id, spell.location_id].update(range(start, end + 1))
    return found


def week_start(number: int, today: dt.date) -> dt.date:
    return today - dt.timedelta(days=7 * (WEEKS - number))


def of_pairs[M: (DailySales, StockoutSpell)](
    rows: QuerySet[M], outlooks: Iterable[StockOutlook]
) -> QuerySet[M]:
    return rows.filter(
        product__in={one.product_id for one in outlooks},
        location__in={one.location_id for one in outlooks},
    )


def csv_lines(outlooks: Iterable[StockOutlook]) -> Iterator[str]:
    """The list as lines of a file; texts are never taken for formulas."""
    writer = line_writer()
    yield "\ufeff" + writer.writerow(COLUMNS)
    for one in outlooks:
        yield writer.writerow(cells_of(one))


def cells_of(outlook: StockOutlook) -> list[object]:
    offer, suggested = outlook.offer, outlook.suggested_quantity
    return [
        no_formula(outlook.product.name),
        no_formula(outlook.product.sku),
        no_formula(outlook.location.name),
        STATES["stock"][outlook.state].word,
        "" if outlook.on_hand is None else exact(outlook.on_hand),
        exact(outlook.incoming),
        outlook.cover_days,
        exact(outlook.reorder_point),
        "" if suggested is None else exact(suggested),
        outlook.lost_per_day,
        no_formula(offer.vendor.name) if offer else "",
        outlook.order_by.isoformat(timespec="minutes"),
    ]
