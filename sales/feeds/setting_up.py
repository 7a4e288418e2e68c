"""Opening and changing a feed: whose sales it tells, and where they count."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from imports.kinds import kind_named
from inventory.models import Location, SalesSource
from sales.feeds import kinds
from sales.feeds.models import Feed, FeedPlace

KINDS = {"shopify": kinds.SHOPIFY, "generic": kinds.GENERIC}


class NameTaken(Exception):
    """Sales of another kind have this name already."""


def told_by(format: str) -> str:
    """The layout of files that tells the same sales as a feed of this format."""
    return kind_named(KINDS[format]).tells


def usual_source(format: str) -> str:
    """Under this name its files come in where nobody chose another."""
    return kind_named(told_by(format)).label


def known_sources() -> list[SalesSource]:
    """Shops whose files have come in and whose orders could come live as well."""
    kinds_told = [told_by(format) for format in KINDS]
    return list(SalesSource.objects.filter(kind__in=kinds_told).order_by("name"))


@transaction.atomic
def open_feed(feed: Feed, *, source_name: str, by: User | None) -> Feed:
    """Save a new feed; files of the same shop then meet its orders."""
    kind = told_by(feed.format)
    source, _ = SalesSource.objects.get_or_create(
        name=source_name, defaults={"kind": kind}
    )
    if source.kind != kind:
        raise NameTaken(source_name)
    feed.source, feed.created_by = source, by
    feed.save()
    return feed


@transaction.atomic
def change(feed: Feed, *, places: Mapping[int, Location | None]) -> Feed:
    """Save what was typed; orders that come from now on count so."""
    settings = ["name", "location", "returns", "unknown_products"]
    feed.save(update_fields=settings)
    for pk, location in places.items():
        FeedPlace.objects.filter(pk=pk, feed=feed).update(location=location)
    return feed


def example(format: str) -> dict[str, Any]:
    """A message as the shop would send it, marked as a test."""
    if format == Feed.Format.SHOPIFY:
        return {"id": 1, "name": "#TEST", "line_items": [], "test": True}
    return {"order": "TEST", "lines": [], "test": True}
