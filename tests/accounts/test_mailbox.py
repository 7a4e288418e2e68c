"""Mail that is kept in the app, and who may read it."""

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.mailbox import AUDIENCE_HEADER, keep, parsed
from accounts.models import MailboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def order_mail():
    mail = EmailMessage(
        "Order",
        "Two boxes <script>alert(1)</script>",
        to=["vendor@example.com"],
        bcc=["secret@example.com"],
        headers={AUDIENCE_HEADER: "vendor", "Message-ID": "<1@shop>"},
    )
    mail.attach('or"der.pdf', b"%PDF-1.4", "application/pdf")
    return keep(mail)


@pytest.fixture
def account_mail():
    return keep(EmailMessage("Reset your password", "link", to=["a@example.com"]))


def test_a_mail_is_kept_whole(order_mail):
    assert order_mail.message_id == "<1@shop>"
    assert order_mail.recipients == "vendor@example.com"
    assert parsed(order_mail)["Subject"] == "Order"
    assert AUDIENCE_HEADER not in parsed(order_mail)


def test_hidden_recipients_are_not_written_down(order_mail):
    assert "secret" not in order_mail.recipients
    assert b"secret" not in bytes(order_mail.raw)


def test_an_unknown_audience_is_account_mail():
    mail = EmailMessage("x", "y", to=["a@example.com"], headers={AUDIENCE_HEADER: "z"})
    assert keep(mail).audience == "account"


@pytest.mark.parametrize(
    ("person", "subjects"),
    [("buyer", {"Order"}), ("admin", {"Order", "Reset your password"})],
)
def test_account_mail_is_for_admins(
    client, people, order_mail, account_mail, person, subjects
):
    client.force_login(getattr(people, person))
    page = client.get(reverse("mailbox")).content.decode()
    for subject in ("Order", "Reset your password"):
        assert (f">{subject}<" in page) == (subject in subjects)
    readable = client.get(reverse("mailbox_message", args=[account_mail.pk]))
    assert (readable.status_code == 200) == (person == "admin")


@pytest.mark.parametrize("person", ["manager", "viewer"])
def test_others_have_no_mailbox(client, people, order_mail, person):
    client.force_login(getattr(people, person))
    assert client.get(reverse("mailbox")).status_code == 403


def test_the_text_is_shown_as_text(client, people, order_mail):
    client.force_login(people.buyer)
    page = client.get(reverse("mailbox_message", args=[order_mail.pk])).content
    assert b"&lt;script&gt;alert(1)" in page


def test_a_file_is_downloaded_under_a_safe_name(client, people, order_mail):
    client.force_login(people.buyer)
    file = client.get(reverse("mailbox_attachment", args=[order_mail.pk, 1]))
    assert file.content == b"%PDF-1.4"
    assert file["Content-Disposition"].startswith('attachment; filename="or_der')
    missing = client.get(reverse("mailbox_attachment", args=[order_mail.pk, 2]))
    assert missing.status_code == 404
    assert MailboxMessage.objects.count() == 1
