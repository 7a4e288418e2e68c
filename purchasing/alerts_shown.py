"""Alerts as a person reads them: word, sentence and where to go."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from inventory.alert_kinds import KINDS, AlertKind
from inventory.alerts import Alert, AlertQuerySet


@dataclass(frozen=True, slots=True)
class ShownAlert:
    alert: Alert
    kind: AlertKind
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class KindCount:
    kind: AlertKind
    count: int


def shown(alert: Alert) -> ShownAlert:
    kind = KINDS[alert.kind]
    return ShownAlert(alert, kind, kind.say(alert), url_of(alert))


def url_of(alert: Alert) -> str:
    """The page that an alert is about, at its location."""
    keys = [] if alert.target_pk is None else [alert.target_pk]
    url = reverse(alert.url_name, args=keys)
    of_product = alert.url_name == "product" and alert.location_id
    return f"{url}?location={alert.location_id}" if of_product else url


def counts_by_kind(alerts: AlertQuerySet) -> list[KindCount]:
    """How many of each kind, in the order in which kinds were registered."""
    found = alerts.order_by().values_list("kind").annotate(rows=Count("pk"))
    counts = dict(found)
    return [
        KindCount(kind, counts[name]) for name, kind in KINDS.items() if name in counts
    ]
