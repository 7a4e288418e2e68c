"""Who works here: inviting people and changing what they may do."""

from decimal import Decimal

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Role, User

FIRST_ADMIN_LOCK = 7_301_001


class LastAdmin(Exception):
    """The change would leave nobody who can change it back."""


class AlreadyBegun(Exception):
    """There are people already; an admin among them invites others."""


@transaction.atomic
def create_first_admin(email: str, *, name: str, password: str) -> User:
    """The person who starts; two starting at once become one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ADMIN_LOCK])
    if User.objects.exists():
        raise AlreadyBegun
    return User.objects.create_user(email, password, name=name, role=Role.ADMIN)


def invite(
    email: str, *, name: str, role: str, approval_limit: Decimal | None = None
) -> User:
    """Add a person, who signs in after setting a password by the mailed link."""
    return User.objects.create_user(
        email, name=name, role=role, approval_limit=approval_limit
    )


def invitation_path(person: User) -> str:
    """The address under which this person sets a password; valid for three days."""
    return reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(person),
            "key": default_token_generator.make_token(person),
        },
    )


def mail_invitation(person: User, *, link: str, by: User) -> None:
    """Raises what the mail server raises: the page then shows the link alone."""
    text = render_to_string(
        "accounts/invitation.txt", {"person": person, "link": link, "by": by}
    )
    EmailMessage("Your JIT Backoffice account", text, to=[person.email]).send()


@transaction.atomic
def change(
    person: User,
    *,
    name: str,
    role: str,
    approval_limit: Decimal | None,
    is_active: bool,
) -> User:
    """Change a person; it holds from this person's next click on."""
    admins = User.objects.filter(role=Role.ADMIN, is_active=True)
    admin_pks = list(admins.order_by("pk").select_for_update().values_list("pk"))
    stays_admin = role == Role.ADMIN and is_active
    if admin_pks == [(person.pk,)] and not stays_admin:
        raise LastAdmin
    person = User.objects.select_for_update().get(pk=person.pk)
    person.name, person.role = name, role
    person.approval_limit, person.is_active = approval_limit, is_active
    person.save(update_fields=["name", "role", "approval_limit", "is_active"])
    return person
