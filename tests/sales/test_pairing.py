"""Cancellations take back their sale's demand, whatever the order of the files."""

import datetime as dt

import pytest

from imports.models import HeldRow
from inventory.models import SaleLine
from jobs import ticks
from sales import pairing
from sales.models import DailySales, Pairing, PairingHint
from tests.sales.files import (
    INVOICE_HEADER,
    import_all,
    invoice,
    run,
    state,
    write,
)


@pytest.fixture
def load(tmp_path, db):
    def load(*rows, **options):
        path = write(tmp_path / "invoices.csv", INVOICE_HEADER, rows)
        summary = import_all(path, location="Shop", **options)
        return summary["import_ids"][0]

    return load


def days():
    """Sold, cancelled and returned by day of March."""
    return {
        day.business_date.day: (day.sold, day.cancelled, day.returned)
        for day in DailySales.objects.all()
    }


def test_a_cancellation_takes_back_demand_on_the_day_of_the_sale(load):
    load(invoice("1", 6, "01 20:00"), invoice("C2", -6, "02 09:00"))
    assert days() == {1: (6, 6, 0), 2: (0, 0, 0)}
    assert DailySales.objects.get(business_date__day=2).revenue == -12
    pair = Pairing.objects.get()
    assert (pair.sale.receipt, pair.cancellation.receipt) == ("1", "C2")


def test_a_pair_of_no_money_leaves_no_row_of_zeros(load):
    load(
        invoice("1", 6, "01 20:00", price="0"),
        invoice("C2", -6, "02 09:00", price="0"),
    )
    assert days() == {1: (6, 6, 0)}


@pytest.mark.parametrize(
    "cancellation",
    [
        invoice("C2", -6, "02 20:01"),
        invoice("C2", -5, "02 09:00"),
        invoice("C2", -6, "02 09:00", customer="17851"),
        invoice("C2", -6, "02 09:00", customer=""),
        invoice("C2", -6, "01 19:59"),
    ],
)
def test_a_cancellation_without_its_sale_is_returned_on_its_own_day(load, cancellation):
    load(invoice("1", 6, "01 20:00"), cancellation)
    assert sum(returned for _, _, returned in days().values()) == -cancellation[3]
    assert not Pairing.objects.exists()


def test_a_cancellation_of_another_product_takes_nothing_back(load):
    load(invoice("1", 6, "01 20:00"), invoice("C2", -6, "02 09:00", sku="22424"))
    assert not Pairing.objects.exists()


def test_goods_of_a_cancellation_never_left_the_shelf(load):
    pk = load(invoice("1", 6, "01 20:00"), invoice("C2", -6, "02 09:00"))
    assert pk
    assert SaleLine.objects.get(kind="cancellation").stock_change == 6


def test_a_sale_that_comes_later_is_paired(load):
    load(invoice("C2", -6, "02 09:00"))
    assert days() == {2: (0, 0, 6)}
    load(invoice("1", 6, "01 20:00"))
    assert days() == {1: (6, 6, 0), 2: (0, 0, 0)}


def test_a_better_partner_that_comes_later_is_preferred(load):
    load(invoice("1", 6, "01 20:00"), invoice("C3", -6, "02 09:00"))
    load(invoice("2", 6, "02 08:00"))
    assert days() == {1: (6, 0, 0), 2: (6, 6, 0)}
    assert Pairing.objects.get().sale.receipt == "2"


def test_undoing_the_sale_leaves_a_return(load):
    first = load(invoice("1", 6, "01 20:00"))
    load(invoice("C2", -6, "02 09:00"))
    paired = state()
    run("undo_import", first)
    assert days() == {2: (0, 0, 6)}
    assert not Pairing.objects.exists()
    load(invoice("1", 6, "01 20:00"))
    assert state() == paired


def test_undoing_the_cancellation_frees_the_sale_for_another(load):
    load(invoice("1", 6, "01 20:00"), invoice("C3", -6, "02 10:00"))
    second = load(invoice("C2", -6, "02 09:00"))
    assert Pairing.objects.get().cancellation.receipt == "C2"
    run("undo_import", second)
    assert Pairing.objects.get().cancellation.receipt == "C3"
    assert days() == {1: (6, 6, 0), 2: (0, 0, 0)}


def test_a_corrected_quantity_parts_the_pair_and_undo_joins_it(load):
    load(invoice("1", 6, "01 20:00"), invoice("C2", -6, "02 09:00"))
    before = state()
    pk = load(invoice("1", 5, "01 20:00"), accept_changes=True)
    assert days() == {1: (5, 0, 0), 2: (0, 0, 6)}
    run("undo_import", pk)
    assert state() == before
    assert Pairing.objects.get().sale.version == 3


def test_a_corrected_price_keeps_the_pair(load):
    load(invoice("1", 6, "01 20:00"), invoice("C2", -6, "02 09:00"))
    load(invoice("1", 6, "01 20:00", price="3.00"), accept_changes=True)
    assert days() == {1: (6, 6, 0), 2: (0, 0, 0)}
    assert Pairing.objects.get().sale.net_amount == 18


def test_hints_are_forgotten_after_30_days_and_pairs_stay(load, time_machine):
    time_machine.move_to("2026-05-01 12:00")
    load(invoice("1", 6, "01 20:00"), invoice("C2", -6, "02 09:00"))
    paired = days()
    PairingHint.objects.update(recorded_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
    time_machine.move_to("2026-05-30 12:00")
    ticks.run_all()
    assert PairingHint.objects.count() == 2
    time_machine.move_to("2026-06-01 12:00")
    ticks.run_all()
    assert not PairingHint.objects.exists()
    load(invoice("3", 6, "02 08:00"))
    assert days() == paired | {2: (6, 0, 0)}
    assert Pairing.objects.get().sale.receipt == "1"


def test_whose_a_refused_row_was_is_forgotten_after_30_days(load, time_machine):
    time_machine.move_to("2026-05-01 12:00")
    load(invoice("1", "many", "01 20:00"))
    time_machine.move_to("2026-05-30 12:00")
    ticks.run_all()
    assert HeldRow.objects.get().values["reference"].startswith("ref:")
    time_machine.move_to("2026-06-01 12:00")
    ticks.run_all()
    values = HeldRow.objects.get().values
    assert "reference" not in values
    assert values["receipt"] == "1"


def test_importing_the_file_again_brings_forgotten_hints_back(load):
    rows = [invoice("1", 6, "01 20:00"), invoice("C2", -6, "02 09:00")]
    load(*rows)
    PairingHint.objects.all().delete()
    load(*rows)
    assert PairingHint.objects.count() == 2
    load(invoice("3", 6, "02 08:00"))
    assert Pairing.objects.get().sale.receipt == "3"


def test_unpaired_cancellations_of_an_import_are_told(load):
    pk = load(
        invoice("1", 6, "01 20:00"),
        invoice("C2", -6, "02 09:00"),
        invoice("C3", -6, "02 10:00"),
    )
    (line,) = pairing.unpaired_cancellations(SaleLine.objects.first().import_file)
    assert (line.receipt, line.import_file_id) == ("C3", pk)


def test_a_file_without_references_keeps_no_hint(load):
    load(invoice("1", 6, "01 20:00", customer=""))
    assert not PairingHint.objects.exists()
