"""The outbox: mail to vendors is queued with the order and handed over once.

A sender claims a message in a commit of its own, talks to the mail server, and
records the answer. What ends between the last two is uncertain and never repeated
without a person.
"""

import datetime as dt
import smtplib
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.mailbox import AUDIENCE_HEADER
from accounts.models import MailboxMessage, User
from inventory.models import Alert, Shop
from jobs.running import Run, enqueue
from purchasing.order_document import OrderDocument, as_csv, as_pdf
from purchasing.orders import PurchaseOrder, Refused
from purchasing.outbox import OutboxMessage
from purchasing.timing import expected_when_sent
from purchasing.transitions import advance, conflict, record

State = OutboxMessage.State
JOB_KIND = "send_mail"
LEASE = dt.timedelta(minutes=5)
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(minutes=30)
GIVE_UP_AFTER = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try: a state, and the server's words."""

    state: State
    answer: str


def queue_mail(
    order: PurchaseOrder, *, by: User | None, again: bool = False
) -> OutboxMessage:
    """The only place that writes a mail to a vendor; the order is locked."""
    earlier = order.mails.filter(version=order.version).order_by("pk").last()
    if earlier is None:
        message = compose(order)
    elif again or earlier.state == State.WITHDRAWN:
        message = requeue(earlier)
    else:
        raise conflict(order)
    close_alerts(order)
    enqueue(
        JOB_KIND,
        key=f"{message.pk}.{message.attempts}",
        arguments={"message": message.pk},
        by=by,
    )
    return message


def compose(order: PurchaseOrder) -> OutboxMessage:
    shop = Shop.load()
    document = OrderDocument.of(order, shop)
    identity = f"{order.uuid}.v{order.version}"
    message: OutboxMessage = OutboxMessage.objects.create(
        order=order,
        version=order.version,
        dedupe_key=identity,
        message_id=f"<{identity}@{settings.SITE_HOST}>",
        recipient=order.vendor.email,
        subject=f"Purchase order {order.number} from {shop.name}",
        body=render_to_string("purchasing/mail/order.txt", {"document": document}),
        pdf=as_pdf(document),
        csv=as_csv(document),
        next_attempt_at=timezone.now(),
    )
    return message


def requeue(message: OutboxMessage) -> OutboxMessage:
    """Send what was not sent for sure; a second press finds it waiting already."""
    ended = (State.UNCERTAIN, State.FAILED, State.WITHDRAWN)
    rows = OutboxMessage.objects.filter(pk=message.pk, state__in=ended)
    changed = rows.update(
        state=State.WAITING,
        attempts=F("attempts") + 1,
        recipient=message.order.vendor.email,
        created_at=Now(),
        next_attempt_at=Now(),
        lease_until=None,
        answer="",
    )
    if changed != 1:
        raise conflict(message.order)
    message.refresh_from_db()
    return message


def withdraw_mail(order: PurchaseOrder) -> None:
    """Take back what has not gone; an order that may have gone stays as it is."""
    order.mails.waiting().update(state=State.WITHDRAWN)
    states = set(order.mails.perhaps_sent().values_list("state", flat=True))
    if State.UNCERTAIN in states:
        raise Refused(
            f"{order.vendor} may have {order.number} already. Ask them, then mark it "
            "as sent or send it again."
        )
    if states:
        raise conflict(order)
    close_alerts(order)


def believe_sent(order: PurchaseOrder) -> None:
    """A person says that the vendor has the mail that nobody could confirm."""
    order.mails.filter(state=State.UNCERTAIN).update(
        state=State.SENT, answer="A person said that the vendor has it."
    )
    close_alerts(order)


def send_mail(run: Run) -> None:
    """The job: try one message, if it is due and nobody else has it."""
    deliver(run.job.arguments["message"])


def deliver_due() -> None:
    """The tick: give up on lost senders, and queue every message that is due."""
    for message in OutboxMessage.objects.filter(
        state=State.SENDING, lease_until__lt=Now()
    ):
        settle(message, Outcome(State.UNCERTAIN, "The sender stopped half-way."))
    for message in OutboxMessage.objects.waiting().filter(next_attempt_at__lte=Now()):
        enqueue(
            JOB_KIND,
            key=f"{message.pk}.{message.attempts}",
            arguments={"message": message.pk},
        )


def deliver(pk: int) -> None:
    message = claim(pk)
    if message is not None:
        settle(message, hand_over(message))


