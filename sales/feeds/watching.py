"""Looking after feeds: what waits is read, what is old goes, who has gone silent."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import TruncHour
from django.utils import timezone

from jit_backoffice.figures import counted
from jobs.models import Job
from jobs.running import enqueue_new
from sales.feeds.models import Feed, FeedMessage, FeedOrder
from sales.feeds.receiving import JOB_KIND, minute_key
from sales.feeds.silence import LEAST, allowed_silence

LOOK_BACK = dt.timedelta(days=28)
KEEP_MESSAGES = dt.timedelta(days=35)
KEEP_ORDERS = dt.timedelta(days=400)
KEEP_JOBS = dt.timedelta(days=1)
AGES = ((86400, "day,days"), (3600, "hour,hours"), (60, "minute,minutes"))


@dataclass(frozen=True, slots=True)
class Sign:
    """When a feed was last heard, and whether that is too long ago."""

    feed: Feed
    heard_at: dt.datetime | None
    allowed: dt.timedelta
    state: str

    @property
    def ago(self) -> str:
        return ago(self.heard_at) if self.heard_at else ""


def ago(moment: dt.datetime) -> str:
    """3 minutes ago, 2 days ago."""
    seconds = max(0, int((timezone.now() - moment).total_seconds()))
    for size, word in AGES:
        if seconds >= size:
            return f"{counted(seconds // size, word)} ago"
    return "just now"


def read_waiting() -> None:
    """A job for every feed with something to read and none that will read it."""
    open_jobs = Job.objects.filter(kind=JOB_KIND).exclude(state__in=Job.FINISHED)
    taken = set(open_jobs.values_list("arguments__feed", flat=True))
    waiting = set(FeedMessage.objects.waiting().values_list("feed", flat=True))
    due = set(FeedOrder.objects.filter(is_due=True).values_list("feed", flat=True))
    for feed in sorted((waiting | due) - taken):
        enqueue_new(JOB_KIND, key=minute_key(feed), arguments={"feed": feed})


def forget_old() -> None:
    """Messages that were read, orders that no longer change, and jobs that ran."""
    now = timezone.now()
    newest = FeedMessage.objects.filter(feed=OuterRef("feed")).order_by("-received_at")
    FeedMessage.objects.filter(
        received_at__lt=now - KEEP_MESSAGES, applied_at__isnull=False
    ).exclude(pk=Subquery(newest.values("pk")[:1])).delete()
    FeedOrder.objects.filter(changed_at__lt=now - KEEP_ORDERS).delete()
    Job.objects.filter(
        kind=JOB_KIND, state=Job.State.DONE, finished_at__lt=now - KEEP_JOBS
    ).delete()


def signs(feeds: Iterable[Feed]) -> list[Sign]:
    """How each feed is; tests that we sent ourselves are no sign of life."""
    return [sign_of(feed) for feed in feeds]


def sign_of(feed: Feed) -> Sign:
    sent = feed.messages.filter(is_test=False)
    heard_at = sent.aggregate(last=Max("received_at"))["last"]
    allowed = allowed_silence(hours_heard(feed)) if heard_at else LEAST
    silent = timezone.now() - (heard_at or feed.created_at) > allowed
    if not feed.is_active:
        state = "stopped"
    elif silent:
        state = "silent"
    else:
        state = "live" if heard_at else "new"
    return Sign(feed, heard_at, allowed, state)


def hours_heard(feed: Feed) -> list[dt.datetime]:
    """Hours of the last weeks in which the shop sent something, oldest first."""
    since = timezone.now() - LOOK_BACK
    sent = feed.messages.filter(received_at__gte=since, is_test=False)
    hours = sent.annotate(hour=TruncHour("received_at", tzinfo=dt.UTC)).order_by("hour")
    return list(hours.values_list("hour", flat=True).distinct())
