"""A run and a person at the same time: what is drafted is not suggested again."""

import threading

import pytest
from django.db import connection, transaction

from purchasing import ordering
from purchasing.orders import Conflict, PurchaseOrder, PurchaseOrderLine
from tests.purchasing.shop import plan, refresh, set_stock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def suggested(steady, old_town):
    plan(steady, old_town)
    set_stock(steady, old_town, 31)
    refresh(old_town)
    return PurchaseOrder.objects.get()


def beside(work):
    """Run in a thread with a connection of its own."""

    def with_connection():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=with_connection)
    thread.start()
    return thread


def test_run_waits_for_an_edit_and_sees_its_draft_case_43(
    suggested, steady, old_town, people
):
    set_stock(steady, old_town, 10)
    with transaction.atomic():
        ordering.change_line(
            suggested, line=suggested.lines.get(), quantity=60, by=people.manager
        )
        run = beside(lambda: refresh(old_town))
        run.join(timeout=1)
        assert run.is_alive()
    run.join()
    assert dict(PurchaseOrderLine.objects.values_list("order__state", "quantity")) == {
        "draft": 60
    }


def test_edit_of_a_page_from_before_the_run_is_a_conflict(
    suggested, steady, old_town, people
):
    stamp = suggested.stamp
    set_stock(steady, old_town, 10)
    refresh(old_town)
    with pytest.raises(Conflict):
        ordering.change_line(
            suggested,
            line=suggested.lines.get(),
            quantity=6,
            by=people.manager,
            seen=stamp,
        )
    assert PurchaseOrderLine.objects.get().quantity == 60


def test_two_runs_at_once_leave_what_one_leaves(suggested, steady, old_town):
    set_stock(steady, old_town, 10)
    runs = [beside(lambda: refresh(old_town)) for _ in range(4)]
    for run in runs:
        run.join()
    assert PurchaseOrder.objects.get().version == 2
    assert PurchaseOrderLine.objects.get().quantity == 60
