"""Messages become sale lines: by the same staging, keys and verbs as rows of files.

A batch of messages is folded into what is known of their orders, and each order that
is now another is staged whole. Facts, counts and messages read are one transaction, so
a kill at any moment leaves a batch read or unread.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from imports import importing
from imports.detecting import Detected
from imports.models import Import
from imports.reading import Row
from imports.staging import Stage
from inventory.models import Location
from jobs.running import Run
from sales.feeds import kinds
from sales.feeds.models import (
    Feed,
    FeedMessage,
    FeedOrder,
    FeedPlace,
    LiveDay,
    day_name,
)
from sales.feeds.orders import LiveRow, OrderState, fold, live_rows

BATCH = 500
KINDS = {Feed.Format.SHOPIFY: kinds.SHOPIFY, Feed.Format.GENERIC: kinds.GENERIC}


@dataclass(slots=True)
class LiveStage(Stage):
    """The staging table of rows that come in no file."""

    rows: Sequence[LiveRow] = ()

    def source_rows(self) -> Iterator[tuple[int, Row]]:
        first = self.imported.last_row + 1
        for number, row in enumerate(self.rows, start=first):
            yield number, list(row)


def apply_feed(run: Run) -> None:
    feed = Feed.objects.select_related("location", "source").get(
        pk=run.job.arguments["feed"]
    )
    read = 0
    while batch := apply_batch(feed):
        read += batch
        run.report(read, read)


@transaction.atomic
def apply_batch(feed: Feed) -> int:
    """Read what waits, oldest first; the number of messages and orders read."""
    take_turn(feed)
    messages = list(feed.messages.waiting().order_by("pk")[:BATCH])
    due = list(feed.orders.filter(is_due=True).order_by("pk")[:BATCH])
    changed = take_in(feed, messages)
    states = {order.order: order.known for order in (*due, *changed)}
    write(feed, list(states.values()))
    FeedOrder.objects.filter(pk__in=[order.pk for order in due]).update(is_due=False)
    read = FeedMessage.objects.filter(pk__in=[message.pk for message in messages])
    read.update(applied_at=timezone.now())
    return len(messages) + len(due)


def take_turn(feed: Feed) -> None:
    """One reader of a feed at a time; the feed's own row stays free to be edited."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('feed'), %s)", [feed.pk])


def take_in(feed: Feed, messages: Sequence[FeedMessage]) -> list[FeedOrder]:
    """Fold messages into their orders; those that are now another are returned."""
    told: dict[str, OrderState] = {}
    for message in messages:
        state = OrderState.from_json(message.body)
        known = told.get(state.order)
        told[state.order] = fold(known, state) if known else state
    orders = {order.order: order for order in feed.orders.filter(order__in=list(told))}
    changed = []
    for name, state in told.items():
        order = orders.get(name) or FeedOrder(feed=feed, order=name)
        folded = fold(order.known, state) if order.pk else state
        if not order.pk or folded != order.known:
            order.state, order.changed_at = folded.as_json(), timezone.now()
            changed.append(order)
    FeedOrder.objects.bulk_create([order for order in changed if not order.pk])
    FeedOrder.objects.bulk_update(
        [order for order in changed if order.order in orders], ["state", "changed_at"]
    )
    return changed


def write(feed: Feed, states: Iterable[OrderState]) -> None:
    """Stage the orders whole and write what is new or has changed."""
    rows = located(feed, [row for state in states for row in live_rows(state)])
    if not rows:
        return
    imported = open_day(feed)
    stage = LiveStage(
        imported, imported.file_kind, Detected.from_json(imported.detected), rows
    )
    read, first = imported.rows_read, imported.last_row + 1
    stage.fill(lambda done, total, note: None)
    if stage.kind.create:
        stage.kind.create(stage)
    importing.write_chunk(stage, first, imported.last_row)
    Import.objects.filter(pk=imported.pk).update(rows_read=read + len(rows))
    stage.drop()


def located(feed: Feed, rows: Sequence[LiveRow]) -> list[LiveRow]:
    """Rows at locations of ours, with the clock of the shop or of the location."""
    places = Places(feed)
    return [places.settle(row) for row in rows]


@dataclass(slots=True)
class Places:
    """Which of our locations a shop's code or name stands for."""

    feed: Feed
    known: dict[str, Location] = field(init=False)
    asked: set[str] = field(init=False)

    def __post_init__(self) -> None:
        real = Location.objects.real()
        self.known = {place.name.casefold(): place for place in real}
        self.asked = set()
        for place in self.feed.places.select_related("location"):
            self.asked.add(place.code)
            if place.location:
                self.known[place.code.casefold()] = place.location

    def settle(self, row: LiveRow) -> LiveRow:
        """Shopify writes the clock of the shop, as its files do; others anything."""
        place = self.of(row.location[:120])
        at = row.at
        if self.feed.format == Feed.Format.GENERIC:
            at = dt.datetime.fromisoformat(at).astimezone(place.zone).isoformat()
        return row._replace(location=place.name, at=at)

    def of(self, code: str) -> Location:
        """The feed's own location where none is named, or an unknown one."""
        place = self.known.get(code.casefold()) if code else None
        if code and not place and code not in self.asked:
            self.asked.add(code)
            FeedPlace.objects.get_or_create(feed=self.feed, code=code)
        return place or self.feed.location


def open_day(feed: Feed) -> Import:
    """Today's import of the feed, locked; a new one where today's was undone.

    It is never finished: a nightly run does not start anew for each order.
    """
    date = timezone.now().astimezone(feed.location.zone).date()
    today = Import.objects.filter(live_day__feed=feed, live_day__date=date)
    imported = today.filter(state=Import.State.DONE).select_for_update().first()
    if imported is None:
        return begin_day(feed, date)
    if imported.options != feed.import_options():
        imported.options = feed.import_options()
        imported.save(update_fields=["options"])
    return imported


def begin_day(feed: Feed, date: dt.date) -> Import:
    kind = KINDS[Feed.Format(feed.format)]
    columns = {name: place for place, name in enumerate(LiveRow._fields)}
    imported = Import.objects.create(
        kind=kind,
        profile=feed.source.name,
        file_name=day_name(feed, date),
        sha256="",
        size=0,
        state=Import.State.DONE,
        options=feed.import_options(),
        detected=Detected(kind, header_row=0, columns=columns).as_json(),
    )
    LiveDay.objects.create(feed=feed, date=date, import_file=imported)
    return imported
