"""P4: what is approved, and what is sent, is one version and one total."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purchasing import ordering, sending
from purchasing.orders import Conflict, PurchaseOrder, PurchaseOrderLine, Refused
from vendors.models import VendorProduct

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["edit", "submit", "approve", "send_back", "send", "deliver", "reprice"]
        ),
        st.integers(0, 20),
    ),
    min_size=4,
    max_size=18,
)


class Shop:
    """An order, and the last page of it that the approver has open."""

    def __init__(self, order, people):
        self.order = order
        self.people = people
        self.page_version = order.version

    def take(self, step, number):
        order = PurchaseOrder.objects.get(pk=self.order.pk)
        if number % 2:
            self.page_version = order.version
        try:
            getattr(self, step)(order, number)
        except (Conflict, Refused):
            return

    def edit(self, order, number):
        line = order.lines.get()
        ordering.change_line(
            order, line=line, quantity=Decimal(6 * number), by=self.people.manager
        )

    def submit(self, order, number):
        ordering.submit(order, by=self.people.manager)

    def approve(self, order, number):
        ordering.approve(order, by=self.people.admin, version=self.page_version)

    def send_back(self, order, number):
        ordering.send_back(order, reason="no", by=self.people.buyer)

    def send(self, order, number):
        ordering.send(order, by=self.people.buyer)

    def deliver(self, order, number):
        for mail in order.mails.waiting():
            mine = sending.claim(mail.pk)
            state = sending.State.SENT if number % 3 else sending.State.FAILED
            sending.settle(mine, sending.Outcome(state, "said"))

    def reprice(self, order, number):
        VendorProduct.objects.update(cost=Decimal(number))
        ordering.take_new_costs(order, by=self.people.buyer)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_no_step_leaves_an_approval_of_another_total(
    steps, near, old_town, steady, people
):
    order = PurchaseOrder.objects.create(vendor=near, location=old_town, currency="EUR")
    PurchaseOrderLine.objects.create(
        order=order, product=steady, quantity=6, case_pack=6, unit_cost="1.42"
    )
    shop = Shop(order, people)
    totals = {1: Decimal("8.52")}
    PurchaseOrder.objects.filter(pk=order.pk).update(total=totals[1])
    for step, number in steps:
        shop.take(step, number)
        order.refresh_from_db()
        assert totals.setdefault(order.version, order.total) == order.total
        if order.approved_version is not None:
            assert order.approved_version == order.version
            assert order.approved_total == order.total
        if order.state in ("approved", "sent"):
            assert order.approved_version == order.version
    sent = [mail for mail in order.mails.all() if mail.state == "sent"]
    assert len(sent) <= 1
    assert all(mail.version == order.approved_version for mail in sent)
