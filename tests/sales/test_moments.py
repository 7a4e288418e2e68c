"""When a line was sold and on which business day, by zone, offset and close of day."""

import datetime as dt

import pytest
import time_machine

from imports.values import RowProblem
from inventory import places
from inventory.models import Location
from sales.formats.rows import SaleRow
from sales.sale_rows import FIELDS, UNNAMED, Places, ReceiptParser

pytestmark = pytest.mark.django_db
NAMES = ["key", "held_key", *FIELDS]


class Given:
    """A reader that hands on the row it is given."""

    def __init__(self, row):
        self.row = row

    def read(self, cells):
        return self.row


@pytest.fixture
def bar(db):
    bar = Location(name="Bar", time_zone="America/New_York")
    return places.settle(bar, day_ends_at=dt.time(2))


def parsed(date, clock="", *, location="Bar", zone="", offset="", **more):
    row = SaleRow(
        receipt=more.pop("receipt", "R1"),
        sku="A",
        item="Ale",
        variation="",
        category="",
        location=location,
        date=date,
        clock=clock,
        zone=zone,
        kind="sale",
        quantity="1",
        net_amount="4.00",
        gross_amount="4.00",
        offset=offset,
    )
    fields = "\t".join(ReceiptParser(Given(row), Places("")).parse(["a"]))
    found = dict(zip(NAMES, fields.split("\t"), strict=True))
    moment = dt.datetime.fromisoformat(found["sold_at"]).astimezone(dt.UTC)
    return moment, found["business_date"], found["warning"], found["key"]


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_a_clock_is_the_location_s_own(bar):
    assert parsed("2026-05-30", "13:03:14")[:3] == (
        utc(2026, 5, 30, 17, 3, 14),
        "2026-05-30",
        "",
    )
    assert parsed("2025-12-30", "13:00:00")[0] == utc(2025, 12, 30, 18)


def test_without_a_time_a_line_stands_at_noon(bar):
    assert parsed("2026-05-30")[0] == utc(2026, 5, 30, 16)


def test_until_the_close_it_is_still_the_day_before(bar):
    assert parsed("2026-05-30", "01:59:59")[1] == "2026-05-29"
    assert parsed("2026-05-30", "02:00:00")[1] == "2026-05-30"


def test_an_offset_keeps_the_day_that_the_clock_showed(bar):
    moment, day, *_ = parsed("2026-05-30", "23:30:00", offset="+09:00")
    assert (moment, day) == (utc(2026, 5, 30, 14, 30), "2026-05-30")
    assert parsed("2026-05-30", "01:30:00", offset="+09:00")[1] == "2026-05-29"


def test_universal_time_is_turned_into_the_location_s_day(bar):
    moment, day, *_ = parsed("2026-05-30", "03:30:00", zone="UTC")
    assert (moment, day) == (utc(2026, 5, 30, 3, 30), "2026-05-29")


def test_fault_17_an_hour_that_was_skipped_is_refused(bar):
    with pytest.raises(RowProblem) as problem:
        parsed("2026-03-08", "02:30:00")
    assert problem.value.cause == "time_skipped"
    assert parsed("2026-03-08", "03:00:00")[0] == utc(2026, 3, 8, 7)


def test_fault_17_an_hour_that_came_twice_is_the_first_and_told(bar):
    assert parsed("2026-11-01", "01:30:00")[:3] == (
        utc(2026, 11, 1, 5, 30),
        "2026-10-31",
        "time_repeated",
    )
    assert parsed("2026-11-01", "03:30:00")[2] == ""


@time_machine.travel("2026-06-01 12:00:00Z", tick=False)
def test_fault_18_the_future_is_refused_and_a_long_past_told(bar):
    assert parsed("2026-06-02", "10:00:00")[2] == ""
    with pytest.raises(RowProblem) as problem:
        parsed("2026-06-03", "10:00:00")
    assert problem.value.cause == "date_in_the_future"
    assert parsed("2016-05-01", "10:00:00")[2] == "sold_long_ago"
    assert parsed("2016-07-01", "10:00:00")[2] == ""
    with pytest.raises(RowProblem) as problem:
        parsed("1989-12-31", "10:00:00")
    assert problem.value.cause == "date_too_old"


def test_without_a_receipt_moment_and_location_stand_for_it(bar):
    first = parsed("2026-05-30", "13:00:00", receipt="")[3]
    assert first == parsed("2026-05-30", "13:00:00", receipt="")[3]
    assert first != parsed("2026-05-30", "13:00:01", receipt="")[3]
    assert first != parsed("2026-05-30", "13:00:00", receipt="", location="Inn")[3]


def test_a_row_without_a_location_is_of_the_only_one(bar):
    assert parsed("2026-05-30", "01:00:00", location="")[1] == "2026-05-29"


def test_a_row_without_a_location_waits_for_a_person_who_says_it(bar):
    Location.objects.create(name="Inn", time_zone="Asia/Tokyo")
    assert parsed("2026-05-30", "12:00:00", location="")[0] == utc(2026, 5, 30, 12)
    assert Places("").name("") == UNNAMED
    assert Places("", {UNNAMED: "Inn"}).name("") == "Inn"
    assert Places("Bar").name("") == "Bar"


def test_a_zone_that_nobody_knows_is_told(bar):
    with pytest.raises(RowProblem) as problem:
        parsed("2026-05-30", "10:00:00", zone="Middle Earth")
    assert problem.value.cause == "time_zone_unknown"
