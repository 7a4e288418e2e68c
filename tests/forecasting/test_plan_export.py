import csv
import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inventory.ledger import record_count
from inventory.models import Product
from jit_backoffice import nightly
from jit_backoffice.plan_export import COLUMNS, shown, write_plan
from tests.forecasting.shop import LAST, busy_shop, sell
from vendors.models import VendorProduct

HEADER = (
    "sku,location,as_of,on_hand,incoming,inventory_position,demand_per_day,"
    "lead_time_days,review_period_days,protection_days,expected_demand,demand_q50,"
    "demand_q80,demand_q90,demand_q95,demand_q98,demand_q99,safety_stock,"
    "reorder_point,order_up_to_level,suggested_quantity,method"
)


def exported(as_of=None):
    file = StringIO()
    write_plan(file, as_of)
    return list(csv.DictReader(StringIO(file.getvalue())))


def count(product, location, units, day=20):
    record_count(
        product,
        location=location,
        counted_quantity=Decimal(units),
        counted_at=dt.datetime(2026, 11, day, 8, tzinfo=dt.UTC),
        key=f"{product.pk}-{day}",
    )


def test_columns_are_those_that_scripts_rely_on():
    assert ",".join(COLUMNS) == HEADER


def test_row_per_series_with_rising_quantiles(old_town, harbour):
    busy_shop(old_town, harbour, count=4)
    nightly.run_by_hand(LAST)
    rows = exported()
    assert len(rows) == 8
    for row in rows:
        quantiles = [float(row[f"demand_q{q}"]) for q in (50, 80, 90, 95, 98, 99)]
        assert quantiles == sorted(quantiles)
        assert row["as_of"] == "2026-11-22"


def test_never_counted_is_empty(steady, old_town):
    sell(steady, old_town, [4] * 60)
    nightly.run_by_hand(LAST)
    (row,) = exported()
    empty = ("on_hand", "inventory_position", "suggested_quantity")
    assert [row[name] for name in empty] == ["", "", ""]
    assert row["incoming"] == "0"


def test_suggestion_is_in_packs_and_without_a_vendor_the_bare_need(steady, old_town):
    sell(steady, old_town, [4] * 60)
    count(steady, old_town, 20)
    nightly.run_by_hand(LAST)
    (row,) = exported()
    need = float(row["order_up_to_level"]) - float(row["inventory_position"])
    assert row["inventory_position"] == row["on_hand"] == "8"
    assert float(row["suggested_quantity"]) == -(-need // 6) * 6
    VendorProduct.objects.all().delete()
    (row,) = exported()
    assert float(row["suggested_quantity"]) == need


def test_older_day_shows_the_stock_of_that_day(steady, old_town):
    sell(steady, old_town, [4] * 60)
    count(steady, old_town, 50, day=18)
    count(steady, old_town, 1, day=22)
    for as_of in (dt.date(2026, 11, 19), LAST):
        nightly.run_by_hand(as_of)
    assert exported()[0]["as_of"] == "2026-11-22"
    assert exported(dt.date(2026, 11, 19))[0]["on_hand"] == "42"


def test_sku_is_no_formula(old_town):
    sell(Product.objects.create(sku="=1+1", name="Sum"), old_town, [1] * 40)
    nightly.run_by_hand(LAST)
    assert exported()[0]["sku"] == "'=1+1"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, ""),
        (Decimal("12.000"), "12"),
        (1234567.25, "1234567.25"),
        (0.00001, "0"),
        (-0.00001, "0"),
        (100, "100"),
    ],
)
def test_numbers_are_written_without_noise(amount, text):
    assert shown(amount) == text


def test_file_is_whole_or_not_there(db, tmp_path, old_town):
    path = tmp_path / "plan.csv"
    with pytest.raises(CommandError, match="run nightly first"):
        call_command("export_plan", "--output", str(path))
    assert list(tmp_path.iterdir()) == []
    busy_shop(old_town, count=2)
    nightly.run_by_hand(LAST)
    call_command("export_plan", "--output", str(path), "--as-of", f"{LAST}")
    assert len(path.read_text().splitlines()) == 3
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_plan", "--output", str(tmp_path / "no" / "plan.csv"))
