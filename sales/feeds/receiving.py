"""A message comes in: checked, stripped to its mapped fields, kept; nothing more.

What it means is worked out by a job; so the shop is answered within milliseconds.
"""

import datetime as dt
import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jobs.running import enqueue_new
from sales.feeds import generic, shopify, signing
from sales.feeds.models import Feed, FeedMessage
from sales.feeds.orders import FeedProblem, OrderState

JOB_KIND = "apply_feed"
MOST_BYTES = 1024 * 1024
FORMATS: dict[str, ModuleType] = {"shopify": shopify, "generic": generic}
ENCODINGS = {"shopify": "base64", "generic": "hex"}
HEADERS = {"shopify": "X-Shopify-Hmac-Sha256", "generic": "X-Signature"}
NOTE_REFUSALS_EVERY = dt.timedelta(minutes=1)


class Refused(Exception):
    """The message is not taken in; with the answer's status and its reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def receive(feed: Feed, body: bytes, signature: str) -> FeedMessage:
    """Keep a signed message and see to it that a job reads it."""
    if not feed.is_active:
        raise Refused(410, "This feed has been stopped.")
    if not signing.is_signed(body, signature, feed.secrets, ENCODINGS[feed.format]):
        note_refusal(feed)
        raise Refused(401, f"{HEADERS[feed.format]} is missing or wrong.")
    try:
        message = parsed(body)
        if FORMATS[feed.format].is_test(message):
            return keep_test(feed)
        state: OrderState = FORMATS[feed.format].read(message)
    except FeedProblem as problem:
        keep_problem(feed, str(problem))
        raise Refused(400, str(problem)) from None
    kept = FeedMessage.objects.create(
        feed=feed, receipt=state.receipt[:120], body=state.as_json()
    )
    enqueue_reading(feed)
    return kept


def parsed(body: bytes) -> Mapping[str, Any]:
    """The JSON of a message; its numbers stay as they are written."""
    try:
        message = json.loads(body, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise FeedProblem(f"The body is not JSON: {error}.") from None
    if not isinstance(message, dict):
        raise FeedProblem("The body is JSON, but not an object.")
    return message


def note_refusal(feed: Feed) -> None:
    """Somebody knocks with a wrong signature: told on the feed's page."""
    long_ago = timezone.now() - NOTE_REFUSALS_EVERY
    Feed.objects.filter(
        Q(refused_at=None) | Q(refused_at__lt=long_ago), pk=feed.pk
    ).update(refused_at=timezone.now())


def keep_test(feed: Feed) -> FeedMessage:
    now = timezone.now()
    return FeedMessage.objects.create(feed=feed, is_test=True, applied_at=now)


def keep_problem(feed: Feed, problem: str) -> None:
    FeedMessage.objects.create(
        feed=feed, problem=problem[:300], applied_at=timezone.now()
    )


def enqueue_reading(feed: Feed) -> None:
    """One job per feed and minute; what it misses, the next tick finds."""
    if not getattr(feed, "is_being_read", False):
        enqueue_new(JOB_KIND, key=minute_key(feed.pk), arguments={"feed": feed.pk})


def minute_key(feed: int) -> str:
    return f"{feed}-{timezone.now().astimezone(dt.UTC):%Y%m%d%H%M}"
