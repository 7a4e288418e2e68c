"""The mailbox of the app: a Django mail backend, and reading what it kept.

Used where no mail server is set, so that nothing an app sends is lost.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage as Mail
from typing import cast

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet

from accounts.models import MailboxMessage, User
from accounts.policy import can

AUDIENCE_HEADER = "X-Backoffice-Audience"
Audience = MailboxMessage.Audience
READERS = {
    Audience.VENDOR: "read_vendor_mail",
    Audience.ACCOUNT: "read_account_mail",
}


class MailboxBackend(BaseEmailBackend):
    """Keep each mail as a row; hidden recipients are not written down."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(message)
        return len(email_messages)


def keep(message: EmailMessage) -> MailboxMessage:
    mail = message.message()
    audience = str(mail.get(AUDIENCE_HEADER, Audience.ACCOUNT))
    del mail[AUDIENCE_HEADER]
    return MailboxMessage.objects.create(
        audience=audience if audience in Audience.values else Audience.ACCOUNT,
        message_id=str(mail.get("Message-ID", ""))[:250],
        sender=str(mail.get("From", ""))[:320],
        recipients=", ".join([*message.to, *message.cc]),
        subject=" ".join(message.subject.split())[:998],
        raw=mail.as_bytes(),
    )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail; ``number`` counts from 1."""

    number: int
    name: str
    content_type: str
    content: bytes

    @property
    def safe_name(self) -> str:
        """The name without what could end a header or leave a folder."""
        return re.sub(r"[^\w. -]", "_", self.name, flags=re.ASCII)


def readable_by(user: User) -> QuerySet[MailboxMessage, MailboxMessage]:
    """Mail to vendors for those who buy, account mail for admins."""
    audiences = [audience for audience, action in READERS.items() if can(user, action)]
    return MailboxMessage.objects.filter(audience__in=audiences)


def text_of(message: MailboxMessage) -> str:
    """The plain text; nothing of a mail is ever shown as HTML."""
    body = parsed(message).get_body(preferencelist=("plain",))
    return str(body.get_content()) if body is not None else ""


def attachments_of(message: MailboxMessage) -> list[Attachment]:
    return [
        Attachment(
            number,
            part.get_filename() or f"attachment-{number}",
            part.get_content_type(),
            cast(bytes, part.get_payload(decode=True)),
        )
        for number, part in enumerate(parsed(message).iter_attachments(), start=1)
    ]


def parsed(message: MailboxMessage) -> Mail:
    return message_from_bytes(bytes(message.raw), policy=policy.default)
