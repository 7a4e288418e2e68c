"""POST sales/feeds/<id>/: who is let in, what is kept, and how fast it answers."""

import json
import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.models import Job
from sales.feeds import signing, watching
from sales.feeds.models import FeedMessage
from sales.feeds.receiving import JOB_KIND, MOST_BYTES
from tests.sales.feeds.messages import (
    SECRET,
    generic,
    item,
    lines,
    new_feed,
    order,
    post,
    read,
    refund,
    send,
)

pytestmark = pytest.mark.django_db
CANARIES = ("canary", "501234", "203.0.113.77", "•••• 4242", "4242424242424242")
DEEP = b'{"a":' * 50_000 + b"1" + b"}" * 50_000


def status(response):
    return response.status_code, json.loads(response.content).get("problem", "")


def test_a_signed_message_is_taken_in(client, shopify, own):
    assert post(client, shopify, order()).status_code == 200
    assert post(client, own, generic()).status_code == 200
    assert FeedMessage.objects.count() == 2


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "wrong",
        "é" * 44,
        signing.as_hex(b"{}", SECRET),
        signing.as_base64(b"{} ", SECRET),
        signing.as_base64(b"{}", "another secret"),
        signing.as_base64(b"{}", SECRET).lower(),
    ],
)
def test_shopify_without_its_signature_is_turned_away(client, shopify, signature):
    answer = post(client, shopify, b"{}", signature=signature)
    assert status(answer) == (401, "X-Shopify-Hmac-Sha256 is missing or wrong.")
    assert not FeedMessage.objects.exists()
    shopify.refresh_from_db()
    assert shopify.refused_at


@pytest.mark.parametrize(
    "signature",
    ["", "wrong", signing.as_base64(b"{}", SECRET), signing.as_hex(b"{}", "other")],
)
def test_own_json_without_its_signature_is_turned_away(client, own, signature):
    answer = post(client, own, b"{}", signature=signature)
    assert status(answer) == (401, "X-Signature is missing or wrong.")


def test_a_signature_in_capitals_or_with_blanks_is_right(client, own):
    body = json.dumps(generic()).encode()
    signature = f" {signing.as_hex(body, SECRET).upper()} "
    assert post(client, own, body, signature=signature).status_code == 200


def test_a_signature_in_the_wrong_header_does_not_count(client, shopify):
    body = json.dumps(order()).encode()
    answer = client.post(
        reverse("feed_messages", args=[shopify.pk]),
        body,
        content_type="application/json",
        headers={"X-Signature": signing.as_hex(body, SECRET)},
    )
    assert answer.status_code == 401


def test_both_secrets_count_until_the_old_one_is_dropped(client, shopify):
    shopify.roll_secret("a newer secret")
    for secret in (SECRET, "a newer secret"):
        assert post(client, shopify, order(), secret=secret).status_code == 200
    shopify.drop_old_secret()
    assert post(client, shopify, order(), secret=SECRET).status_code == 401
    assert post(client, shopify, order(), secret="a newer secret").status_code == 200


def test_no_empty_secret_lets_anybody_in(client, shopify):
    assert post(client, shopify, order(), secret="").status_code == 401


def test_an_unknown_feed_is_not_found(client, shopify):
    answer = client.post("/sales/feeds/99999/", b"{}", content_type="application/json")
    assert status(answer) == (404, "There is no such feed.")


def test_a_stopped_feed_takes_nothing_in(client, shopify):
    shopify.switch(on=False)
    assert status(post(client, shopify, order())) == (
        410,
        "This feed has been stopped.",
    )


