"""An import can be taken back whole, and brought again."""

import random
from threading import Thread

import pytest
from django.db import connection

from imports.models import Import
from inventory.models import SaleLine
from sales import undoing
from sales.classifying import WRITER_LOCK
from sales.models import DailySales, SourceDay
from tests.sales.files import (
    counts,
    daily,
    import_all,
    import_sales,
    run,
    square,
    state,
    units_sold,
)

BRING_BACK = """
INSERT INTO inventory_saleline (source_id, key, version, is_retracted, kind,
    product_id, location_id, sold_at, business_date, is_daily_total, quantity,
    stock_change, net_amount, receipt, import_file_id, recorded_at)
SELECT source_id, key, version + 1, is_retracted, kind,
    product_id, location_id, sold_at, business_date, is_daily_total, quantity,
    stock_change, net_amount, receipt, import_file_id, now() FROM inventory_saleline
"""


def test_fault_30_undo_after_a_later_correction_removes_only_its_own_effect(days):
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


def test_fault_29_undo_takes_all_back_once_and_a_new_import_brings_it_again(tickets):
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


def test_a_day_is_free_again_when_its_source_was_undone(days, tickets):
    first = import_all(days(daily("2026-05-30", "A", 5, location="Cafe")))
    run("undo_import", first["import_ids"][0])
    assert counts(import_all(tickets(square("R1")))) == {"new": 1}


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


@pytest.mark.django_db(transaction=True)
def test_lines_that_another_undo_is_bringing_back_are_taken_back_too(days):
    first = import_all(days(daily("2026-05-01", "A", 5)))["import_ids"][0]
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute(WRITER_LOCK)
        cursor.execute(BRING_BACK)
        found = []
        seeker = Thread(target=seek, args=(Import.objects.get(pk=first), found))
        seeker.start()
        seeker.join(0.5)
        assert not found
        other.commit()
    other.close()
    seeker.join()
    assert found == [
        tuple(SaleLine.objects.order_by("pk").values_list("pk", flat=True))
    ]


def seek(imported, found):
    found.append(undoing.extent(imported))
    connection.close()
