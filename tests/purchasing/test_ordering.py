"""The verbs of an order, one person at a time."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError

from accounts.models import Role, User
from purchasing import ordering
from purchasing.orders import AboveLimit, Conflict, PurchaseOrder, Refused
from tests.purchasing.conftest import line_of
from vendors.models import VendorProduct

pytestmark = pytest.mark.django_db


def verbs(order):
    return list(order.timeline.values_list("verb", flat=True))


def test_an_edit_makes_a_draft_of_a_suggestion(suggested, steady, people):
    draft = ordering.change_line(
        suggested,
        line=line_of(suggested, steady),
        quantity=Decimal(48),
        by=people.manager,
        reason="shelf is full",
    )
    line = line_of(draft, steady)
    assert (draft.state, draft.version) == ("draft", 2)
    assert draft.total == Decimal("99.36")  # 48 × 1.42 + 24 × 1.30
    assert (line.quantity, line.suggested_quantity) == (48, 60)
    assert line.reason == "shelf is full"
    event = draft.timeline.get()
    assert event.user == people.manager
    assert event.note == "Oat drink, barista 1 L: 60 → 48 (shelf is full)"


def test_saving_the_same_figures_is_no_edit(suggested, steady, people):
    line = line_of(suggested, steady)
    after = ordering.change_line(
        suggested, line=line, quantity=line.quantity, by=people.manager
    )
    assert after.stamp == "1-suggested"
    assert not after.timeline.exists()


def test_an_edit_voids_an_approval(approved, steady, people):
    line = line_of(approved, steady)
    edited = ordering.change_line(
        approved, line=line, quantity=Decimal(66), by=people.manager
    )
    assert edited.stamp == "2-submitted"
    assert edited.approved_by is None
    assert edited.approved_total is None


def test_the_database_refuses_an_approval_of_another_total(approved):
    with pytest.raises(IntegrityError):
        PurchaseOrder.objects.filter(pk=approved.pk).update(total=1)


def test_a_page_with_an_older_version_cannot_edit(submitted, steady, oats, people):
    seen = submitted.stamp
    ordering.change_line(
        submitted,
        line=line_of(submitted, steady),
        quantity=Decimal(66),
        by=people.buyer,
        seen=seen,
    )
    with pytest.raises(Conflict) as lost:
        ordering.change_line(
            submitted,
            line=line_of(submitted, oats),
            quantity=Decimal(0),
            by=people.manager,
            seen=seen,
        )
    assert lost.value.who == people.buyer
    assert lost.value.when is not None
    assert line_of(submitted, oats).quantity == 24


def test_a_person_is_not_overtaken_by_oneself(suggested, steady, oats, people):
    """A cell is saved while the next one is typed, or while Submit is pressed."""
    seen = suggested.stamp
    for product in (steady, oats):
        ordering.change_line(
            suggested,
            line=line_of(suggested, product),
            quantity=Decimal(12),
            by=people.manager,
            seen=seen,
        )
    assert ordering.submit(suggested, by=people.manager, seen=seen).version == 3


def test_half_a_pack_is_refused(suggested, steady, people):
    with pytest.raises(Refused, match="packs of 6"):
        ordering.change_line(
            suggested,
            line=line_of(suggested, steady),
            quantity=Decimal(10),
            by=people.manager,
        )


def test_a_replaced_suggestion_is_a_conflict(suggested, steady, people):
    line = line_of(suggested, steady)
    suggested.lines.all().delete()
    with pytest.raises(Conflict):
        ordering.change_line(suggested, line=line, quantity=Decimal(6), by=people.buyer)


def test_a_product_of_the_vendor_is_added_at_its_price(suggested, near, people):
    tea = line_of(suggested, suggested.lines.first().product).product
    tea = type(tea).objects.create(sku="TE-1", name="Mint tea")
    VendorProduct.objects.create(
        vendor=near, product=tea, cost="2.00", case_pack=5, vendor_sku="N-T"
    )
    draft = ordering.add_line(
        suggested, product=tea, quantity=Decimal(10), by=people.manager
    )
    line = line_of(draft, tea)
    assert (line.unit_cost, line.vendor_sku) == (2, "N-T")
    assert line.cost_source.startswith("Near, price on")
    assert line.suggested_quantity is None
    assert draft.total == Decimal("136.40")


def test_a_product_the_vendor_does_not_sell_is_refused(suggested, lumpy, people):
    with pytest.raises(Refused, match="does not sell"):
        ordering.add_line(
            suggested, product=lumpy, quantity=Decimal(24), by=people.manager
        )


def test_an_untouched_suggestion_is_submitted_as_it_is(suggested, people):
    order = ordering.submit(suggested, by=people.manager)
    assert order.state == "submitted"
    assert order.version == 1
    assert order.submitted_by == people.manager


def test_an_order_of_nothing_is_not_submitted(suggested, people):
    ordering.change_lines(
        suggested,
        changes=[
            ordering.LineChange(line.pk, Decimal(0)) for line in suggested.lines.all()
        ],
        by=people.manager,
    )
    with pytest.raises(Refused, match="nothing to order"):
        ordering.submit(suggested, by=people.manager)


def test_case_35_an_inactive_vendor_gets_no_order(suggested, near, people):
    near.is_active = False
    near.save()
    with pytest.raises(Refused, match="no longer in use"):
        ordering.submit(suggested, by=people.manager)


def test_approval_is_for_the_version_and_total(submitted, people):
    order = ordering.approve(submitted, by=people.buyer, version=1)
    assert order.state == "approved"
    assert (order.approved_version, order.approved_total) == (1, Decimal("116.40"))


def test_case_31_the_second_approver_learns_who_was_first(submitted, people):
    ordering.approve(submitted, by=people.buyer, version=1)
    with pytest.raises(Conflict) as lost:
        ordering.approve(submitted, by=people.admin, version=1)
    assert lost.value.who == people.buyer
    assert verbs(submitted).count("approved") == 1


def test_case_32_an_older_version_is_not_approved(submitted, steady, people):
    ordering.change_line(
        submitted,
        line=line_of(submitted, steady),
        quantity=Decimal(66),
        by=people.manager,
    )
    with pytest.raises(Conflict):
        ordering.approve(submitted, by=people.buyer, version=1)
    assert ordering.approve(submitted, by=people.buyer, version=2).state == "approved"


def test_case_33_above_the_limit_names_who_may(submitted, people):
    people.buyer.approval_limit = 100
    people.buyer.save()
    User.objects.create_user("owner@example.com", name="Owner", role=Role.BUYER)
    with pytest.raises(AboveLimit) as refused:
        ordering.approve(submitted, by=people.buyer, version=1)
    assert "€116.40, above your limit of €100.00" in str(refused.value)
    assert "Ask Admin (admin) or Owner (buyer)." in str(refused.value)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_the_limit_itself_may_be_approved(submitted, people):
    people.buyer.approval_limit = Decimal("116.40")
    people.buyer.save()
    assert ordering.approve(submitted, by=people.buyer, version=1).state == "approved"


def test_sending_back_voids_the_approval_and_keeps_the_reason(approved, people):
    order = ordering.send_back(approved, reason="Too many oats", by=people.buyer)
    assert (order.state, order.is_sent_back) == ("draft", True)
    assert order.sent_back_reason == "Too many oats"
    assert order.approved_total is None
    assert not ordering.submit(order, by=people.manager).sent_back_reason


def test_sending_back_needs_a_reason(submitted, people):
    with pytest.raises(Refused):
        ordering.send_back(submitted, reason=" ", by=people.buyer)


def test_a_draft_cannot_be_sent(suggested, people):
    with pytest.raises(Conflict):
        ordering.send(suggested, by=people.buyer)


def test_case_35_a_vendor_without_address_gets_no_mail(approved, near, people):
    near.email = ""
    near.save()
    with pytest.raises(Refused, match="no e-mail address"):
        ordering.send(approved, by=people.buyer)
    order = ordering.mark_sent(approved, by=people.buyer, note="By phone")
    assert order.state == "sent"


def test_the_delivery_follows_from_when_the_order_was_sent(approved, people):
    monday = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    order = ordering.mark_sent(approved, by=people.buyer, at=monday)
    assert order.sent_at == monday
    assert order.expected_on == dt.date(2026, 11, 25)  # near delivers in two days


def test_the_vendors_date_is_kept_beside_ours(sent, people):
    day = sent.today + dt.timedelta(days=9)
    order = ordering.confirm(sent, confirmed_on=day, by=people.buyer)
    assert (order.state, order.confirmed_on, order.due_on) == ("confirmed", day, day)
    assert order.expected_on != day
    later = day + dt.timedelta(days=1)
    order = ordering.confirm(order, confirmed_on=later, by=people.buyer)
    assert order.due_on == later


def test_a_date_before_the_order_is_refused(sent, people):
    with pytest.raises(Refused):
        ordering.confirm(
            sent, confirmed_on=sent.today - dt.timedelta(days=1), by=people.buyer
        )


@pytest.mark.parametrize("name", ["submitted", "approved", "sent"])
def test_an_order_is_cancelled_whole_before_anything_came(name, request, people):
    order = ordering.cancel(
        request.getfixturevalue(name), by=people.buyer, reason="Closing the shop"
    )
    assert order.state == "cancelled"
    assert not PurchaseOrder.objects.incoming().exists()
    assert order.timeline.last().note == "Closing the shop"


def test_a_suggestion_is_not_cancelled_but_replaced(suggested, people):
    with pytest.raises(Conflict):
        ordering.cancel(suggested, by=people.buyer)


def test_a_duplicate_takes_nothing_that_happened(sent, steady, people):
    VendorProduct.objects.filter(product=steady).update(cost="1.50", case_pack=8)
    copy = ordering.duplicate(sent, by=people.manager)
    assert copy.state == "draft"
    assert copy.sent_at is None
    assert copy.approved_by is None
    assert copy.submitted_by is None
    assert not copy.receipts.exists()
    assert not copy.mails.exists()
    line = line_of(copy, steady)
    assert (line.quantity, line.unit_cost) == (64, Decimal("1.50"))
    assert line.received_quantity == 0
    assert copy.total == Decimal("127.20")  # 64 × 1.50 + 24 × 1.30


def test_new_costs_void_the_approval(approved, steady, people):
    VendorProduct.objects.filter(product=steady).update(cost="1.60")
    order = ordering.take_new_costs(approved, by=people.buyer)
    assert order.stamp == "2-submitted"
    assert order.total == Decimal("127.20")


def test_every_step_is_written_with_its_person(sent, people):
    steps = [(event.verb, event.user) for event in sent.timeline.all()]
    assert steps == [
        ("submitted", people.manager),
        ("approved", people.buyer),
        ("marked_sent", people.buyer),
    ]