def test_more_than_a_megabyte_is_too_large(client, shopify):
    body = b" " * (MOST_BYTES + 1)
    assert status(post(client, shopify, body))[0] == 413
    assert status(post(client, shopify, b"{}" + b" " * (MOST_BYTES - 2)))[0] == 400


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "The body is not JSON: "),
        (b"name=Ada", "The body is not JSON: "),
        (b"\xff\xfe\x00", "The body is not JSON: "),
        (DEEP, "The body is not JSON: "),
        (b"[]", "The body is JSON, but not an object."),
        (b'"text"', "The body is JSON, but not an object."),
        (b"{}", "This is neither an order nor a refund: "),
        (b'{"line_items": []}', "id is missing."),
        (b'{"id": 1, "line_items": [1]}', "line_items is not a list of objects."),
        (b'{"id": 1, "line_items": [{"price": "x", "quantity": 1}]}', "line_items: "),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(client, shopify, body, reason):
    code, problem = status(post(client, shopify, body))
    assert code == 400
    assert problem.startswith(reason)
    assert FeedMessage.objects.get().problem.startswith(reason)
    assert not Job.objects.filter(kind=JOB_KIND).exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"order": None}, "order is missing."),
        ({"updated_at": "yesterday"}, "updated_at “yesterday” is no time"),
        ({"updated_at": "2026-09-03T08:14:00"}, "updated_at “2026-09-03T08:14:00” is"),
        ({"sold_at": ""}, "sold_at is missing."),
        ({"lines": [{"quantity": 1}]}, "lines: sku or name is missing."),
        ({"lines": [{"sku": "A"}]}, "lines: quantity is missing."),
        ({"lines": []}, "The order has neither lines nor returns."),
        ({"lines": "A"}, "lines is not a list of objects."),
        ({"returns": [{"sku": "A", "quantity": 1}]}, "returns: id is missing."),
    ],
)
def test_own_json_is_told_which_field_is_wrong(client, own, change, reason):
    code, problem = status(post(client, own, generic() | change))
    assert code == 400
    assert problem.startswith(reason)


def test_letters_that_no_database_holds_are_replaced(client, own):
    body = b'{"order": "R\\u0000-1", "updated_at": "2026-09-03T08:14:00Z", "sold_at": '
    body += b'"2026-09-03T08:14:00Z", "lines": [{"sku": "A\\ud800", "quantity": 1}]}'
    assert post(client, own, body).status_code == 200
    read(own)
    assert lines()[0][:3] == ("R-1", "sale", "A\ufffd")


def test_a_test_notification_sells_nothing(client, shopify, own):
    for feed, body in ((shopify, order(test=True)), (own, generic(test=True))):
        send(client, feed, body)
    assert lines() == []
    assert [message.state for message in FeedMessage.objects.all()] == ["test"] * 2


def test_get_is_not_allowed(client, shopify):
    assert client.get(reverse("feed_messages", args=[shopify.pk])).status_code == 405


def test_the_answer_takes_at_most_four_queries(client, shopify):
    counts = []
    for number in range(20):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            post(client, shopify, order(1000 + number))
        counts.append(
            sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)
        )
    assert max(counts) <= 4
    assert sorted(counts)[10] == 2


def test_one_job_per_feed_and_minute(client, shopify, time_machine):
    time_machine.move_to("2026-11-24T10:00:10Z", tick=False)
    for number in range(3):
        post(client, shopify, order(1000 + number))
    assert Job.objects.filter(kind=JOB_KIND).count() == 1
    time_machine.move_to("2026-11-24T10:01:10Z", tick=False)
    post(client, shopify, order(1009))
    assert Job.objects.filter(kind=JOB_KIND).count() == 2


def test_the_tick_finds_what_no_job_will_read(client, shopify):
    post(client, shopify, order())
    Job.objects.filter(kind=JOB_KIND).delete()
    watching.read_waiting()
    watching.read_waiting()
    assert Job.objects.get(kind=JOB_KIND).arguments == {"feed": shopify.pk}


def everything():
    """All rows of all tables, as one text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608
            found += [f"{table}: {text}" for (text,) in cursor.fetchall()]
    return "\n".join(found)


def test_no_customer_reaches_the_database_or_the_log(client, shopify, harbour, caplog):
    caplog.set_level(logging.DEBUG)
    own = new_feed(harbour, "generic", name="Till")
    customer = {"customer": "Ada Canary", "email": "ada.canary@example.com"}
    line = {
        "sku": "FERN-1",
        "quantity": 1,
        "engraving": "Ada Canary",
        "card": "4242424242424242",
    }
    send(client, shopify, order(), refund(), order(1002, item(note="Ada Canary")))
    send(client, own, generic("R-1", line, **customer))
    post(client, shopify, b'{"email": "ada.canary@example.com"}')
    post(client, own, {"order": "R-9", "customer": "Ada Canary", "lines": []})
    assert len(lines()) == 4
    kept = (everything() + caplog.text).lower()
    assert "fern-1" in kept
    assert [mark for mark in CANARIES if mark in kept] == []
