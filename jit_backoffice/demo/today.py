"""What the people of the demo shop did with this morning's suggested orders."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from jit_backoffice.demo.past_orders import Desk
from jit_backoffice.demo.setting_up import BUYER, CHIEF_BUYER
from purchasing import ordering, sending
from purchasing.models import OutboxMessage, PurchaseOrder

OLD_TOWN, HARBOUR = 0, 1


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done to the suggestion of a vendor for a place."""

    name: str
    place: int
    vendor: str
    work: Callable[[Desk, PurchaseOrder, User], object]


def work_this_morning(desk: Desk) -> None:
    for act in ACTS:
        identity = desk.identity(act.name)
        if not PurchaseOrder.objects.filter(uuid=identity).exists():
            perform(desk, act)
    sending.deliver_due()
    for message in OutboxMessage.objects.waiting():
        sending.deliver(message.pk)


@transaction.atomic
def perform(desk: Desk, act: Act) -> None:
    manager = desk.manager(act.place)
    order = suggestion(desk, act) or anew(desk, act, manager)
    if order:
        PurchaseOrder.objects.filter(pk=order.pk).update(uuid=desk.identity(act.name))
        order.refresh_from_db()
        act.work(desk, order, manager)


def orders_of(desk: Desk, act: Act) -> "list[PurchaseOrder]":
    orders = PurchaseOrder.objects.filter(
        vendor=desk.vendors[act.vendor], location=desk.places[act.place]
    )
    return list(orders.order_by("-pk"))


def suggestion(desk: Desk, act: Act) -> PurchaseOrder | None:
    found = (
        order
        for order in orders_of(desk, act)
        if order.state == PurchaseOrder.State.SUGGESTED
    )
    return next(found, None)


def anew(desk: Desk, act: Act, manager: User) -> PurchaseOrder | None:
    """The same goods as last time, where nothing is suggested."""
    earlier = orders_of(desk, act)
    return ordering.duplicate(earlier[0], by=manager) if earlier else None


def take_one_more(desk: Desk, order: PurchaseOrder, manager: User) -> PurchaseOrder:
    """The manager orders a pack more of the biggest line, and says why."""
    line = max(order.lines.all(), key=lambda line: (line.quantity, line.pk))
    return ordering.change_line(
        order,
        line=line,
        quantity=line.quantity + line.case_pack,
        by=manager,
        reason="On offer next week",
    )


def submit(desk: Desk, order: PurchaseOrder, manager: User) -> PurchaseOrder:
    return ordering.submit(order, by=manager)


def submit_with_more(desk: Desk, order: PurchaseOrder, manager: User) -> PurchaseOrder:
    return submit(desk, take_one_more(desk, order, manager), manager)


def send_back(desk: Desk, order: PurchaseOrder, manager: User) -> PurchaseOrder:
    waiting = submit(desk, order, manager)
    reason = "Take less for after Christmas, the cellar is small"
    return ordering.send_back(waiting, reason=reason, by=desk.people[BUYER])


def approve(desk: Desk, order: PurchaseOrder, manager: User) -> PurchaseOrder:
    waiting = submit(desk, order, manager)
    buyer = approver(desk, waiting)
    return ordering.approve(waiting, by=buyer, version=waiting.version)


def approver(desk: Desk, order: PurchaseOrder) -> User:
    buyer = desk.people[BUYER]
    return buyer if buyer.may_approve_total(order.total) else desk.people[CHIEF_BUYER]


def send(desk: Desk, order: PurchaseOrder, manager: User) -> PurchaseOrder:
    """By mail into the app's mailbox; never over a real mail server."""
    approved = approve(desk, order, manager)
    buyer = approver(desk, approved)
    if settings.SMTP_URL:
        return ordering.mark_sent(approved, by=buyer, note="By phone")
    return ordering.send(approved, by=buyer)


def lose_the_answer(desk: Desk, order: PurchaseOrder, manager: User) -> None:
    """The mail was on its way when the sender stopped: nobody knows if it arrived."""
    sent = send(desk, order, manager)
    OutboxMessage.objects.filter(order=sent).update(
        state=OutboxMessage.State.SENDING,
        attempts=1,
        lease_until=timezone.now() - timedelta(minutes=5),
    )


ACTS = (
    Act("draft", OLD_TOWN, "Linen House", take_one_more),
    Act("waits", OLD_TOWN, "Fieldstone Spices", submit_with_more),
    Act("waits, too", HARBOUR, "Nordmill Foods", submit),
    Act("waits as well", HARBOUR, "Kiln & Co Ceramics", submit),
    Act("approved", HARBOUR, "Fieldstone Spices", approve),
    Act("sent", HARBOUR, "Tidewater Coffee", send),
    Act("sent back", HARBOUR, "Brightwick Candles", send_back),
    Act("uncertain", HARBOUR, "Oliveto Imports", lose_the_answer),
)
