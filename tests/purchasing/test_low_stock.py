"""The low-stock list: most costly first, filtered in its address, put on orders."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import Product
from purchasing.low_stock import weekly_sales
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from purchasing.outlook import StockOutlook
from sales.models import DailySales, StockoutSpell
from tests.purchasing.shop import TODAY, order, plan, refresh, set_stock, suggestions
from vendors.models import VendorProduct

MORNING = dt.datetime(2026, 11, 23, 8, 5, tzinfo=dt.UTC)
URL = reverse("low_stock")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def shop(people, steady, lumpy, near, old_town, harbour):
    """Plates run out and cost most; oat drink is low; muesli is enough."""
    muesli = Product.objects.create(
        sku="GR-9", name="Muesli", category="Grocery", price=4
    )
    VendorProduct.objects.create(vendor=near, product=muesli, cost=2)
    plan(steady, old_town)
    plan(lumpy, old_town, per_day=0.9, level=60, protection_days=37)
    plan(muesli, old_town)
    set_stock(steady, old_town, 52)
    set_stock(lumpy, old_town, 5)
    set_stock(muesli, old_town, 200)
    refresh(old_town)
    return old_town


def names(page):
    return [row.outlook.product.name for row in page.context["rows"]]


def seen(client, person, query=""):
    client.force_login(person)
    return client.get(URL + query)


def test_most_costly_first_and_enough_is_left_out(client, people, shop):
    page = seen(client, people.manager)
    assert names(page) == ["Dinner plate, speckled", "Oat drink, barista 1 L"]
    text = page.content.decode()
    assert "2 of 3 products in Old Town" in text
    assert "Runs out" in text
    assert "72" in text
    assert "3 × 24" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?view=runs_out", ["Dinner plate, speckled"]),
        ("?state=low", ["Oat drink, barista 1 L"]),
        ("?category=Homeware", ["Dinner plate, speckled"]),
        ("?q=oat", ["Oat drink, barista 1 L"]),
        ("?q=HW-2031", ["Dinner plate, speckled"]),
        ("?q=nothing", []),
        (
            "?vendor=x&state=y&view=z&page=99",
            ["Dinner plate, speckled", "Oat drink, barista 1 L"],
        ),
    ],
)
def test_filters_stand_in_the_address(client, people, shop, query, expected):
    page = seen(client, people.manager, query)
    assert page.status_code == 200
    assert names(page) == expected


def test_vendor_filter(client, people, shop, far):
    assert names(seen(client, people.manager, f"?vendor={far.pk}")) == [
        "Dinner plate, speckled"
    ]


def test_tabs_count_what_they_show(client, people, shop):
    page = seen(client, people.manager)
    for tab in page.context["tabs"]:
        shown = seen(
            client, people.manager, f"?view={tab.view}&category={tab.category}"
        )
        assert len(names(shown)) == tab.count, tab.word
        assert [t.word for t in shown.context["tabs"] if t.is_current] == [tab.word]


def test_order_today_holds_what_can_still_be_ordered_today(client, people, shop, far):
    far.order_weekdays = [3]
    far.save()
    refresh(shop)
    assert names(seen(client, people.manager, "?view=today")) == [
        "Oat drink, barista 1 L"
    ]
    with time_machine.travel(MORNING.replace(hour=23), tick=False):
        assert names(seen(client, people.manager, "?view=today")) == []


def test_fragment_is_the_table_of_the_page(client, people, shop):
    client.force_login(people.manager)
    part = client.get(f"{URL}?q=oat", headers={"HX-Request": "true"})
    text = part.content.decode()
    assert text.strip().startswith('<div id="rows">')
    assert "Oat drink" in text
    assert "Dinner plate" not in text
    assert "HX-Request" in part.headers["Vary"]


def test_empty_list_says_why(client, people, shop):
    StockOutlook.objects.all().delete()
    text = seen(client, people.manager).content.decode()
    assert "Every product lasts until the delivery after its next order." in text
    assert "No low product matches" in (
        seen(client, people.manager, "?q=tea").content.decode()
    )


def test_late_delivery_is_said_in_words(client, people, shop, steady, near):
    set_stock(steady, shop, 30)
    order(near, shop, steady, 12, "sent", expected_on=TODAY - dt.timedelta(days=2))
    refresh(shop)
    assert "2 days late" in seen(client, people.manager).content.decode()


def test_viewer_sees_but_cannot_order(client, people, shop):
    page = seen(client, people.viewer)
    assert names(page)
    assert "row-check" not in page.content.decode()
    assert client.post(reverse("low_stock_lines"), {"pk": 1}).status_code == 403


def test_other_stores_are_not_seen(client, people, shop):
    assert names(seen(client, people.outsider)) == []


def test_weeks_of_the_sparkline_end_yesterday(steady, old_town):
    for days, sold in ((1, 2), (7, 3), (8, 5), (91, 7), (92, 100)):
        DailySales.objects.create(
            product=steady,
            location=old_town,
            business_date=TODAY - dt.timedelta(days=days),
            sold=sold,
        )
    plan(steady, old_town)
    refresh(old_town)
    weeks = weekly_sales(list(StockOutlook.objects.all()), TODAY)
    assert weeks[steady.pk, old_town.pk] == [7, *[0] * 10, 5, 5]


def test_weeks_out_of_stock_are_ticked(client, people, shop, lumpy):
    StockoutSpell.objects.create(
        product=lumpy,
        location=shop,
        first_date=TODAY - dt.timedelta(days=9),
        last_date=TODAY - dt.timedelta(days=2),
        source="ledger",
    )
    row = seen(client, people.manager).context["rows"][0]
    assert len(row.spark.ticks) == 2


def test_page_of_fifty_rows_asks_at_most_twelve_queries(client, people, near, old_town):
    for number in range(60):
        one = Product.objects.create(sku=f"Q-{number}", name=f"Tea {number}", price=3)
        VendorProduct.objects.create(vendor=near, product=one, cost=1)
        plan(one, old_town)
        set_stock(one, old_town, 5)
    refresh(old_town)
    client.force_login(people.manager)
    client.get(URL)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(URL)
    assert len(page.context["rows"]) == 50
    assert len(asked) <= 12, [query["sql"][:90] for query in asked]


def exported(client, query=""):
    answer = client.get(reverse("low_stock_export") + query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return answer, list(csv.reader(io.StringIO(text)))


def test_export_holds_the_filtered_rows_of_all_pages(client, people, shop):
    client.force_login(people.manager)
    answer, rows = exported(client, "?view=runs_out")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="low-stock-2026-11-23.csv"'
    )
    assert [row[0] for row in rows] == ["Product", "Dinner plate, speckled"]
    assert rows[1][4] == "5"


def test_export_writes_no_formula(client, people, shop, lumpy):
    lumpy.name = '=HYPERLINK("http://x")'
    lumpy.save()
    client.force_login(people.manager)
    assert exported(client)[1][1][0] == '\'=HYPERLINK("http://x")'


def put(client, person, *outlooks):
    client.force_login(person)
    keys = [outlook.pk for outlook in outlooks]
    return client.post(reverse("low_stock_lines"), {"pk": keys}, follow=False)


def test_selected_product_moves_from_the_suggestion_to_a_draft(client, people, shop):
    line = PurchaseOrderLine.objects.get(
        order__state="suggested", product__sku="GR-1042"
    )
    answer = put(client, people.manager, StockOutlook.objects.get(product=line.product))
    draft = PurchaseOrder.objects.get(state="draft")
    assert answer.url == draft.get_absolute_url()
    assert draft.lines.get().pk == line.pk
    assert draft.lines.get().explanation == line.explanation
    assert draft.total == Decimal("25.56")
    assert draft.timeline.last().user == people.manager
    assert ("Near", "Old Town", "GR-1042") not in suggestions()


def test_nothing_stands_on_two_orders_whatever_runs_next(client, people, shop):
    put(client, people.manager, *StockOutlook.objects.low())
    before = list(PurchaseOrderLine.objects.values_list("product", "quantity"))
    assert len(before) == 2
    refresh(shop)
    assert list(PurchaseOrderLine.objects.values_list("product", "quantity")) == before


def test_same_product_again_changes_nothing(client, people, shop, steady):
    outlook = StockOutlook.objects.get(product=steady)
    put(client, people.manager, outlook)
    put(client, people.manager, outlook)
    assert PurchaseOrder.objects.filter(state="draft").count() == 1
    assert PurchaseOrderLine.objects.filter(product=steady).count() == 1


def test_product_joins_the_draft_that_is_there(client, people, shop, near, steady):
    other = Product.objects.get(name="Muesli")
    draft = order(near, shop, other, 3)
    put(client, people.manager, StockOutlook.objects.get(product=steady))
    assert set(draft.lines.values_list("product", flat=True)) == {other.pk, steady.pk}


def test_product_with_enough_gets_one_pack_and_its_explanation(
    client, people, shop, near
):
    put(client, people.manager, StockOutlook.objects.get(product__name="Muesli"))
    line = PurchaseOrderLine.objects.get(order__state="draft")
    assert line.quantity == 1
    assert line.explanation["inputs"]["vendor"] == "Near"


def test_product_without_a_vendor_is_told(client, people, shop, steady):
    VendorProduct.objects.filter(product=steady).delete()
    refresh(shop)
    put(client, people.manager, StockOutlook.objects.get(product=steady))
    page = client.get(URL)
    assert "no vendor. Add one to order it." in page.content.decode()
    assert not PurchaseOrder.objects.filter(state="draft").exists()


def test_foreign_rows_are_left_alone(client, people, shop, steady):
    put(client, people.outsider, *StockOutlook.objects.all())
    assert not PurchaseOrder.objects.filter(state="draft").exists()


@pytest.mark.parametrize("keys", [[], ["x"], ["999999999"]])
def test_no_selection_is_told(client, people, shop, keys):
    client.force_login(people.manager)
    page = client.post(reverse("low_stock_lines"), {"pk": keys}, follow=True)
    assert "Select the products to order first." in page.content.decode()
