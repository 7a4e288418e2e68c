"""A row that makes no sense waits or is refused, and harms no other."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command

from imports import importing
from imports.models import HeldRow, Import
from inventory.models import Location, Product, SaleLine
from jobs.models import Job
from tests.faults.every_kind import SAMPLES
from tests.sales.files import (
    counts,
    daily,
    import_all,
    import_sales,
    square,
    units_sold,
)


def test_fault_09_the_same_day_twice_in_one_file_is_told(days):
    summary = import_all(days(daily("2026-05-01", "A", 5), daily("2026-05-01", "A", 6)))
    assert counts(summary) == {"new": 1, "rejected": 1}
    held = HeldRow.objects.get()
    assert held.row_number == 3
    assert "row 2" in held.reason


def test_fault_16_a_date_that_does_not_exist_rejects_its_row(days):
    summary = import_all(days(daily("2026-02-30", "A", 1), daily("2026-03-01", "A", 1)))
    assert counts(summary) == {"new": 1, "rejected": 1}


def test_fault_17_an_hour_that_the_clocks_skipped_rejects_its_row(tickets):
    summary = import_all(tickets(square("R1", date="2026-03-08", time="02:30:00")))
    assert counts(summary) == {"rejected": 1}
    assert "clocks" in HeldRow.objects.get().reason


def test_fault_17_a_repeated_hour_is_the_first_one(tickets):
    import_all(tickets(square("R1", date="2026-11-01", time="01:30:00")))
    assert SaleLine.objects.get().sold_at == dt.datetime(
        2026, 11, 1, 5, 30, tzinfo=dt.UTC
    )


def test_fault_18_a_sale_in_the_future_rejects_its_row(days):
    assert counts(import_all(days(daily("2199-01-01", "A", 1)))) == {"rejected": 1}


def test_fault_19_and_20_a_sku_stays_text_or_is_refused(days):
    summary = import_all(
        days(
            daily("2026-05-01", "0017", 1),
            daily("2026-05-01", " 90.750\u00a0", 1),
            daily("2026-05-01", "4.00638E+12", 1),
        )
    )
    assert counts(summary) == {"new": 2, "rejected": 1}
    assert set(Product.objects.values_list("sku", flat=True)) == {"0017", "90.750"}


def test_fault_21_an_unknown_sku_is_parked_once_and_comes_in_later(days):
    Product.objects.create(sku="A", name="A")
    file = days(daily("2026-05-01", "A", 1), daily("2026-05-01", "B", 2))
    assert counts(import_sales(file)) == {"new": 1, "parked": 1}
    assert counts(import_sales(file)) == {"duplicate": 1, "parked": 1}
    assert HeldRow.objects.count() == 1
    assert counts(import_sales(file, create_products=True)) == {
        "new": 1,
        "duplicate": 1,
    }
    assert not HeldRow.objects.exists()


def test_fault_22_an_unknown_location_is_parked_until_it_is_created(days):
    Product.objects.create(sku="A", name="A")
    file = days(daily("2026-05-01", "A", 1, location="Pop-up"))
    assert counts(import_sales(file)) == {"parked": 1}
    assert not Location.objects.filter(name="Pop-up").exists()
    assert counts(import_sales(file, create_locations=True)) == {"new": 1}
    assert not HeldRow.objects.exists()


def test_the_virtual_locations_are_never_sold_at(days):
    Location.objects.virtual(Location.Kind.VENDOR)
    summary = import_all(days(daily("2026-05-01", "A", 1, location="Vendors")))
    assert counts(summary) == {"parked": 1}


@pytest.mark.parametrize("text", ["NaN", "inf", "--", "1e9", "", "1000000000"])
def test_fault_23_a_quantity_that_is_no_number_rejects_its_row(days, text):
    summary = import_all(
        days(daily("2026-05-01", "A", text), daily("2026-05-02", "A", 1))
    )
    assert counts(summary) == {"new": 1, "rejected": 1}
    assert HeldRow.objects.get().row_number == 2


@pytest.mark.parametrize(
    "row",
    [
        square("R1", quantity="-1.0"),
        square("R1", event="Fee"),
        square("R1", zone="Middle Earth"),
        square(""),
    ],
)
def test_a_square_row_that_makes_no_sense_is_rejected(tickets, row):
    assert counts(import_all(tickets(row, square("R2")))) == {"new": 1, "rejected": 1}


def test_fault_25_bad_rows_are_counted_and_harm_no_other(tmp_path, old_town):
    path = tmp_path / "bad.csv"
    path.write_bytes(
        b"date,location,sku,quantity\n2026-05-01,Old Town,A,1\n"
        b"2026-05-01,Old Town,\x00,1\n"
        b'2026-05-02,"Old Town,A,1\n2026-05-03,Old Town,A,1\n2026-05-04\n'
    )
    # a zero byte near the start of a file means that it is no text at all
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_sales", str(path), stdout=out, stderr=out)
    path.write_bytes(path.read_bytes().replace(b"\x00", b"B\\\t"))
    assert counts(import_all(path)) == {"new": 3, "rejected": 2}


def test_fault_13_a_file_that_is_refused_leaves_nothing(tmp_path, db, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    path = tmp_path / "empty.csv"
    path.write_text("date,location,sku,quantity\n")
    with pytest.raises(SystemExit):
        call_command("import_sales", str(path), stdout=StringIO(), stderr=StringIO())
    assert not Import.objects.exists()
    assert not Job.objects.exists()
    assert not list((tmp_path / "uploads" / "imports").iterdir())


def test_an_item_that_stands_twice_in_a_day_waits_twice(old_town):
    file = SAMPLES / "toast_product_mix.tsv"
    said = {"location": "Old Town", "date": "2026-05-01"}
    for _ in range(2):
        assert counts(import_sales(file, **said)) == {"parked": 3, "ignored": 3}
    assert HeldRow.objects.count() == 3
    Product.objects.create(sku="Espresso", name="Espresso")
    waiting = importing.import_waiting(Import.objects.last(), by=None)
    importing.write(waiting, lambda *report: None)
    assert units_sold() == 3
    again = counts(import_sales(file, **said))
    assert again == {"duplicate": 2, "parked": 1, "ignored": 3}
    assert units_sold() == 3
