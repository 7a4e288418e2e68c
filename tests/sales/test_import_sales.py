"""Importing sales: every row is counted, and nothing twice."""

import datetime as dt
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from imports import importing
from imports.kinds import kinds_of
from imports.models import HeldRow, Import
from imports.uploading import receive_path
from inventory import ledger
from inventory.models import CloseOfDay, Location, Product, SaleLine, SalesSource
from sales.models import DailySales
from tests.sales.files import (
    SQUARE_HEADER,
    counts,
    daily,
    import_all,
    import_sales,
    run,
    square,
    state,
    units_sold,
    write,
)


def test_fault_01_the_same_file_twice_adds_nothing(tickets):
    file = tickets(square("R1"), square("R1", net="$5.00"), square("R2", "Tea"))
    assert counts(import_all(file)) == {"new": 3}
    before = state()
    assert counts(import_all(file)) == {"duplicate": 3}
    assert state() == before


def test_fault_02_columns_in_another_order_are_the_same_lines(tickets, tmp_path):
    rows = [square("R1"), square("R2", "Tea")]
    import_all(tickets(*rows))
    other = write(
        tmp_path / "other.csv", SQUARE_HEADER[::-1], [row[::-1] for row in rows]
    )
    assert counts(import_all(other)) == {"duplicate": 2}


def test_fault_03_only_the_new_lines_of_an_overlapping_export_are_added(tickets):
    import_all(tickets(square("R1"), square("R2")))
    assert counts(import_all(tickets(square("R2"), square("R3"), name="b.csv"))) == {
        "new": 1,
        "duplicate": 1,
    }


def test_fault_04_a_corrected_line_waits_for_a_person(days):
    import_all(days(daily("2026-05-01", "A", 5)))
    corrected = days(daily("2026-05-01", "A", 7), name="corrected.csv")
    assert counts(import_sales(corrected)) == {"changed": 1}
    assert units_sold() == 5
    assert HeldRow.objects.get().state == "changed"
    assert counts(import_sales(corrected, accept_changes=True)) == {"changed": 1}
    assert units_sold() == 7
    assert SaleLine.objects.count() == 2
    assert not HeldRow.objects.exists()


def test_equal_lines_of_one_receipt_all_count_in_any_order(tickets):
    rows = [square("R1"), square("R1"), square("R1", net="$5.00")]
    import_all(tickets(*rows))
    before = state()
    assert units_sold() == 3
    assert counts(import_all(tickets(*rows[::-1], name="b.csv"))) == {"duplicate": 3}
    assert state() == before


def test_fault_24_a_refund_is_a_return_and_no_demand(tickets):
    import_all(
        tickets(
            square("R1", quantity="2.0"), square("R2", quantity="-1.0", event="Refund")
        )
    )
    row = DailySales.objects.get()
    assert (row.sold, row.returned) == (2, 1)
    assert SaleLine.objects.get(kind="return").stock_change == 1


def test_stock_falls_only_by_what_was_sold_after_the_count(days, old_town):
    product = Product.objects.create(sku="A", name="A")
    ledger.record_count(
        product,
        location=old_town,
        counted_quantity=Decimal(20),
        counted_at=dt.datetime(2026, 5, 2, 6, tzinfo=dt.UTC),
        key="count",
    )
    summary = import_sales(
        days(daily("2026-05-01", "A", 5), daily("2026-05-02", "A", 3))
    )
    assert product.levels.get().on_hand == 17
    assert ledger.reconcile() == []
    run("undo_import", summary["import_ids"][0])
    assert product.levels.get().on_hand == 20
    assert ledger.reconcile() == []


def test_a_second_kind_of_source_for_a_day_is_parked_not_added(days, tickets):
    import_all(days(daily("2026-05-30", "A", 5, location="Cafe")))
    summary = import_all(tickets(square("R1"), square("R2", date="2026-05-31")))
    assert counts(summary) == {"new": 1, "parked": 1}
    assert "another kind" in HeldRow.objects.get().reason


def test_days_of_a_second_kind_of_source_can_be_left_out(days, tickets):
    import_all(days(daily("2026-05-30", "A", 5, location="Cafe")))
    files = tickets(square("R1"), square("R2", date="2026-05-31"))
    summary = import_all(files, ignore_other_sources=True)
    assert counts(summary) == {"new": 1, "ignored": 1}
    assert not HeldRow.objects.exists()


