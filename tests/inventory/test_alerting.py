"""One alert per change of state: opened once, closed when it ends, snoozed."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from inventory.alerting import AlertDraft, settle, snooze, wake
from inventory.models import Alert

TODAY = dt.date(2026, 11, 23)
LATER = dt.date(2026, 11, 30)


def draft(key="1", kind="low", **params):
    return AlertDraft(kind, key, "product", 1, params=params)


def settled(location, *drafts, kinds=("low", "out")):
    return settle(drafts, kinds=kinds, location=location)


def still_open():
    return {alert.key for alert in Alert.objects.still_open()}


def test_twice_the_same_opens_one(old_town):
    assert settled(old_town, draft(), draft("2")) == 2
    assert settled(old_town, draft(), draft("2")) == 2
    assert Alert.objects.count() == 2


def test_ended_state_closes_its_alert_and_may_come_back(old_town):
    settled(old_town, draft())
    settled(old_town)
    assert still_open() == set()
    settled(old_town, draft())
    assert [alert.closed_at is None for alert in Alert.objects.order_by("pk")] == [
        False,
        True,
    ]


def test_other_locations_and_kinds_are_left_alone(old_town, harbour):
    settled(harbour, draft("h"))
    settled(old_town, draft("late", kind="late"), kinds=("late",))
    settled(old_town)
    assert still_open() == {"low:h", "late:late"}


def test_words_of_a_standing_alert_are_kept_up_to_date(old_town):
    settled(old_town, draft(runs_out_on="2026-12-01"))
    settled(old_town, draft(runs_out_on="2026-11-30"))
    assert Alert.objects.get().params == {"runs_out_on": "2026-11-30"}


def test_snoozed_alert_is_quiet_until_its_date(old_town):
    settled(old_town, draft())
    alert = Alert.objects.get()
    assert snooze(alert, until=LATER, reason="  Ordered by phone ", today=TODAY)
    assert not Alert.objects.awake(TODAY).exists()
    assert Alert.objects.snoozed(TODAY).get().snooze_reason == "Ordered by phone"
    assert Alert.objects.awake(LATER).get() == alert
    settled(old_town, draft())
    assert not Alert.objects.awake(TODAY).exists()


def test_snooze_ends_by_hand_and_with_the_state(old_town):
    settled(old_town, draft())
    alert = Alert.objects.get()
    snooze(alert, until=LATER, reason="On holiday", today=TODAY)
    assert wake(alert)
    assert Alert.objects.awake(TODAY).exists()
    settled(old_town)
    assert not snooze(alert, until=LATER, reason="On holiday", today=TODAY)


@pytest.mark.parametrize(("until", "reason"), [(TODAY, "why"), (LATER, "  ")])
def test_snooze_needs_a_later_day_and_a_reason(old_town, until, reason):
    settled(old_town, draft())
    with pytest.raises(ValidationError):
        snooze(Alert.objects.get(), until=until, reason=reason, today=TODAY)


def test_alerts_of_other_stores_are_not_seen(people, old_town, harbour):
    settled(old_town, draft("own"))
    settled(harbour, draft("other"))
    settled(None, draft("shop"))
    seen = {alert.key for alert in Alert.objects.visible_to(people.manager)}
    assert seen == {"low:own", "low:shop"}
    assert Alert.objects.visible_to(people.viewer).count() == 3
