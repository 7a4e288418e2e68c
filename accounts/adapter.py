"""How allauth signs people in here: by invitation only, in our words."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, object]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This person may no longer sign in. Ask an admin.",
        "email_password_mismatch": "The e-mail address or the password is wrong.",
        "enter_current_password": "Type your present password.",
        "incorrect_password": "This is not your password.",
        "incorrect_code": "This code is wrong or no longer valid. Type the newest one.",
        "invalid_password_reset": "This link is no longer valid. Ask for a new one.",
        "too_many_login_attempts": "Too many wrong passwords. Wait 15 minutes, "
        "or set a new password.",
        "rate_limited": "Too many tries in a short time. Wait a minute.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