def test_a_day_of_zero_units_counts_as_a_line_and_sells_nothing(days):
    assert counts(import_all(days(daily("2026-05-01", "A", 0)))) == {"new": 1}
    assert not DailySales.objects.exists()


def test_products_are_created_with_name_category_and_price(days):
    import_all(
        days(
            daily("2026-05-01", "A", 2, revenue="9.00"),
            daily("2026-05-02", "A", 2, revenue="10.00"),
        )
    )
    product = Product.objects.get()
    assert (product.name, product.category) == ("The A", "Grocery")
    assert product.price == Decimal("5.00")


def test_an_item_without_sku_is_known_by_name_and_price_point(tickets):
    import_all(
        tickets(square("R1", "Latte ", variation="Large"), square("R2", "Latte"))
    )
    assert set(Product.objects.values_list("sku", "name")) == {
        ("Latte / Large", "Latte, Large"),
        ("Latte", "Latte"),
    }


def test_a_sale_after_midnight_belongs_to_the_day_that_has_not_closed(tickets):
    cafe = Location.objects.create(name="Cafe", time_zone="America/New_York")
    CloseOfDay.objects.create(location=cafe, time=dt.time(4))
    import_all(tickets(square("R1", date="2026-05-31", time="01:00:00")))
    assert SaleLine.objects.get().business_date == dt.date(2026, 5, 30)


def test_one_location_can_be_said_for_the_whole_file(tickets):
    summary = import_all(tickets(square("R1", location="Anything")), location="Corner")
    assert counts(summary) == {"new": 1}
    assert Location.objects.get().name == "Corner"


def test_a_file_of_two_locations_cannot_be_one(tickets):
    file = tickets(square("R1", location="North"), square("R2", location="South"))
    err = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("import_sales", file, location="Corner", stderr=err, stdout=err)
    assert stop.value.code == 1
    assert "2 locations" in err.getvalue()
    assert not SaleLine.objects.exists()


def test_a_profile_is_a_source_of_its_own(tickets):
    file = tickets(square("R1"))
    assert counts(import_all(file)) == {"new": 1}
    assert counts(import_all(file, profile="Second till")) == {"new": 1}
    assert units_sold() == 2


def test_several_files_are_summed_up_and_a_bad_one_stops_no_other(tickets, tmp_path):
    (tmp_path / "bad.csv").write_text("nothing")
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command(
            "import_sales",
            str(tmp_path / "bad.csv"),
            tickets(square("R1")),
            create_products=True,
            create_locations=True,
            stdout=out,
            stderr=out,
        )
    assert stop.value.code == 1
    assert "bad.csv" in out.getvalue()
    assert units_sold() == 1


def test_keys_of_a_day_begin_with_it_and_differ_in_all_else(days):
    import_all(days(*[daily("2026-05-01", f"A{n}", 1) for n in range(40)]))
    keys = [bytes(key) for key in SaleLine.objects.values_list("key", flat=True)]
    values = [len(set(column)) for column in zip(*keys, strict=True)]
    assert {key[:4] for key in keys} == {(20260501).to_bytes(4)}
    assert len(values) == 16
    assert min(values[4:]) > 20


def test_an_import_that_fails_half_way_keeps_nothing(tickets, monkeypatch):
    import_all(tickets(square("R1")))
    monkeypatch.setattr(importing, "CHUNK_ROWS", 2)
    later = tickets(*(square(f"R{n}") for n in range(2, 8)))
    imported = receive_path(
        Path(later), kinds=kinds_of("sales"), options={"create_products": True}
    )

    def stop_after_a_chunk(done, total, note):
        if Import.objects.get(pk=imported.pk).merged_to:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.write(imported, stop_after_a_chunk)
    assert SaleLine.objects.current().count() > 1
    SalesSource.objects.update(kind="daily_totals")
    imported.refresh_from_db()
    importing.write(imported, lambda done, total, note: None)
    imported.refresh_from_db()
    assert imported.state == Import.State.FAILED
    assert SaleLine.objects.current().count() == 1
    assert ledger.reconcile() == []
