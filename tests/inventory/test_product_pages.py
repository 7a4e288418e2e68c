"""Pages of products: the list, one product with its ledger, and its form."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from inventory import ledger
from inventory.models import Location, Product, SaleLine, SalesSource, StockMove
from purchasing.models import StockOutlook

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)
HTMX = {"HX-Request": "true"}


def counted(product, location, quantity=10, at=START):
    ledger.record_count(
        product,
        location=location,
        counted_quantity=Decimal(quantity),
        counted_at=at,
        key=f"{product.pk}-{location.pk}-{at}",
    )


def seen(product, location, state):
    StockOutlook.objects.create(
        product=product,
        location=location,
        state=state,
        as_of=START.date(),
        reorder_point=5,
        order_by=START,
        delivery_on=START.date(),
        next_delivery_on=START.date(),
    )


def text(answer):
    return answer.content.decode()


@pytest.fixture
def buyer(client, people):
    client.force_login(people.buyer)
    return client


def test_the_list_shows_stock_and_the_worst_state(buyer, steady, old_town, harbour):
    counted(steady, old_town, 10)
    counted(steady, harbour, 4)
    seen(steady, old_town, "enough")
    seen(steady, harbour, "runs_out")
    page = text(buyer.get(reverse("product_list")))
    assert "Runs out" in page
    assert ">14</td>" in page


def test_a_manager_sees_the_stock_of_own_locations_only(
    client, people, steady, old_town, harbour
):
    counted(steady, old_town, 10)
    counted(steady, harbour, 4)
    seen(steady, harbour, "out")
    client.force_login(people.manager)
    page = client.get(reverse("product_list"))
    (row,) = page.context["rows"]
    assert (row.on_hand, row.state) == (10, "")


def test_the_list_is_searched_by_name_sku_and_barcode(buyer, steady, lumpy):
    Product.objects.filter(pk=lumpy.pk).update(barcode="2000000021027")
    for wanted, found in (("oat", steady), ("hw-20", lumpy), ("2000000021027", lumpy)):
        rows = buyer.get(reverse("product_list"), {"q": wanted}).context["rows"]
        assert [row.product for row in rows] == [found]
    assert "No product fits" in text(buyer.get(reverse("product_list"), {"q": "zz"}))


def test_the_list_is_filtered_by_category_and_state(buyer, steady, lumpy, old_town):
    seen(lumpy, old_town, "low")
    for choice in ({"category": "Homeware"}, {"state": "low"}):
        rows = buyer.get(reverse("product_list"), choice).context["rows"]
        assert [row.product for row in rows] == [lumpy]


def test_products_out_of_the_range_have_their_own_view(buyer, steady, lumpy):
    Product.objects.filter(pk=lumpy.pk).update(is_active=False)
    rows = buyer.get(reverse("product_list")).context["rows"]
    assert [row.product for row in rows] == [steady]
    rows = buyer.get(reverse("product_list"), {"state": "inactive"}).context["rows"]
    assert [row.product for row in rows] == [lumpy]


def test_an_unknown_sort_is_the_name(buyer, steady):
    answer = buyer.get(reverse("product_list"), {"sort": "cost);drop table"})
    assert answer.status_code == 200


def test_a_search_while_typing_gets_the_rows_alone(buyer, steady):
    answer = buyer.get(reverse("product_list"), {"q": "oat"}, headers=HTMX)
    assert "<html" not in text(answer)
    assert 'id="rows"' in text(answer)


def test_fifty_rows_take_few_queries(
    buyer, old_town, harbour, django_assert_max_num_queries
):
    for number in range(60):
        product = Product.objects.create(sku=f"P-{number:02}", name=f"Product {number}")
        seen(product, old_town, "low")
        counted(product, harbour)
    buyer.get(reverse("product_list"))
    with django_assert_max_num_queries(12):
        page = buyer.get(reverse("product_list"))
    assert len(page.context["rows"]) == 50
    assert "1 to 50 of 60" in text(page)


def test_the_product_page_shows_its_ledger(buyer, steady, old_town):
    counted(steady, old_town, 10)
    ledger.record_move(
        steady,
        from_location=Location.objects.virtual(Location.Kind.VENDOR),
        to_location=old_town,
        quantity=Decimal(12),
        kind=StockMove.Kind.RECEIPT,
        occurred_at=START + dt.timedelta(days=1),
        idempotency_key="delivery",
        document="PO-1161",
    )
    page = reverse("product", args=[steady.pk])
    page = text(buyer.get(page, {"location": old_town.pk}))
    assert "Oat drink, barista 1 L" in page
    assert "+12" in page
    assert f'<a href="{reverse("order", args=[161])}">PO-1161</a>' in page
    assert "= 10" in page
    assert "22</td>" in page


def test_the_product_page_takes_few_queries(
    buyer, steady, old_town, django_assert_max_num_queries
):
    counted(steady, old_town, 500)
    source = SalesSource.objects.create(name="Till", kind="square_items")
    for number in range(100):
        SaleLine.objects.create(
            source=source,
            key=number.to_bytes(16),
            product=steady,
            location=old_town,
            sold_at=START + dt.timedelta(hours=6 * number),
            business_date=START.date(),
            quantity=1,
            stock_change=-1,
            receipt=str(number),
        )
    page = reverse("product", args=[steady.pk])
    buyer.get(page, {"location": old_town.pk})
    with django_assert_max_num_queries(14):
        answer = buyer.get(page, {"location": old_town.pk})
    assert len(answer.context["ledger"].entries) >= 20


def test_older_entries_come_as_the_ledger_alone(buyer, steady, old_town):
    counted(steady, old_town)
    answer = buyer.get(
        reverse("product", args=[steady.pk]), {"older": "2026-11-01"}, headers=HTMX
    )
    assert "<html" not in text(answer)
    assert 'id="ledger"' in text(answer)


def test_another_persons_location_is_not_found(client, people, steady, harbour):
    client.force_login(people.manager)
    page = reverse("product", args=[steady.pk])
    assert client.get(page, {"location": harbour.pk}).status_code == 404


def test_a_merged_product_leads_to_the_one_it_became(buyer, steady, lumpy):
    Product.objects.filter(pk=lumpy.pk).update(merged_into=steady)
    answer = buyer.get(reverse("product", args=[lumpy.pk]))
    assert answer.headers["Location"] == reverse("product", args=[steady.pk])


def test_the_receipts_of_a_day_are_listed(buyer, steady, old_town):
    source = SalesSource.objects.create(name="Till", kind="square_items")
    for hour in (0, 23, 30):
        SaleLine.objects.create(
            source=source,
            key=hour.to_bytes(16),
            product=steady,
            location=old_town,
            sold_at=dt.datetime(2026, 11, 1, 23, tzinfo=dt.UTC)
            + dt.timedelta(hours=hour),
            business_date=START.date(),
            quantity=1,
            stock_change=-1,
            receipt=f"R{hour}",
        )
    page = reverse("product_sales", args=[steady.pk, "2026-11-02"])
    page = buyer.get(page, {"location": old_town.pk})
    assert [line.receipt for line in page.context["lines"]] == ["R0", "R23"]
    assert buyer.get(f"/products/{steady.pk}/sales/yesterday/").status_code == 404


def form_values(product, **changes):
    values = {
        "sku": product.sku,
        "name": product.name,
        "category": product.category,
        "unit": product.unit,
        "quantum": "1",
        "price": "2.49",
        "cost": "1.42",
        "is_active": "on",
    }
    return values | changes


def test_a_buyer_adds_a_product_that_is_on_hand_nowhere(buyer, old_town):
    new = form_values(Product(sku="NEW-1", name="New tea", category="Tea"))
    answer = buyer.post(reverse("product_add"), new)
    product = Product.objects.get(sku="NEW-1")
    assert answer.headers["Location"] == reverse("product", args=[product.pk])
    assert product.levels.get(location=old_town).on_hand == 0


def test_a_taken_sku_is_told_and_what_was_typed_stays(buyer, steady):
    new = form_values(Product(sku="gr-1042", name="Other drink"))
    answer = buyer.post(reverse("product_add"), new)
    assert answer.status_code == 422
    assert "has this SKU already" in text(answer)
    assert 'value="Other drink"' in text(answer)


def test_a_managers_form_cannot_change_cost_price_or_sku(client, people, steady):
    client.force_login(people.manager)
    page = reverse("product_edit", args=[steady.pk])
    assert 'name="cost"' not in text(client.get(page))
    client.post(page, form_values(steady, name="Oat, 1 L", cost="0.01", price="9"))
    steady.refresh_from_db()
    assert steady.name == "Oat, 1 L"
    assert (steady.cost, steady.price, steady.sku) == (
        None,
        Decimal("2.49"),
        "GR-1042",
    )


def test_a_buyer_changes_the_cost(buyer, steady):
    buyer.post(
        reverse("product_edit", args=[steady.pk]), form_values(steady, cost="1.50")
    )
    steady.refresh_from_db()
    assert steady.cost == Decimal("1.5")


def test_a_viewer_sees_no_buttons(client, people, steady, old_town):
    counted(steady, old_town)
    client.force_login(people.viewer)
    for name, arguments in (("product", [steady.pk]), ("product_list", [])):
        page = text(client.get(reverse(name, args=arguments)))
        for address in ("counts/add", "adjustments/add", "transfers/add", "/edit/"):
            assert address not in page
        assert reverse("product_add") not in page
