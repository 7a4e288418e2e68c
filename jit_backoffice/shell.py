"""What surrounds every page: the person's locations, the nav and its counts."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.policy import can
from inventory.context import chosen_location, chosen_locations, visible_locations
from inventory.models import Alert, Location, Shop, Transfer
from purchasing.models import PurchaseOrder, StockOutlook


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    word: str
    icon: str
    action: str = "view"


@dataclass(frozen=True, slots=True)
class NavLink:
    name: str
    url: str
    word: str
    icon: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class NavGroup:
    title: str
    links: list[NavLink]


NAV: tuple[tuple[str, tuple[Link, ...]], ...] = (
    ("", (Link("dashboard", "Dashboard", "house"),)),
    (
        "Replenish",
        (
            Link("low_stock", "Low stock", "graph-down-arrow"),
            Link("suggested_orders", "Suggested orders", "lightbulb"),
        ),
    ),
    (
        "Buy",
        (
            Link("order_list", "Purchase orders", "file-earmark-text"),
            Link("approvals", "Approvals", "check-square"),
            Link("deliveries", "Deliveries", "truck"),
            Link("vendor_list", "Vendors", "building"),
        ),
    ),
    (
        "Stock",
        (
            Link("product_list", "Products", "box-seam"),
            Link("count_list", "Counts", "clipboard-check"),
            Link("transfer_list", "Transfers", "arrow-left-right"),
        ),
    ),
    (
        "Data",
        (
            Link("import_list", "Imports", "cloud-upload", "import_files"),
            Link("mailbox", "Mailbox", "mailbox", "read_vendor_mail"),
        ),
    ),
    ("", (Link("settings", "Settings", "gear"),)),
)


def counted(rows: QuerySet[Any]) -> Coalesce:
    """Number of rows, as a subquery of one row."""
    number = rows.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(number.annotate(n=Count("pk")).values("n")), 0)


class Shell:
    """Asked only as far as a template needs it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def locations(self) -> list[Location]:
        return visible_locations(self.request)

    @cached_property
    def location(self) -> Location | None:
        return chosen_location(self.request)

    @cached_property
    def shop(self) -> Shop:
        """The shop with the counts of the nav, in one query."""
        here = chosen_locations(self.request)
        orders = PurchaseOrder.objects.filter(location__in=here)
        states = PurchaseOrder.State
        outlooks = StockOutlook.objects.filter(location__in=here)
        shops = Shop.objects.annotate(
            low_stock=counted(outlooks.low()),
            suggested_orders=counted(orders.filter(state=states.SUGGESTED)),
            approvals=counted(orders.filter(state=states.SUBMITTED)),
            deliveries=counted(orders.filter(state__in=PurchaseOrder.ON_THE_WAY)),
            count_list=counted(outlooks.filter(state=StockOutlook.State.UNKNOWN)),
            transfer_list=counted(
                Transfer.objects.filter(to_location__in=here, arrived_at=None)
            ),
            alerts=counted(open_alerts(here)),
        )
        return shops.first() or Shop()

    @property
    def currency(self) -> str:
        return self.shop.currency

    @property
    def counts(self) -> dict[str, int]:
        return {"alerts": getattr(self.shop, "alerts", 0)}

    @property
    def groups(self) -> list[NavGroup]:
        """Links that the person's role may follow; no group without any."""
        groups = [NavGroup(title, self.links(links)) for title, links in NAV]
        return [group for group in groups if group.links]

    def links(self, links: tuple[Link, ...]) -> list[NavLink]:
        user = cast("User", self.request.user)
        return [
            NavLink(
                link.name,
                reverse(link.name),
                link.word,
                link.icon,
                getattr(self.shop, link.name, 0),
                self.is_here(link),
            )
            for link in links
            if can(user, link.action)
        ]

    def is_here(self, link: Link) -> bool:
        """The page itself or one below it: /orders/12/ is among the orders."""
        address, path = reverse(link.name), self.request.path
        return path == address or (address != "/" and path.startswith(address))


def open_alerts(locations: list[Location]) -> QuerySet[Alert]:
    """Alerts to look at today, of these locations or of the whole shop."""
    here = Q(location__in=locations) | Q(location=None)
    return Alert.objects.awake(timezone.localdate()).filter(here)


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor of base.html."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    around = Shell(request)
    return {
        "shell": around,
        "currency": SimpleLazyObject(lambda: around.currency),
    }
