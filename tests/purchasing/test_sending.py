"""Mail to vendors: at most once, whatever the mail server does (P5)."""

import datetime as dt
import email
import os
import signal
import subprocess
import sys
from email import policy

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from accounts.mailbox import attachments_of, text_of
from accounts.models import MailboxMessage
from inventory.models import Alert
from jobs.models import Job
from purchasing import ordering, sending
from purchasing.orders import Conflict, PurchaseOrder, Refused
from purchasing.outbox import OutboxMessage
from tests.purchasing.conftest import line_of
from tests.purchasing.mail_server import Vendor, free_port, listen, mailers

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    """Starts mail servers, and stops them after the test."""
    controllers = []

    def start(vendor, timeout=5):
        controllers.append(listen(vendor))
        settings.MAILERS = mailers(controllers[-1].port, timeout)
        return vendor

    yield start
    for controller in controllers:
        controller.stop()


@pytest.fixture
def queued(approved, people):
    ordering.send(approved, by=people.buyer)
    return OutboxMessage.objects.get()


def try_again(message):
    """Let the pause pass, as the database sees it."""
    OutboxMessage.objects.filter(pk=message.pk).update(
        next_attempt_at=timezone.now() - dt.timedelta(seconds=1)
    )
    sending.deliver(message.pk)
    message.refresh_from_db()
    return message


def test_an_accepted_mail_makes_the_order_sent(queued, server):
    vendor = server(Vendor())
    message = try_again(queued)
    order = PurchaseOrder.objects.get()
    assert (message.state, order.state) == ("sent", "sent")
    assert order.sent_at is not None
    assert order.expected_on is not None
    (envelope,) = vendor.mails
    mail = email.message_from_bytes(envelope.content, policy=policy.default)
    assert mail["Message-ID"] == f"<{order.uuid}.v1@{settings.SITE_HOST}>"
    assert mail["To"] == "orders@near.example"
    assert order.number in mail["Subject"]
    pdf, table = mail.iter_attachments()
    assert pdf.get_filename() == f"{order.number}.pdf"
    assert pdf.get_content().startswith(b"%PDF")
    assert "GR-1042" in table.get_content()
    assert "116.40" in mail.get_body().get_content()


def test_a_sent_mail_is_never_sent_again(queued, server):
    vendor = server(Vendor())
    for _ in range(3):
        try_again(queued)
    sending.deliver_due()
    assert len(vendor.mails) == 1


def test_a_second_press_finds_the_mail_waiting(queued, approved, people):
    with pytest.raises(Conflict):
        ordering.send(approved, by=people.buyer)
    assert OutboxMessage.objects.count() == 1


def test_a_451_is_tried_again_until_it_is_taken(queued, server):
    vendor = server(Vendor(*["451 Try later"] * 3))
    for attempt in range(1, 4):
        message = try_again(queued)
        assert (message.state, message.attempts) == ("waiting", attempt)
        assert "451" in message.answer
        assert message.next_attempt_at > timezone.now()
    assert try_again(queued).state == "sent"
    assert len(vendor.mails) == 1


def test_pauses_grow_to_half_an_hour():
    minutes = [sending.pause_after(n).total_seconds() / 60 for n in range(1, 8)]
    assert minutes == [1, 2, 4, 8, 16, 30, 30]


def test_case_38_a_refused_address_fails_and_tells_the_buyer(queued, server):
    vendor = server(Vendor(recipient_answer="550 No such person"))
    message = try_again(queued)
    order = PurchaseOrder.objects.get()
    assert (message.state, order.state) == ("failed", "approved")
    assert "550 No such person" in message.answer
    alert = Alert.objects.get(closed_at=None)
    assert (alert.kind, alert.target_pk) == ("mail_failed", order.pk)
    assert alert.params["order"] == order.number
    try_again(queued)
    assert vendor.mails == []


def test_a_mended_address_gets_the_mail(queued, server, near, people):
    server(Vendor(recipient_answer="550 No such person"))
    try_again(queued)
    near.email = "new@near.example"
    near.save()
    order = PurchaseOrder.objects.get()
    ordering.send_again(order, by=people.buyer)
    vendor = server(Vendor())
    assert try_again(queued).state == "sent"
    assert vendor.mails[0].rcpt_tos == ["new@near.example"]
    assert not Alert.objects.filter(closed_at=None).exists()


def test_a_refused_body_fails(queued, server):
    server(Vendor("554 We take no such thing"))
    assert try_again(queued).state == "failed"


def test_case_37_a_server_that_is_down_gets_it_once(queued, settings, server):
    settings.MAILERS = mailers(free_port())
    for _ in range(4):
        assert try_again(queued).state == "waiting"
    assert PurchaseOrder.objects.get().state == "approved"
    vendor = server(Vendor())
    assert try_again(queued).state == "sent"
    assert len(vendor.mails) == 1


def test_after_a_day_without_a_server_a_person_is_told(queued, settings):
    settings.MAILERS = mailers(1)
    with time_machine.travel(timezone.now() + dt.timedelta(days=1, hours=1)):
        OutboxMessage.objects.update(state="sending", attempts=1)
        queued.refresh_from_db()
        sending.settle(queued, sending.hand_over(queued))
    queued.refresh_from_db()
    assert queued.state == "failed"
    assert Alert.objects.filter(kind="mail_failed").exists()


def test_a_silence_after_the_body_is_uncertain(queued, server):
    vendor = server(Vendor(stalls=True), timeout=1)
    message = try_again(queued)
    assert message.state == "uncertain"
    for _ in range(2):
        try_again(queued)
    sending.deliver_due()
    assert len(vendor.mails) == 1
    assert Alert.objects.get(closed_at=None).kind == "mail_uncertain"
    assert PurchaseOrder.objects.get().state == "approved"


