"""A draft is never touched, but its page tells when the forecast has changed."""

from django.urls import reverse

from purchasing.orders import PurchaseOrder
from tests.purchasing.shop import order, plan, refresh, set_stock


def drafted(steady, old_town):
    """36 are suggested for 34 on hand, and taken over as a draft."""
    plan(steady, old_town)
    set_stock(steady, old_town, 34)
    refresh(old_town)
    PurchaseOrder.objects.filter(state="suggested").update(state="draft")
    return PurchaseOrder.objects.get()


def text_of(client, draft):
    url = reverse("order_forecast", args=[draft.pk])
    answer = client.get(url, headers={"HX-Request": "true"})
    return answer.content.decode().strip()


def test_nothing_is_said_while_nothing_changed(client, people, steady, old_town):
    draft = drafted(steady, old_town)
    client.force_login(people.manager)
    assert text_of(client, draft) == ""
    page = client.get(reverse("order_forecast", args=[draft.pk]))
    assert "would order the same" in page.content.decode()


def test_changed_forecast_is_told_and_the_draft_stays_case_43(
    client, people, steady, old_town
):
    draft = drafted(steady, old_town)
    set_stock(steady, old_town, 22)
    client.force_login(people.manager)
    assert "Oat drink, barista 1 L 36 → 48" in text_of(client, draft)
    assert draft.lines.get().quantity == 36


def test_what_another_order_brings_is_taken_off(client, people, steady, near, old_town):
    draft = drafted(steady, old_town)
    order(near, old_town, steady, 12)
    client.force_login(people.manager)
    assert "36 → 24" in text_of(client, draft)


def test_sent_order_is_past_advice(client, people, steady, old_town):
    draft = drafted(steady, old_town)
    PurchaseOrder.objects.update(state="sent")
    set_stock(steady, old_town, 0)
    client.force_login(people.manager)
    assert text_of(client, draft) == ""


def test_foreign_order_is_not_found(client, people, steady, old_town):
    draft = drafted(steady, old_town)
    client.force_login(people.outsider)
    assert client.get(reverse("order_forecast", args=[draft.pk])).status_code == 404
