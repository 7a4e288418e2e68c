"""Files that go out by the page: what this person may see, and nothing else."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest

from inventory.ledger import record_count


@pytest.fixture
def counted(steady, old_town, harbour):
    for place in (old_town, harbour):
        record_count(
            steady,
            location=place,
            counted_quantity=Decimal(8),
            counted_at="2026-05-01T08:00Z",
            key=place.name,
        )


def rows(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_a_manager_gets_the_stock_of_the_own_location(client, people, counted):
    client.force_login(people.manager)
    response = client.get("/exports/stock.csv")
    assert [row[0] for row in rows(response)[1:]] == ["Old Town"]
    assert response["X-Content-Type-Options"] == "nosniff"
    client.force_login(people.admin)
    assert len(rows(client.get("/exports/stock.csv"))) == 3


def test_a_workbook_goes_out_under_the_name_of_its_day(client, people, steady):
    client.force_login(people.viewer)
    response = client.get("/exports/products.xlsx")
    assert "products-" in response["Content-Disposition"]
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert book.active["A2"].value == "GR-1042"


@pytest.mark.parametrize("path", ["/exports/people.csv", "/exports/products.pdf"])
def test_what_is_not_exported_is_not_found(client, people, path):
    client.force_login(people.admin)
    assert client.get(path).status_code == 404
