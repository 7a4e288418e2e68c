"""Each sample comes in with every row counted, and a second time adds nothing."""

import pytest

from inventory.models import SaleLine
from sales.models import DailySales
from tests.sales.files import import_all, run, state
from tests.sales.formats.golden import ANSWERS, EVERY

NO_PRODUCTS = {"POSTAGE"}


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def facts(sample):
    """Rows that become a sale line: no note, no void order, no postage."""
    return [
        row
        for row in sample.expected
        if "cause" not in row
        and not row.get("is_void")
        and row["item"] not in NO_PRODUCTS
    ]


def answers(sample):
    """The location only where the file names none: theirs are not to be changed."""
    names = "location" in sample.detected().columns
    has_place = any(row.get("location") for row in sample.expected)
    kept = {} if names and has_place else {"location": ANSWERS["location"]}
    return kept | {"date": ANSWERS["date"]}


@pytest.mark.django_db
@pytest.mark.parametrize("sample", EVERY, ids=lambda sample: sample.file)
def test_a_sample_is_imported_once(sample):
    rows, sold = len(sample.expected), len(facts(sample))
    first = import_all(sample.path, **answers(sample))
    assert (first["read"], first["new"], first["ignored"]) == (rows, sold, rows - sold)
    assert SaleLine.objects.current().count() == sold
    assert DailySales.objects.exists()
    before = state()
    again = import_all(sample.path, **answers(sample))
    assert (again["new"], again["duplicate"]) == (0, sold)
    assert state() == before
    assert run("undo_import", first["import_ids"][0])["undone"] == sold
    assert not SaleLine.objects.current().exists()
