"""Sign-in that has run out while a page was open."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from jit_backoffice.http import HtmxRequest

CONFIRMATIONS = ("account_reauthenticate", "mfa_reauthenticate")


class SignInAgainMiddleware:
    """Send the whole page to sign in, never a sign-in form into a table cell."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        htmx = cast(HtmxRequest, request).htmx
        if not htmx or response.status_code != 302:
            return response
        target = urlsplit(response.headers["Location"])
        if target.path == reverse("account_login"):
            back = {"next": htmx.current_url_abs_path or "/"}
            return HttpResponseClientRedirect(f"{target.path}?{urlencode(back)}")
        if target.path in map(reverse, CONFIRMATIONS):
            return HttpResponseClientRedirect(response.headers["Location"])
        return response
