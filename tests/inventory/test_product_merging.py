"""Merging products, taking merges back, and what follows from either."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from forecasting.series import known_series
from inventory import introducing, ledger, product_merging
from inventory.history import ledger_page
from inventory.models import Alert, Location, Product, StockCount, StockLevel, StockMove
from inventory.past_stock import past_stock
from purchasing.incoming import incoming_lines
from purchasing.models import PurchaseOrder, PurchaseOrderLine, StockOutlook
from purchasing.stock_history import stock_by_day
from sales.models import DailySales, StockoutSpell
from sales.stockouts import recompute_stockouts
from tests.sales.files import (
    DAILY_HEADER,
    INVOICE_HEADER,
    daily,
    import_all,
    import_sales,
    invoice,
    run,
    write,
)
from vendors.models import VendorProduct

MONDAY = dt.datetime(2026, 6, 1, 6, tzinfo=dt.UTC)
ONE_DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(db):
    return Product.objects.create(sku="MATCHA", name="matcha latte")


@pytest.fixture
def new(db):
    return Product.objects.create(sku="MATCHA-2", name="Matcha Latte")


def count(product, location, units, at=MONDAY, key=None):
    return ledger.record_count(
        product,
        location=location,
        counted_quantity=Decimal(units),
        counted_at=at,
        key=key or f"{product.sku}-{location.pk}-{at:%d%H}",
    )


def deliver(product, location, units, at):
    vendors = Location.objects.virtual(Location.Kind.VENDOR)
    return ledger.record_move(
        product,
        from_location=vendors,
        to_location=location,
        quantity=Decimal(units),
        kind=StockMove.Kind.RECEIPT,
        occurred_at=at,
        idempotency_key=f"{product.sku}-{at:%d%H}",
    )


def on_hand(product, location):
    level = StockLevel.objects.filter(product=product, location=location).first()
    return level and level.on_hand


def sold(product):
    rows = DailySales.objects.filter(product=product).order_by("business_date")
    return [int(units) for units in rows.values_list("sold", flat=True)]


@pytest.fixture
def sales(tmp_path, settings, old_town):
    settings.MEDIA_ROOT = tmp_path

    def import_days(*rows, **options):
        path = write(
            tmp_path / f"{len(list(tmp_path.iterdir()))}.csv", DAILY_HEADER, rows
        )
        return import_sales(path, **options)["import_ids"][0]

    return import_days


def test_stock_and_sales_of_both_become_one(old, new, old_town, sales):
    count(old, old_town, 20)
    deliver(new, old_town, 6, MONDAY + ONE_DAY)
    sales(daily("2026-06-02", "MATCHA", 3), daily("2026-06-02", "MATCHA-2", 4))
    product_merging.merge(old, into=new)
    assert on_hand(new, old_town) == 20 + 6 - 3 - 4
    assert on_hand(old, old_town) is None
    assert (sold(old), sold(new)) == ([], [7])
    assert ledger.reconcile() == []


def test_the_newest_count_of_either_is_the_stock(old, new, old_town):
    count(old, old_town, 20)
    count(new, old_town, 5, MONDAY + ONE_DAY)
    product_merging.merge(new, into=old)
    assert on_hand(old, old_town) == 5


def test_counts_of_one_moment_are_parts_of_one_count(old, new, old_town):
    count(old, old_town, 20)
    count(new, old_town, 5)
    product_merging.merge(old, into=new)
    assert on_hand(new, old_town) == 25
    (entry,) = ledger_page(new, old_town).entries
    assert (entry.counted, entry.on_hand) == (25, 25)
    assert ledger.reconcile() == []


def test_a_product_added_by_hand_does_not_empty_the_shelf(old, old_town):
    count(old, old_town, 20)
    added = introducing.introduce(Product(sku="M3", name="Matcha latte"))
    product_merging.merge(old, into=added)
    assert on_hand(added, old_town) == 20
    product_merging.separate(old)
    assert (on_hand(old, old_town), on_hand(added, old_town)) == (20, 0)
    assert ledger.reconcile() == []


def test_two_products_added_by_hand_stay_at_nothing(old_town):
    one = introducing.introduce(Product(sku="A", name="A"))
    other = introducing.introduce(Product(sku="B", name="A"))
    product_merging.merge(one, into=other)
    assert on_hand(other, old_town) == 0


def test_a_later_file_with_the_old_sku_goes_to_the_target(old, new, old_town, sales):
    product_merging.merge(old, into=new)
    sales(daily("2026-06-02", "MATCHA", 3))
    assert (sold(old), sold(new)) == ([], [3])
    product_merging.separate(old)
    assert (sold(old), sold(new)) == ([3], [])


def test_a_file_imported_again_after_a_merge_changes_nothing(old, new, sales):
    rows = daily("2026-06-02", "MATCHA", 3), daily("2026-06-02", "MATCHA-2", 4)
    sales(*rows)
    product_merging.merge(old, into=new)
    pk = sales(*rows)
    assert sold(new) == [7]
    run("undo_import", pk)
    assert sold(new) == [7]


def test_undo_after_a_merge_takes_back_what_the_file_added(old, new, old_town, sales):
    count(new, old_town, 20)
    pk = sales(daily("2026-06-02", "MATCHA", 3), daily("2026-06-02", "MATCHA-2", 4))
    product_merging.merge(old, into=new)
    run("undo_import", pk)
    assert (sold(new), on_hand(new, old_town)) == ([], 20)
    assert ledger.reconcile() == []


def test_moves_and_counts_of_a_merged_product_change_the_target(old, new, old_town):
    count(new, old_town, 10)
    product_merging.merge(old, into=new)
    deliver(old, old_town, 6, MONDAY + ONE_DAY)
    assert on_hand(new, old_town) == 16
    late = count(old, old_town, 3, MONDAY + 2 * ONE_DAY)
    assert on_hand(new, old_town) == 3
    ledger.retract_count(late)
    assert on_hand(new, old_town) == 16
    assert not StockLevel.objects.filter(product=old).exists()
    assert ledger.reconcile() == []


def test_separating_gives_each_its_own_back(old, new, old_town, harbour, sales):
    count(old, old_town, 20)
    count(new, harbour, 5)
    sales(daily("2026-06-02", "MATCHA", 3), daily("2026-06-02", "MATCHA-2", 4))
    before = state_of(old, new)
    product_merging.merge(old, into=new)
    assert state_of(old, new) != before
    assert product_merging.separate(old)
    assert state_of(old, new) == before
    assert not product_merging.separate(old)
    assert ledger.reconcile() == []


def state_of(*products):
    return (
        list(
            StockLevel.objects.filter(product__in=products)
            .order_by("product", "location")
            .values_list("product", "location", "on_hand", "anchor_at")
        ),
        list(
            DailySales.objects.filter(product__in=products)
            .order_by("product", "business_date")
            .values_list("product", "location", "business_date", "sold", "revenue")
        ),
        list(
            VendorProduct.objects.filter(product__in=products)
            .order_by("pk")
            .values_list("product", "vendor", "rank")
        ),
    )


def test_chains_are_flat_and_come_apart_link_by_link(old, new, old_town):
    third = Product.objects.create(sku="M3", name="Matcha")
    count(old, old_town, 20)
    product_merging.merge(old, into=new)
    product_merging.merge(new, into=third)
    assert set(Product.objects.filter(survivor_id=third.pk)) == {old, new, third}
    assert on_hand(third, old_town) == 20
    product_merging.separate(new)
    old.refresh_from_db()
    assert old.merged_into == new
    assert (on_hand(new, old_town), on_hand(third, old_town)) == (20, None)


def test_a_link_in_the_middle_comes_apart_first(old, new, old_town):
    third = Product.objects.create(sku="M3", name="Matcha")
    count(old, old_town, 20)
    product_merging.merge(old, into=new)
    product_merging.merge(new, into=third)
    product_merging.separate(old)
    product_merging.separate(new)
    assert Product.objects.filter(merged_into=None).count() == 3
    assert on_hand(old, old_town) == 20
    assert ledger.reconcile() == []


def test_merging_into_a_merged_product_reaches_what_it_counts_as(old, new):
    third = Product.objects.create(sku="M3", name="Matcha")
    product_merging.merge(old, into=new)
    assert product_merging.merge(third, into=old).into == new


@pytest.mark.parametrize("target", ["itself", "its own part"])
def test_a_product_is_not_merged_into_itself(old, new, target):
    product_merging.merge(old, into=new)
    with pytest.raises(ValidationError):
        product_merging.merge(new, into=new if target == "itself" else old)


def test_a_merged_product_is_not_merged_again(old, new, lumpy):
    product_merging.merge(old, into=new)
    with pytest.raises(ValidationError):
        product_merging.merge(old, into=lumpy)


def test_offers_follow_and_the_targets_offer_of_a_vendor_stands(steady, lumpy, near):
    own = VendorProduct.objects.create(vendor=near, product=lumpy, cost=9, rank=2)
    far = VendorProduct.objects.get(vendor__name="Far")
    before = state_of(steady, lumpy)
    product_merging.merge(lumpy, into=steady)
    offers = VendorProduct.objects.filter(product=steady)
    assert [(o.vendor.name, o.rank) for o in offers] == [("Near", 1), ("Far", 2)]
    own.refresh_from_db()
    assert own.product == lumpy
    product_merging.separate(lumpy)
    far.refresh_from_db()
    assert far.product == lumpy
    assert state_of(steady, lumpy) == before


def test_an_open_order_of_the_merged_product_comes_in_for_the_target(
    old, new, old_town, near
):
    order = PurchaseOrder.objects.create(
        vendor=near,
        location=old_town,
        state=PurchaseOrder.State.SENT,
        expected_on=MONDAY.date() + ONE_DAY,
        currency="EUR",
    )
    PurchaseOrderLine.objects.create(order=order, product=old, quantity=12, unit_cost=1)
    product_merging.merge(old, into=new)
    (line,) = incoming_lines([old_town], MONDAY.date(), products=[new.pk])
    assert (line.product_id, line.quantity) == (new.pk, 12)


def test_alerts_and_outlooks_of_the_merged_product_go(old, new, old_town):
    Alert.objects.create(
        kind="low", key="low:1", product=old, location=old_town, url_name="product"
    )
    now = timezone.now()
    StockOutlook.objects.create(
        product=old,
        location=old_town,
        as_of=now.date(),
        state="low",
        reorder_point=1,
        order_by=now,
        delivery_on=now.date(),
        next_delivery_on=now.date(),
    )
    product_merging.merge(old, into=new)
    assert not Alert.objects.still_open().exists()
    assert not StockOutlook.objects.exists()


def test_days_out_of_stock_are_those_of_both_together(old, new, old_town, sales):
    count(old, old_town, 3)
    count(new, old_town, 9)
    sales(daily("2026-06-02", "MATCHA", 3), daily("2026-06-05", "MATCHA-2", 1))
    recompute_stockouts([old_town], dt.date(2026, 6, 6))
    assert StockoutSpell.objects.get().product == old
    product_merging.merge(old, into=new)
    assert not StockoutSpell.objects.exists()
    product_merging.separate(old)
    assert StockoutSpell.objects.get().product == old


def test_two_products_are_told_apart_once(old, new):
    product_merging.tell_apart(new, old)
    product_merging.tell_apart(old, new)


def test_facts_stay_where_they_are(old, new, old_town):
    made = count(old, old_town, 3)
    product_merging.merge(old, into=new)
    assert StockCount.objects.get(pk=made.pk).product == old


def test_the_forecast_knows_the_history_of_both_as_one(old, new, old_town, sales):
    sales(daily("2026-05-02", "MATCHA", 3), daily("2026-06-02", "MATCHA-2", 4))
    count(old, old_town, 20)
    product_merging.merge(old, into=new)
    (series,) = known_series([old_town], dt.date(2026, 6, 10))
    assert series.product_id == new.pk
    assert series.known_from == dt.date(2026, 5, 2)
    assert series.known_until == dt.date(2026, 6, 2)


def test_stock_of_a_past_day_is_that_of_both(old, new, old_town, sales):
    count(old, old_town, 20)
    sales(daily("2026-06-02", "MATCHA", 3), daily("2026-06-05", "MATCHA-2", 4))
    product_merging.merge(old, into=new)
    (then,) = past_stock([old_town], dt.date(2026, 6, 3), [new.pk])
    assert (then.product_id, then.on_hand) == (new.pk, 17)
    shown = stock_by_day(
        new, old_town, on_hand=Decimal(13), last=dt.date(2026, 6, 6), days=3
    )
    assert [on for _, on in shown] == [17, 13, 13]


def test_the_ledger_shows_the_moves_of_both(old, new, old_town, sales):
    count(old, old_town, 20)
    deliver(new, old_town, 6, MONDAY + ONE_DAY)
    sales(daily("2026-06-03", "MATCHA", 3))
    product_merging.merge(old, into=new)
    entries = ledger_page(new, old_town).entries
    assert [(e.what, e.change, e.on_hand) for e in entries] == [
        ("Sale", -3, 23),
        ("Delivery", 6, 26),
        ("Count", None, 20),
    ]


def test_pairs_go_where_their_products_go(old, new, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    rows = (
        invoice("1", 6, "01 20:00", sku="MATCHA"),
        invoice("C2", -6, "02 09:00", sku="MATCHA-2"),
        invoice("3", 4, "03 20:00", sku="MATCHA"),
        invoice("C4", -4, "04 09:00", sku="MATCHA"),
    )
    path = write(tmp_path / "invoices.csv", INVOICE_HEADER, rows)
    import_all(path, location="Shop")
    before = cancelled_days()
    assert before == {("MATCHA", 1): (6, 0, 0), ("MATCHA", 3): (4, 4, 0)} | {
        ("MATCHA-2", 2): (0, 0, 6),
        ("MATCHA", 4): (0, 0, 0),
    }
    product_merging.merge(old, into=new)
    assert cancelled_days() == {
        ("MATCHA-2", 1): (6, 6, 0),
        ("MATCHA-2", 2): (0, 0, 0),
        ("MATCHA-2", 3): (4, 4, 0),
        ("MATCHA-2", 4): (0, 0, 0),
    }
    product_merging.separate(old)
    assert cancelled_days() == before


def cancelled_days():
    return {
        (row.product.sku, row.business_date.day): (
            row.sold,
            row.cancelled,
            row.returned,
        )
        for row in DailySales.objects.select_related("product")
    }


def test_the_old_name_still_finds_it(old, new, lumpy):
    product_merging.merge(old, into=lumpy)
    assert list(Product.objects.in_use().matching("MATCHA")) == [lumpy, new]
