"""Importing sales: every row is counted, nothing twice, and all of it can be undone."""

import datetime as dt
import random
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from imports.models import HeldRow, Import
from inventory import ledger
from inventory.models import CloseOfDay, Location, Product, SaleLine
from jobs.models import Job
from sales.models import DailySales, SourceDay
from tests.sales.files import (
    DAILY_HEADER,
    SQUARE_HEADER,
    daily,
    import_all,
    import_sales,
    run,
    square,
    state,
    units_sold,
    write,
)

COUNTS = ("new", "changed", "duplicate", "ignored", "parked", "rejected")


def counts(summary):
    """The counts that are not zero; they must add up to the rows read."""
    assert summary["read"] == sum(summary[name] for name in COUNTS)
    return {name: summary[name] for name in COUNTS if summary[name]}


@pytest.fixture
def days(tmp_path, old_town):
    def make(*rows, name="days.csv", **how):
        return write(tmp_path / name, DAILY_HEADER, rows, **how)

    return make


@pytest.fixture
def tickets(tmp_path, db):
    def make(*rows, name="items.csv", **how):
        return write(tmp_path / name, SQUARE_HEADER, rows, **how)

    return make


def test_case_1_the_same_file_twice_adds_nothing(tickets):
    file = tickets(square("R1"), square("R1", net="$5.00"), square("R2", "Tea"))
    assert counts(import_all(file)) == {"new": 3}
    before = state()
    assert counts(import_all(file)) == {"duplicate": 3}
    assert state() == before


def test_case_2_columns_in_another_order_are_the_same_lines(tickets, tmp_path):
    rows = [square("R1"), square("R2", "Tea")]
    import_all(tickets(*rows))
    other = write(
        tmp_path / "other.csv", SQUARE_HEADER[::-1], [row[::-1] for row in rows]
    )
    assert counts(import_all(other)) == {"duplicate": 2}


def test_case_3_only_the_new_lines_of_an_overlapping_export_are_added(tickets):
    import_all(tickets(square("R1"), square("R2")))
    assert counts(import_all(tickets(square("R2"), square("R3"), name="b.csv"))) == {
        "new": 1,
        "duplicate": 1,
    }


def test_case_4_a_corrected_line_waits_for_a_person(days):
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


def test_case_9_the_same_day_twice_in_one_file_is_told(days):
    summary = import_all(days(daily("2026-05-01", "A", 5), daily("2026-05-01", "A", 6)))
    assert counts(summary) == {"new": 1, "rejected": 1}
    held = HeldRow.objects.get()
    assert held.row_number == 3
    assert "row 2" in held.reason


def test_case_16_a_date_that_does_not_exist_rejects_its_row(days):
    summary = import_all(days(daily("2026-02-30", "A", 1), daily("2026-03-01", "A", 1)))
    assert counts(summary) == {"new": 1, "rejected": 1}


def test_case_17_an_hour_that_the_clocks_skipped_rejects_its_row(tickets):
    summary = import_all(tickets(square("R1", date="2026-03-08", time="02:30:00")))
    assert counts(summary) == {"rejected": 1}
    assert "clocks" in HeldRow.objects.get().reason


def test_case_17_a_repeated_hour_is_the_first_one(tickets):
    import_all(tickets(square("R1", date="2026-11-01", time="01:30:00")))
    assert SaleLine.objects.get().sold_at == dt.datetime(
        2026, 11, 1, 5, 30, tzinfo=dt.UTC
    )


def test_case_18_a_sale_in_the_future_rejects_its_row(days):
    assert counts(import_all(days(daily("2199-01-01", "A", 1)))) == {"rejected": 1}


def test_case_19_and_20_a_sku_stays_text_or_is_refused(days):
    summary = import_all(
        days(
            daily("2026-05-01", "0017", 1),
            daily("2026-05-01", " 90.750\u00a0", 1),
            daily("2026-05-01", "4.00638E+12", 1),
        )
    )
    assert counts(summary) == {"new": 2, "rejected": 1}
    assert set(Product.objects.values_list("sku", flat=True)) == {"0017", "90.750"}


def test_case_21_an_unknown_sku_is_parked_once_and_comes_in_later(days):
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


def test_case_22_an_unknown_location_is_parked_until_it_is_created(days):
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
def test_case_23_a_quantity_that_is_no_number_rejects_its_row(days, text):
    summary = import_all(
        days(daily("2026-05-01", "A", text), daily("2026-05-02", "A", 1))
    )
    assert counts(summary) == {"new": 1, "rejected": 1}
    assert HeldRow.objects.get().row_number == 2


