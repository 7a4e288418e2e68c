import datetime as dt

import pytest
from django.db.models import Sum
from django.test import TestCase, override_settings

from accounts.models import MailboxMessage, Role, User
from forecasting.models import ReplenishmentPlan
from imports.models import HeldRow, Import
from inventory.ledger import reconcile
from inventory.models import Location, SaleLine, StockLevel, Transfer
from jit_backoffice.demo import loading
from jit_backoffice.demo.files import PLACE_NAMES
from jit_backoffice.first_start import DEMO_KEY, DEMO_KIND, DEMO_PASSWORD
from jobs.models import Job
from jobs.running import run_now
from purchasing.models import OutboxMessage, PurchaseOrder, StockOutlook
from sales.models import DailySales

LAST_DAY = dt.date(2026, 11, 22)
ARGUMENTS = {
    "last_day": str(LAST_DAY),
    "size": {"items": 48, "days": 120, "receipt_days": 10, "ledger_days": 30},
}
State = PurchaseOrder.State


def load():
    return run_now(DEMO_KIND, key=DEMO_KEY, arguments=ARGUMENTS)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """A small demo shop, loaded once for the tests of this file."""
    mailbox = {"default": {"BACKEND": "accounts.mailbox.MailboxBackend"}}
    folder = tmp_path_factory.mktemp("uploads")
    own = override_settings(MAILERS=mailbox, MEDIA_ROOT=folder)
    with django_db_blocker.unblock(), own:
        atomics = TestCase._enter_atomics()
        try:
            yield loading.shop_of(FakeRun(load()))
        finally:
            TestCase._rollback_atomics(atomics)


class FakeRun:
    """What the loader needs of a run to make the shop up again."""

    def __init__(self, job):
        self.job = job


@pytest.mark.django_db
class TestLoadedShop:
    def test_the_job_is_done_and_marks_that_the_shop_was_loaded(self, made):
        job = Job.objects.get(kind=DEMO_KIND, key=DEMO_KEY)
        assert (job.state, job.percent) == ("done", 100)

    def test_stock_on_record_is_what_the_facts_say(self, made):
        assert reconcile() == []

    def test_record_and_shelf_differ_only_by_what_got_lost_or_came_back(self, made):
        on_hand = {
            (level.location.name, level.product.sku): level.on_hand
            for level in StockLevel.objects.exclude(on_hand=None).select_related(
                "location", "product"
            )
        }
        pairs = [
            (place, item)
            for place in range(len(PLACE_NAMES))
            for item in range(len(made.items))
            if (PLACE_NAMES[place], made.items[item].sku) in on_hand
        ]
        differences = [
            on_hand[PLACE_NAMES[place], made.items[item].sku]
            - int(made.trade.stock[place, item, -1])
            for place, item in pairs
        ]
        assert len(pairs) > 70
        assert all(0 <= difference <= 4 for difference in differences)
        assert sum(differences) < len(pairs) / 2

    def test_no_stock_on_record_is_negative(self, made):
        assert not StockLevel.objects.filter(on_hand__lt=0).exists()

    def test_every_row_of_every_file_was_imported(self, made):
        for imported in Import.objects.all():
            assert imported.state == Import.State.DONE
            assert imported.rows_read == imported.rows_new
        assert {i.kind for i in Import.objects.all()} == {
            "price_list",
            "daily_totals",
            "stock_count",
            "square_items",
        }
        assert not HeldRow.objects.exists()

    def test_all_sales_are_there(self, made):
        sold = DailySales.objects.aggregate(units=Sum("sold"))["units"]
        assert sold == int(made.trade.sold.sum())
        assert SaleLine.objects.filter(is_daily_total=False).count() == len(made.till)

    def test_orders_are_in_every_state(self, made):
        states = set(PurchaseOrder.objects.values_list("state", flat=True))
        assert states == set(State.values)

    def test_an_order_is_late_and_one_has_come_in_part(self, made):
        on_the_way = PurchaseOrder.objects.filter(state__in=PurchaseOrder.ON_THE_WAY)
        assert [o for o in on_the_way if o.due_on <= LAST_DAY]
        assert on_the_way.filter(state=State.PARTLY_RECEIVED).exists()

    def test_past_orders_bear_their_past_dates(self, made):
        for order in PurchaseOrder.objects.filter(state__in=(State.RECEIVED,)):
            steps = [order.created_at, order.submitted_at, order.approved_at]
            assert sorted(steps) == steps
            assert order.sent_at.date() <= LAST_DAY
            assert all(event.at.date() <= LAST_DAY for event in order.timeline.all())

    def test_nobody_approved_above_the_limit(self, made):
        for order in PurchaseOrder.objects.exclude(approved_by=None):
            assert order.approved_by.may_approve_total(order.approved_total)

    def test_a_mail_with_the_order_waits_in_the_mailbox(self, made):
        assert MailboxMessage.objects.filter(audience="vendor").count() == 1
        states = set(OutboxMessage.objects.values_list("state", flat=True))
        assert states == {"sent", "uncertain"}

    def test_people_of_every_role_can_sign_in(self, made):
        roles = {person.role for person in User.objects.all()}
        assert roles == set(Role.values)
        assert all(
            person.check_password(DEMO_PASSWORD) for person in User.objects.all()
        )
        manager = User.objects.get(email="manager@demo.example")
        assert [str(place) for place in Location.objects.visible_to(manager)] == [
            "Old Town"
        ]
        assert User.objects.get(email="buyer@demo.example").approval_limit == 1000

    def test_two_products_of_each_store_were_never_counted(self, made):
        for name in ("Old Town", "Harbour"):
            unknown = StockLevel.objects.filter(location__name=name, on_hand=None)
            assert unknown.count() == 2

    def test_the_night_was_planned_for_the_last_day(self, made):
        assert set(ReplenishmentPlan.objects.values_list("as_of", flat=True)) == {
            LAST_DAY
        }
        states = set(StockOutlook.objects.values_list("state", flat=True))
        assert {"enough", "low", "unknown"} <= states

    def test_goods_moved_between_the_places(self, made):
        assert Transfer.objects.exclude(arrived_at=None).exists()

    def test_loading_again_changes_nothing(self, made):
        before = counts()
        load()
        assert counts() == before


def counts():
    orders = PurchaseOrder.objects.exclude(state=State.SUGGESTED)
    return (
        SaleLine.objects.count(),
        sorted(orders.values_list("uuid", "state", "total", "version")),
        sorted(StockLevel.objects.values_list("product__sku", "location", "on_hand")),
        Import.objects.count(),
        MailboxMessage.objects.count(),
    )
