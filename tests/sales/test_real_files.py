"""Real exports beside the project: make test-data, folder by BACKOFFICE_TEST_DATA."""

import os
from pathlib import Path

import pytest

from inventory.models import SaleLine
from tests.sales.files import import_all, run, state

pytestmark = [pytest.mark.data, pytest.mark.django_db]


@pytest.fixture
def pos(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return Path(os.environ["BACKOFFICE_TEST_DATA"]) / "pos"


def test_a_month_of_a_cafe_comes_in_once_and_again_after_undo(pos):
    file = pos / "item_sales_may.csv"
    first = import_all(file, location="Cafe")
    assert (first["read"], first["new"]) == (223, 223)
    assert SaleLine.objects.filter(kind="sale").count() == 222
    assert SaleLine.objects.filter(kind="return").count() == 1
    clean = state()
    assert import_all(file, location="Cafe")["duplicate"] == 223
    assert run("undo_import", first["import_ids"][0]) == {"undone": 223}
    assert import_all(file, location="Cafe")["new"] == 223
    assert state() == clean


def test_exports_that_follow_each_other_share_no_line(pos):
    for name, rows in (
        ("items-2026-06-01-2026-06-12.csv", 210),
        ("items-2026-06-12-2026-06-17.csv", 366),
    ):
        summary = import_all(pos / name)
        assert (summary["read"], summary["new"]) == (rows, rows)
