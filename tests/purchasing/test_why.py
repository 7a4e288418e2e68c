"""The panel: the frozen sentence, the picture, the arithmetic, the past periods."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import Location, StockMove
from purchasing.orders import PurchaseOrderLine
from purchasing.outlook import StockOutlook
from purchasing.stock_history import stock_by_day
from purchasing.why import project
from tests.purchasing.shop import AS_OF, TODAY, count, order, plan, refresh, set_stock

DAY = dt.timedelta(days=1)


@pytest.fixture
def line(people, steady, near, old_town):
    plan(steady, old_town)
    count(steady, old_town, 31)
    order(near, old_town, steady, 12, "sent", expected_on=TODAY + DAY)
    refresh(old_town)
    return PurchaseOrderLine.objects.get(order__state="suggested")


def line_url(line):
    return reverse("order_line_why", args=[line.order_id, line.pk])


def product_url(product, location):
    return reverse("product_why", args=[product.pk, location.pk])


def text_of(client, url, **headers):
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_panel_shows_sentence_picture_and_arithmetic(client, people, line):
    client.force_login(people.manager)
    text = text_of(client, line_url(line))
    assert "Why 30?" in text
    assert (
        "<b>31</b> and <b>12 on the way</b>, so you need 27: <b>5 packs of 6</b>."
        in (text)
    )
    assert "Without this order stock runs out about" in text
    assert "Rounded up to packs of 6" in text
    assert "26 of 26 sold 70 or fewer" in text
    assert "2 days" in text
    assert "set for the vendor" in text


def test_panel_alone_is_part_of_the_page(client, people, line):
    client.force_login(people.manager)
    part = text_of(client, line_url(line), **{"HX-Request": "true"})
    assert part.startswith('<div class="panel-head">')
    assert "<html" not in part


def test_frozen_panel_does_not_change_with_the_stock(client, people, line, steady):
    client.force_login(people.manager)
    line.order.state = "draft"
    line.order.save()
    before = text_of(client, line_url(line), **{"HX-Request": "true"})
    set_stock(steady, line.order.location, 300)
    refresh(line.order.location)
    assert text_of(client, line_url(line), **{"HX-Request": "true"}) == before


def test_changed_line_says_so_with_its_reason(client, people, line):
    PurchaseOrderLine.objects.filter(pk=line.pk).update(
        quantity=12, reason="Shelf full"
    )
    client.force_login(people.manager)
    text = text_of(client, line_url(line))
    assert "You order 12 instead of 30: Shelf full." in text


def test_line_put_there_by_hand_has_nothing_to_explain(
    client, people, near, old_town, steady
):
    made = order(near, old_town, steady, 12).lines.get()
    client.force_login(people.manager)
    text = text_of(client, line_url(made))
    assert "Added by hand" in text
    assert "nothing was calculated for it" in text


def test_lines_before_and_after_are_reached_in_the_panel(client, people, line, lumpy):
    other = line.order.lines.create(
        product=lumpy, quantity=24, unit_cost=1, urgency="should"
    )
    client.force_login(people.manager)
    assert line_url(other) in text_of(client, line_url(line))
    assert line_url(line) in text_of(client, line_url(other))


def test_next_line_in_the_panel_is_the_next_on_the_page(client, people, line, lumpy):
    lumpy.name = "Aaa, first by name"
    lumpy.save()
    other = line.order.lines.create(
        product=lumpy,
        quantity=24,
        suggested_quantity=24,
        unit_cost=1,
        urgency=line.urgency,
    )
    client.force_login(people.manager)
    assert client.get(line_url(other)).context["after"] == line
    other.suggested_quantity = None
    other.save()
    assert client.get(line_url(other)).context["before"] == line


def test_foreign_and_missing_lines_are_not_found(client, people, line):
    client.force_login(people.outsider)
    assert client.get(line_url(line)).status_code == 404
    client.force_login(people.manager)
    missing = reverse("order_line_why", args=[line.order_id, line.pk + 1])
    assert client.get(missing).status_code == 404


def test_product_without_an_order_is_explained_too(client, people, line, steady):
    client.force_login(people.manager)
    text = text_of(client, product_url(steady, line.order.location))
    assert "Why 30?" in text
    assert "5 packs of 6" in text


def test_product_with_enough_says_why_nothing(client, people, line, steady, old_town):
    set_stock(steady, old_town, 90)
    client.force_login(people.manager)
    text = text_of(client, product_url(steady, old_town))
    assert "Why nothing?" in text
    assert "which is enough for now." in text


def test_uncounted_product_has_no_picture(client, people, lumpy, old_town):
    plan(lumpy, old_town)
    client.force_login(people.manager)
    text = text_of(client, product_url(lumpy, old_town))
    assert "count it to get a suggestion" in text
    assert '<svg class="chart"' not in text.split("The last")[0]


def test_product_without_a_forecast_says_when_it_comes(client, people, lumpy, old_town):
    client.force_login(people.manager)
    assert "no forecast for this product" in text_of(
        client, product_url(lumpy, old_town)
    )


def test_product_in_a_foreign_store_is_not_found(client, people, line, steady):
    client.force_login(people.outsider)
    assert client.get(product_url(steady, line.order.location)).status_code == 404


def test_panel_asks_at_most_twelve_queries(client, people, line, steady):
    client.force_login(people.manager)
    for url in (line_url(line), product_url(steady, line.order.location)):
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url, headers={"HX-Request": "true"})
        assert len(asked) <= 12, [query["sql"][:90] for query in asked]


def test_picture_starts_with_today_and_jumps_where_goods_arrive(line):
    ahead = project(line.explanation["inputs"], line.quantity)
    assert ahead.dates[0] == TODAY
    assert ahead.with_order.median[0] == 31
    assert ahead.with_order.median[1] > 31
    gained = ahead.with_order.median - ahead.without
    assert (gained[:2] == 0).all()
    assert (gained[2:] >= 0).all()
    assert gained.max() == 30
    assert len(ahead.dates) >= 14


def test_past_stock_is_reckoned_back_from_today(steady, old_town, people):
    count(steady, old_town, 10, at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    kinds = StockMove.Kind
    loss = Location.objects.virtual(Location.Kind.LOSS)
    for hours, quantity, here in ((40, 4, loss), (20, 6, old_town)):
        there = old_town if here == loss else loss
        StockMove.objects.create(
            product=steady,
            from_location=there,
            to_location=here,
            quantity=quantity,
            kind=kinds.ADJUSTMENT,
            occurred_at=dt.datetime(2026, 11, 22, 23, tzinfo=dt.UTC)
            - dt.timedelta(hours=hours),
            idempotency_key=f"move-{hours}",
        )
    found = stock_by_day(steady, old_town, on_hand=Decimal(12), last=AS_OF, days=4)
    assert [stock for _, stock in found] == [10, 10, 6, 12]
    assert found[-1][0] == AS_OF


def test_fact_strip_has_each_fact_with_its_source(
    client, people, line, steady, old_town
):
    client.force_login(people.manager)
    url = reverse("product_outlook", args=[steady.pk])
    text = text_of(client, f"{url}?location={old_town.pk}")
    for words in (
        "counted Fri 20 Nov",
        "Tue 24 Nov, PO-",
        "5.4 a day",
        "43.0 %",
        "€2.49, cost €1.42",
        "€44.02",
        "Order 30",
        "Why 30?",
    ):
        assert words in text, words


def test_fact_strip_without_a_forecast(client, people, lumpy, old_town):
    client.force_login(people.viewer)
    url = reverse("product_outlook", args=[lumpy.pk])
    text = text_of(client, f"{url}?location={old_town.pk}")
    assert "never counted here" in text
    assert "nothing on order" in text
    assert "Order" not in text.split("fact-strip")[1].split("</section>")[0]


def test_fact_strip_of_a_foreign_store_is_not_found(
    client, people, line, steady, old_town
):
    client.force_login(people.outsider)
    url = reverse("product_outlook", args=[steady.pk])
    assert client.get(f"{url}?location={old_town.pk}").status_code == 404
    assert StockOutlook.objects.count() == 1
