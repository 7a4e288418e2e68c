"""Which views a role may open: a decorator that asks the policy."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase

from accounts.models import Role
from accounts.policy import ACTIONS, can
from jit_backoffice.http import HtmxRequest

type View[**P] = Callable[Concatenate[HtmxRequest, P], HttpResponseBase]


def allowed[**P](action: str) -> Callable[[View[P]], View[P]]:
    """Answer 403 unless the person's role allows the action.

    Which objects a person may touch is decided by ``visible_to`` in the view.
    """
    if action not in ACTIONS:
        raise ValueError(f"There is no action “{action}” in accounts/policy.py.")

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: HtmxRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not can(request.user, action):
                raise PermissionDenied(who_may(action))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def who_may(action: str) -> str:
    """Whom to ask, in words: Ask a buyer or an admin."""
    roles = [role for role in Role if role in ACTIONS[action]]
    names = [
        f"{'an' if role == Role.ADMIN else 'a'} {role.label.lower()}" for role in roles
    ]
    return f"Ask {' or '.join(names)} to do it, or an admin to change your role."


def confirmed[**P](view: View[P]) -> View[P]:
    """Ask for the password before a change, if the last time is long ago."""

    @wraps(view)
    def guarded(
        request: HtmxRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if request.method == "POST" and not _recently_signed_in(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded


def _recently_signed_in(request: HtmxRequest) -> bool:
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0)
    return bool(time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
