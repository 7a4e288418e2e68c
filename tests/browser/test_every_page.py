"""Every page in a browser: nothing that axe finds, no CSP violation, no overflow."""

import pytest
from django.urls import reverse

from accounts.models import User
from imports.models import Import
from inventory.models import Location, Product
from purchasing.models import PurchaseOrder
from tests.browser.files import waiting_files
from vendors.models import Vendor

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = (
    "dashboard",
    "dead_stock_list",
    "low_stock",
    "suggested_orders",
    "order_list",
    "approvals",
    "deliveries",
    "vendor_list",
    "vendor_add",
    "product_list",
    "product_add",
    "product_twins",
    "count_list",
    "transfer_list",
    "import_list",
    "import_new",
    "feed_list",
    "feed_add",
    "left_out_list",
    "mailbox",
    "alert_list",
    "location_list",
    "location_add",
    "person_list",
    "person_add",
    "defaults",
    "settings",
    "statusz",
    "search",
    "help",
    "more",
)
SCREENS = (
    {"viewport": {"width": 1440, "height": 900}},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
)
MORE_SCREENS = (
    {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    {"viewport": {"width": 320, "height": 640}},
)


def addresses():
    """Plain pages, and one of each page that shows a thing."""
    states = PurchaseOrder.State
    paths = [reverse(name) for name in PLAIN]
    for state in (states.SUGGESTED, states.SUBMITTED, states.SENT, states.RECEIVED):
        order = PurchaseOrder.objects.filter(state=state).first()
        if order:
            paths.append(reverse("order", args=[order.pk]))
    waiting = PurchaseOrder.objects.filter(state=states.SUBMITTED).first()
    if waiting:
        paths.append(reverse("approval", args=[waiting.pk]))
    coming = PurchaseOrder.objects.filter(state=states.SENT).first()
    if coming:
        paths.append(reverse("receiving", args=[coming.pk]))
    product = Product.objects.filter(sale_lines__isnull=False).first()
    if product:
        location = Location.objects.real().first()
        paths += [
            reverse("product", args=[product.pk]),
            reverse("product_edit", args=[product.pk]),
            reverse("count_add", args=[product.pk]),
            reverse("product_why", args=[product.pk, location.pk]),
        ]
    vendor = Vendor.objects.first()
    if vendor:
        paths += [reverse(f"vendor{end}", args=[vendor.pk]) for end in ("", "_edit")]
    done = Import.objects.filter(state=Import.State.DONE).first()
    if done:
        paths += [
            reverse(f"import_{end}", args=[done.pk]) for end in ("result", "undo")
        ]
    return paths


def check_all(visitor, password):
    visitor.sign_in("admin@demo.example", password)
    admin = User.objects.get(email="admin@demo.example")
    for path in [*addresses(), *waiting_files(admin)]:
        visitor.open(path)
        visitor.check()
        assert visitor.overflow() == 0, f"{path} is wider than the screen"


def test_pages_of_a_full_shop(visit, demo_shop):
    for screen in SCREENS:
        check_all(visit(**screen), demo_shop.password)


@pytest.mark.long
def test_pages_of_a_full_shop_on_more_screens(visit, demo_shop):
    for screen in MORE_SCREENS:
        check_all(visit(**screen), demo_shop.password)


def test_pages_of_an_empty_shop(visit, people):
    visitor = visit()
    visitor.sign_in("admin@example.com")
    for path in addresses():
        visitor.open(path)
        visitor.check()


def test_signed_out_pages(visit):
    visitor = visit()
    for name in ("account_login", "account_reset_password"):
        visitor.open(reverse(name))
        visitor.check()
