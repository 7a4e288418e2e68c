"""Alerts: open, snoozed with a reason, shown again."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import Alert, Product
from tests.purchasing.shop import plan, refresh, set_stock

MORNING = dt.datetime(2026, 11, 23, 8, 5, tzinfo=dt.UTC)
URL = reverse("alert_list")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def alert(people, steady, old_town):
    plan(steady, old_town)
    set_stock(steady, old_town, 0)
    refresh(old_town)
    return Alert.objects.get()


def text_of(client, person, query=""):
    client.force_login(person)
    return client.get(URL + query).content.decode()


def snooze(client, alert, **fields):
    data = {"until": "2026-11-30", "reason": "Ordered by phone", **fields}
    return client.post(reverse("alert_snooze", args=[alert.pk]), data)


def test_alert_is_a_sentence_that_leads_to_its_cause(client, people, alert, steady):
    text = text_of(client, people.manager)
    assert "Oat drink, barista 1 L is out of stock." in text
    assert f"?location={alert.location_id}" in text
    assert "Out of stock (1)" in text


def test_snoozed_alert_is_kept_with_its_reason(client, people, alert, monday):
    client.force_login(people.manager)
    assert snooze(client, alert).status_code == 302
    assert "Nothing needs you." in text_of(client, people.manager)
    snoozed = text_of(client, people.manager, "?view=snoozed")
    assert "Ordered by phone" in snoozed
    assert "Mon 30 Nov" in snoozed
    monday.move_to(MORNING + dt.timedelta(days=7))
    assert "is out of stock" in text_of(client, people.manager)


def test_snooze_ends_by_hand(client, people, alert):
    client.force_login(people.manager)
    snooze(client, alert)
    client.post(reverse("alert_wake", args=[alert.pk]))
    assert "is out of stock" in text_of(client, people.manager)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"until": "2026-11-23"}, "Choose a day after today."),
        ({"until": "soon"}, "Enter a valid date."),
        ({"reason": " "}, "This field is required."),
    ],
)
def test_wrong_snooze_keeps_what_was_typed(client, people, alert, fields, words):
    client.force_login(people.manager)
    answer = snooze(client, alert, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    alert.refresh_from_db()
    assert alert.snoozed_until is None


def test_dialog_is_part_of_the_page(client, people, alert):
    client.force_login(people.manager)
    url = reverse("alert_snooze", args=[alert.pk])
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<h2 id="dialog-title">')
    assert 'value="2026-11-30"' in part


def test_viewer_reads_and_snoozes_nothing(client, people, alert):
    assert "snooze/" not in text_of(client, people.viewer)
    assert snooze(client, alert).status_code == 403


def test_foreign_alert_is_not_found(client, people, alert):
    assert "is out of stock" not in text_of(client, people.outsider)
    assert snooze(client, alert).status_code == 404


def test_kinds_can_be_chosen(client, people, alert):
    assert "is out of stock" in text_of(client, people.manager, "?kind=out")
    assert "is out of stock" not in text_of(client, people.manager, "?kind=low")
    assert "is out of stock" in text_of(client, people.manager, "?kind=nonsense")


def test_fifty_alerts_ask_at_most_twelve_queries(client, people, old_town):
    for number in range(55):
        one = Product.objects.create(sku=f"Q-{number}", name=f"Tea {number}")
        plan(one, old_town)
        set_stock(one, old_town, 0)
    refresh(old_town)
    client.force_login(people.manager)
    client.get(URL)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(URL)
    assert len(page.context["rows"]) == 50
    assert len(asked) <= 12