def test_case_24_a_refund_is_a_return_and_no_demand(tickets):
    import_all(
        tickets(
            square("R1", quantity="2.0"), square("R2", quantity="-1.0", event="Refund")
        )
    )
    row = DailySales.objects.get()
    assert (row.sold, row.returned) == (2, 1)
    assert SaleLine.objects.get(kind="return").stock_change == 1


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


def test_case_25_bad_rows_are_counted_and_harm_no_other(tmp_path, old_town):
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


def test_case_30_undo_after_a_later_correction_removes_only_its_own_effect(days):
    first = import_all(days(daily("2026-05-01", "A", 5)))["import_ids"][0]
    second = import_sales(
        days(daily("2026-05-01", "A", 7), name="b.csv"), accept_changes=True
    )["import_ids"][0]
    assert run("undo_import", first) == {"undone": 0}
    assert units_sold() == 7
    assert run("undo_import", second) == {"undone": 1}
    assert units_sold() == 0


def test_undoing_a_correction_brings_the_line_back_as_it_was(days):
    first = import_all(days(daily("2026-05-01", "A", 5)))["import_ids"][0]
    before = state()
    second = import_sales(
        days(daily("2026-05-01", "A", 7), name="b.csv"), accept_changes=True
    )["import_ids"][0]
    assert run("undo_import", second) == {"undone": 1}
    assert state() == before
    assert run("undo_import", first) == {"undone": 1}
    assert units_sold() == 0


def test_case_29_undo_takes_all_back_once_and_a_new_import_brings_it_again(tickets):
    file = tickets(square("R1"), square("R2", "Tea"), square("R2", "Tea"))
    summary = import_all(file)
    before = state()
    assert run("undo_import", summary["import_ids"][0]) == {"undone": 3}
    assert run("undo_import", summary["import_ids"][0]) == {"undone": 0}
    assert not DailySales.objects.exists()
    assert not SourceDay.objects.exists()
    assert not SaleLine.objects.current().exists()
    assert counts(import_all(file)) == {"new": 3}
    assert state() == before


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


def test_a_day_is_free_again_when_its_source_was_undone(days, tickets):
    first = import_all(days(daily("2026-05-30", "A", 5, location="Cafe")))
    run("undo_import", first["import_ids"][0])
    assert counts(import_all(tickets(square("R1")))) == {"new": 1}


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


def test_case_13_a_file_that_is_refused_leaves_nothing(tmp_path, db, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    path = tmp_path / "empty.csv"
    path.write_text("date,location,sku,quantity\n")
    with pytest.raises(SystemExit):
        call_command("import_sales", str(path), stdout=StringIO(), stderr=StringIO())
    assert not Import.objects.exists()
    assert not Job.objects.exists()
    assert not list((tmp_path / "uploads" / "imports").iterdir())


def test_no_customer_data_reaches_the_database_or_stays_on_disk(
    tickets, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    row = square("R1", sku="4.00638E+12")
    summary = import_all(tickets(square("R2"), square("R3", zone="Nowhere"), row))
    assert counts(summary) == {"new": 1, "rejected": 2}
    assert find_in_database("Canary") == []
    assert find_in_database("4242") == []
    assert not list((tmp_path / "uploads" / "imports").iterdir())


def find_in_database(text):
    """Tables with a row that has the text anywhere."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = []
        for name in names:
            cursor.execute(
                f'SELECT 1 FROM "{name}" t WHERE t::text LIKE %s LIMIT 1',  # noqa: S608
                [f"%{text}%"],
            )
            if cursor.fetchone():
                found.append(name)
    return found


def test_parts_in_any_order_are_one_import(tickets, days):
    receipts = [
        [square(f"R{n}", "Latte" if n % 7 else "Tea", net=f"${n % 3}.00")] * (1 + n % 3)
        for n in range(30)
    ]
    whole = import_all(tickets(*[row for rows in receipts for row in rows]))
    clean = state()
    run("undo_import", whole["import_ids"][0])
    random.Random(7).shuffle(receipts)  # noqa: S311
    for part in (receipts[:12], receipts[8:22], receipts[18:]):
        import_all(tickets(*[row for rows in part for row in rows], name="part.csv"))
    assert state() == clean