@transaction.atomic(durable=True)
def claim(pk: int) -> OutboxMessage | None:
    """Take a waiting message in a commit of its own; None if it is not to be had."""
    due = OutboxMessage.objects.waiting().filter(pk=pk, next_attempt_at__lte=Now())
    message: OutboxMessage | None = due.select_for_update(skip_locked=True).first()
    if message is None:
        return None
    OutboxMessage.objects.filter(pk=pk).update(
        state=State.SENDING, attempts=F("attempts") + 1, lease_until=Now() + LEASE
    )
    message.refresh_from_db()
    return message


def hand_over(message: OutboxMessage) -> Outcome:
    """Talk to the mail server, and judge what its answer means."""
    server = mailers.default
    try:
        server.open()
    except OSError as error:
        return Outcome(State.WAITING, words_of(error))
    try:
        server.send_messages([as_mail(message)])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        state = State.WAITING if code_of(error) < 500 else State.FAILED
        return Outcome(state, words_of(error))
    except ValueError as error:
        return Outcome(State.FAILED, words_of(error))
    except OSError as error:
        return Outcome(State.UNCERTAIN, words_of(error))
    finally:
        with suppress(OSError):
            server.close()
    return Outcome(State.SENT, "Accepted by the mail server.")


def as_mail(message: OutboxMessage) -> EmailMessage:
    mail = EmailMessage(
        message.subject,
        message.body,
        to=[message.recipient],
        headers={
            "Message-ID": message.message_id,
            AUDIENCE_HEADER: MailboxMessage.Audience.VENDOR,
        },
    )
    number = message.order.number
    mail.attach(f"{number}.pdf", bytes(message.pdf), "application/pdf")
    mail.attach(f"{number}.csv", bytes(message.csv).decode(), "text/csv")
    return mail


def code_of(error: smtplib.SMTPException) -> int:
    """The server's code; the gravest where it refused several recipients."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def words_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = [f"{c} {t.decode()}" for c, t in error.recipients.values()]
        return "; ".join(answers)[:500]
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        said = text.decode(errors="replace") if isinstance(text, bytes) else text
        return f"{error.smtp_code} {said}"[:500]
    return (str(error) or type(error).__name__)[:500]


@transaction.atomic
def settle(message: OutboxMessage, outcome: Outcome) -> None:
    """Record what became of the try, on the message and on its order."""
    order = PurchaseOrder.objects.select_for_update(no_key=True).get(
        pk=message.order_id
    )
    outcome = given_up(message, outcome)
    mine = OutboxMessage.objects.perhaps_sent().filter(
        pk=message.pk, attempts=message.attempts
    )
    if not mine.update(
        state=outcome.state,
        answer=outcome.answer,
        lease_until=None,
        next_attempt_at=Now() + pause_after(message.attempts),
        sent_at=Now() if outcome.state == State.SENT else None,
    ):
        return
    if outcome.state == State.SENT:
        now = timezone.now()
        expected_on = expected_when_sent(order, now)
        advance(order, PurchaseOrder.State.SENT, sent_at=now, expected_on=expected_on)
        close_alerts(order)
        record(order, "sent", by=None, note=f"To {message.recipient}")
    elif outcome.state != State.WAITING:
        record(order, f"mail_{outcome.state}", by=None, note=outcome.answer)
        open_alert(order, outcome)


def given_up(message: OutboxMessage, outcome: Outcome) -> Outcome:
    """A mail that found no server for a day needs a person."""
    waited = timezone.now() - message.created_at
    if outcome.state == State.WAITING and waited > GIVE_UP_AFTER:
        return Outcome(State.FAILED, outcome.answer)
    return outcome


def pause_after(attempts: int) -> dt.timedelta:
    doublings = min(max(attempts, 1), 10) - 1
    return min(FIRST_PAUSE * int(2**doublings), LONGEST_PAUSE)


def open_alert(order: PurchaseOrder, outcome: Outcome) -> None:
    Alert.objects.get_or_create(
        key=alert_key(order),
        closed_at=None,
        defaults={
            "kind": f"mail_{outcome.state}",
            "location": order.location,
            "url_name": "order",
            "target_pk": order.pk,
            "params": {
                "order": order.number,
                "vendor": order.vendor.name,
                "answer": outcome.answer,
            },
        },
    )


def close_alerts(order: PurchaseOrder) -> None:
    Alert.objects.filter(key=alert_key(order), closed_at=None).update(closed_at=Now())


def alert_key(order: PurchaseOrder) -> str:
    return f"mail:{order.pk}"
