"""Opening, closing and snoozing alerts: one per change of state, never per run."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now

from inventory.alerts import Alert
from inventory.places import Location


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """A state that lasts now. ``key`` says what it is about, within its kind."""

    kind: str
    key: str
    url_name: str
    target_pk: int | None
    product_id: int | None = None
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def whole_key(self) -> str:
        return f"{self.kind}:{self.key}"


@transaction.atomic
def settle(
    drafts: Sequence[AlertDraft],
    *,
    kinds: Collection[str],
    location: Location | None,
    products: Collection[int] | None = None,
) -> int:
    """Open what began, close what ended, keep the rest: how many are open now.

    ``products`` leaves the alerts about all others as they are.
    """
    wanted = {draft.whole_key: draft for draft in drafts}
    standing = Alert.objects.filter(kind__in=kinds, location=location, closed_at=None)
    if products is not None:
        standing = standing.filter(product__in=products)
    known = {alert.key: alert for alert in standing.select_for_update(no_key=True)}
    ended = [alert.pk for key, alert in known.items() if key not in wanted]
    Alert.objects.filter(pk__in=ended).update(closed_at=Now())
    changed = [
        alert
        for key, alert in known.items()
        if key in wanted and take_params(alert, wanted[key])
    ]
    Alert.objects.bulk_update(changed, ["params"], batch_size=1000)
    opened = [opening(d, location) for key, d in wanted.items() if key not in known]
    Alert.objects.bulk_create(opened, ignore_conflicts=True, batch_size=1000)
    return len(wanted)


def take_params(alert: Alert, draft: AlertDraft) -> bool:
    """Bring the words of a standing alert up to date: whether they changed."""
    changed: bool = alert.params != draft.params
    alert.params = draft.params
    return changed


def opening(draft: AlertDraft, location: Location | None) -> Alert:
    return Alert(
        kind=draft.kind,
        key=draft.whole_key,
        product_id=draft.product_id,
        location=location,
        params=draft.params,
        url_name=draft.url_name,
        target_pk=draft.target_pk,
    )


def snooze(alert: Alert, *, until: dt.date, reason: str, today: dt.date) -> bool:
    """Keep an open alert quiet until a date, with a reason; False: it has ended."""
    if until <= today:
        raise ValidationError({"until": "Choose a day after today."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why, so that others understand."})
    rows = Alert.objects.filter(pk=alert.pk, closed_at=None)
    return rows.update(snoozed_until=until, snooze_reason=reason.strip()[:250]) == 1


def wake(alert: Alert) -> bool:
    """End a snooze early."""
    rows = Alert.objects.filter(pk=alert.pk, closed_at=None)
    return rows.update(snoozed_until=None, snooze_reason="") == 1
