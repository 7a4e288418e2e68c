"""What every view needs of HTTP: the htmx request and the fragment decision."""

import logging
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)


class HtmxRequest(HttpRequest):
    """A request of a signed-in person, seen by the htmx middleware."""

    htmx: HtmxDetails
    user: "User"


def is_fragment(request: HttpRequest) -> bool:
    """Whether only the fragment is wanted: htmx, not boosted, not history restore."""
    htmx = cast("HtmxRequest", request).htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


class HtmlHeadersMiddleware:
    """Keep pages with prices out of shared caches, and fragments apart from pages.

    Every answer has a request number that a person can tell and the log knows.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = uuid.uuid4().hex[:8]
        response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        if response.status_code >= 500:
            logger.error("Request %s failed: %s", number, request.path)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "no-store")
            patch_vary_headers(cast(HttpResponse, response), ["HX-Request"])
        return response