def test_an_uncertain_order_stays_as_it_is(queued, server, steady, people):
    server(Vendor(stalls=True), timeout=1)
    try_again(queued)
    order = PurchaseOrder.objects.get()
    line = line_of(order, steady)
    with pytest.raises(Refused, match="may have"):
        ordering.change_line(order, line=line, quantity=line.quantity + 6, by=None)
    with pytest.raises(Refused, match="may have"):
        ordering.cancel(order, by=people.buyer)


def test_a_person_settles_what_is_uncertain(queued, server, people):
    server(Vendor(stalls=True), timeout=1)
    try_again(queued)
    order = ordering.mark_sent(PurchaseOrder.objects.get(), by=people.buyer)
    assert order.state == "sent"
    assert OutboxMessage.objects.get().state == "sent"
    assert not Alert.objects.filter(closed_at=None).exists()


def test_only_a_person_sends_again(queued, server, people):
    first = server(Vendor(stalls=True), timeout=1)
    try_again(queued)
    ordering.send_again(PurchaseOrder.objects.get(), by=people.buyer)
    second = server(Vendor())
    assert try_again(queued).state == "sent"
    assert len(first.mails) == len(second.mails) == 1
    assert PurchaseOrder.objects.get().timeline.filter(verb="sent_again").exists()


def test_a_lost_sender_leaves_the_mail_uncertain(queued, server):
    vendor = server(Vendor())
    sending.claim(queued.pk)
    OutboxMessage.objects.update(lease_until=timezone.now() - dt.timedelta(1))
    sending.deliver_due()
    queued.refresh_from_db()
    assert queued.state == "uncertain"
    assert try_again(queued).state == "uncertain"
    assert vendor.mails == []


def test_a_claimed_mail_is_nobody_elses(queued):
    assert sending.claim(queued.pk) is not None
    assert sending.claim(queued.pk) is None


def test_a_slow_sender_that_was_given_up_still_tells_the_truth(queued):
    mine = sending.claim(queued.pk)
    OutboxMessage.objects.update(lease_until=timezone.now() - dt.timedelta(1))
    sending.deliver_due()
    sending.settle(mine, sending.Outcome(sending.State.SENT, "250"))
    queued.refresh_from_db()
    assert queued.state == "sent"
    assert PurchaseOrder.objects.get().state == "sent"


def test_an_edit_withdraws_the_mail_that_waits(
    queued, approved, steady, server, people
):
    vendor = server(Vendor())
    line = line_of(approved, steady)
    ordering.change_line(approved, line=line, quantity=line.quantity + 6, by=None)
    assert try_again(queued).state == "withdrawn"
    assert vendor.mails == []
    order = ordering.approve(approved, by=people.buyer, version=2)
    ordering.send(order, by=people.buyer)
    newest = OutboxMessage.objects.get(version=2)
    assert try_again(newest).state == "sent"
    assert len(vendor.mails) == 1


def test_an_edit_while_the_mail_goes_is_a_conflict(queued, approved, steady):
    sending.claim(queued.pk)
    line = line_of(approved, steady)
    with pytest.raises(Conflict):
        ordering.change_line(approved, line=line, quantity=line.quantity + 6, by=None)


def test_each_try_is_a_job_of_its_own(queued):
    assert Job.objects.get().key == f"{queued.pk}.0"
    OutboxMessage.objects.update(attempts=1)
    sending.deliver_due()
    sending.deliver_due()
    assert set(Job.objects.values_list("key", flat=True)) == {
        f"{queued.pk}.0",
        f"{queued.pk}.1",
    }


def test_without_a_mail_server_the_mail_lies_in_the_mailbox(queued, settings):
    settings.MAILERS = {"default": {"BACKEND": "accounts.mailbox.MailboxBackend"}}
    assert try_again(queued).state == "sent"
    kept = MailboxMessage.objects.get()
    assert kept.audience == "vendor"
    assert kept.message_id == queued.message_id
    assert kept.recipients == "orders@near.example"
    assert "116.40" in text_of(kept)
    pdf, table = attachments_of(kept)
    assert (pdf.content_type, table.content_type) == ("application/pdf", "text/csv")
    assert pdf.content.startswith(b"%PDF")


SENDER = """
import django; django.setup()
from django.conf import settings
from tests.purchasing.mail_server import mailers
settings.DATABASES["default"].update({database!r})
settings.MAILERS = mailers({port}, timeout=30)
from purchasing import sending
sending.deliver({pk})
"""


@pytest.mark.django_db(transaction=True)
def test_case_36_a_kill_after_the_mail_was_taken_sends_nothing_more(
    approved, people, server
):
    ordering.send(approved, by=people.buyer)
    message = OutboxMessage.objects.get()
    vendor = server(Vendor(stalls=True))
    database = {
        name: settings.DATABASES["default"][name]
        for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    }
    code = SENDER.format(
        database=database,
        port=settings.MAILERS["default"]["OPTIONS"]["port"],
        pk=message.pk,
    )
    sender = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "jit_backoffice.settings"},
        cwd=settings.BASE_DIR,
    )
    assert vendor.accepted.wait(20)
    sender.send_signal(signal.SIGKILL)
    sender.wait()
    message.refresh_from_db()
    assert message.state == "sending"
    OutboxMessage.objects.update(lease_until=timezone.now() - dt.timedelta(1))
    vendor.stalls = False
    for _ in range(3):
        sending.deliver_due()
        sending.deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "uncertain"
    assert len(vendor.mails) == 1
