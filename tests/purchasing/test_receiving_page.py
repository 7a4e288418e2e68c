"""Booking a delivery on a phone: every doubt is asked, nothing is assumed."""

import re

import pytest
from django.urls import reverse

from purchasing.receiving import Arrival, receive
from tests.purchasing.conftest import line_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_of(as_manager):
    def get(order):
        return as_manager.get(reverse("receiving", args=[order.pk]))

    return get


@pytest.fixture
def book(as_manager):
    def post(order, key="form 1", **typed):
        url = reverse("receiving", args=[order.pk])
        return as_manager.post(url, {"key": key, **typed})

    return post


def came(line, quantity):
    return {f"came-{line.pk}": str(quantity)}


def test_nothing_is_filled_in_advance(sent, page_of):
    html = page_of(sent).content.decode()
    assert re.findall(r'name="came-\d+" value="([^"]*)"', html) == ["", ""]
    assert "0 of 2 lines checked" in text_of(page_of(sent))


def test_each_page_has_a_key_of_its_own(sent, page_of):
    keys = {
        re.search(r'name="key" value="(\w+)"', page_of(sent).content.decode())[1]
        for _ in range(2)
    }
    assert len(keys) == 2


def test_a_scanner_finds_a_line_by_any_of_its_codes(sent, oats, page_of):
    oats.barcode = "8712345678906"
    oats.save()
    html = page_of(sent).content.decode()
    assert 'data-codes="8712345678906|GR-1050|N-50"' in html


def test_as_ordered_is_booked(sent, steady, oats, book):
    lines = line_of(sent, steady), line_of(sent, oats)
    answer = book(sent, **came(lines[0], 60), **came(lines[1], 24))
    assert answer.status_code == 302
    sent.refresh_from_db()
    assert sent.state == "received"


def test_an_empty_line_stays_on_order(sent, steady, oats, book):
    book(sent, **came(line_of(sent, steady), 60), **came(line_of(sent, oats), ""))
    sent.refresh_from_db()
    assert sent.state == "partly_received"
    assert line_of(sent, oats).open_quantity == 24


def test_the_same_form_sent_twice_books_once(sent, steady, book):
    typed = came(line_of(sent, steady), 30)
    assert book(sent, **typed).status_code == book(sent, **typed).status_code == 302
    assert sent.receipts.count() == 1


def test_what_is_missing_is_closed_on_request(sent, steady, book):
    line = line_of(sent, steady)
    book(sent, **came(line, 54), **{f"missing-{line.pk}": "close"})
    assert line_of(sent, steady).closed_quantity == 6


def test_case_40_too_many_without_an_answer_books_nothing(sent, steady, book):
    line = line_of(sent, steady)
    answer = book(sent, **came(line, 66))
    assert answer.status_code == 422
    assert "Keep 6 more than ordered?" in text_of(answer)
    assert 'value="66"' in answer.content.decode()
    assert not sent.receipts.exists()


@pytest.mark.parametrize(("choice", "booked"), [("keep", 66), ("return", 60)])
def test_case_40_too_many_are_kept_or_returned(sent, steady, book, choice, booked):
    line = line_of(sent, steady)
    book(sent, **came(line, 66), **{f"over-{line.pk}": choice})
    assert line_of(sent, steady).received_quantity == booked


@pytest.mark.parametrize("typed", ["-5", "NaN", "1.5", "1e9", "ten"])
def test_what_is_no_quantity_is_asked_again(sent, steady, book, typed):
    answer = book(sent, **came(line_of(sent, steady), typed))
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()


def test_case_40_nothing_came_is_refused(sent, steady, book):
    assert book(sent, **came(line_of(sent, steady), 0)).status_code == 422


def test_case_39_who_comes_second_learns_who_was_first(
    sent, steady, oats, book, people
):
    lines = [Arrival(line_of(sent, steady).pk, 60), Arrival(line_of(sent, oats).pk, 24)]
    receive(sent, lines=lines, by=people.buyer, key="other")
    answer = book(sent, **came(line_of(sent, steady), 60))
    assert answer.status_code in (409, 422)
    assert sent.receipts.count() == 1


def test_a_line_is_checked_while_typing(sent, steady, as_manager):
    line = line_of(sent, steady)
    url = reverse("receiving_check", args=[sent.pk])
    data = {"line": line.pk, **came(line, 54)}
    answer = as_manager.post(url, data, headers={"HX-Request": "true"})
    said = text_of(answer)
    assert "6 missing" in said
    assert "1 of 2 lines checked" in said
    assert "54 of 84 units" in said
    assert "Book 1 line" in said
    assert not sent.receipts.exists()


def test_what_is_not_on_its_way_is_not_received(approved, page_of):
    assert page_of(approved)["Location"] == approved.get_absolute_url()


def test_a_viewer_receives_nothing(sent, client, people):
    client.force_login(people.viewer)
    assert client.get(reverse("receiving", args=[sent.pk])).status_code == 403


def test_a_foreign_order_is_not_received(sent, client, people):
    client.force_login(people.outsider)
    assert client.get(reverse("receiving", args=[sent.pk])).status_code == 404
