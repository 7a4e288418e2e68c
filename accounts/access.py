"""Which views a role may open: a decorator that asks the policy."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from accounts.policy import ACTIONS, can
from jit_backoffice.http import HtmxRequest

type View[**P] = Callable[Concatenate[HtmxRequest, P], HttpResponse]


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
        ) -> HttpResponse:
            if not can(request.user, action):
                raise PermissionDenied(action)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
