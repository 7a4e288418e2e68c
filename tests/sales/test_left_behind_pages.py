"""Pages of what imports left behind: unpaired cancellations and items left out."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from imports.models import Import
from sales.models import IgnoredIdentity
from tests.sales.files import INVOICE_HEADER, import_all, invoice, write


@pytest.fixture
def imported(tmp_path, people):
    """One cancellation with its sale, and one without."""
    rows = [
        invoice("1", 6, "01 20:00"),
        invoice("C2", -6, "02 09:00"),
        invoice("C3", -6, "02 10:00", name="=CAKESTAND"),
    ]
    path = write(tmp_path / "invoices.csv", INVOICE_HEADER, rows)
    pk = import_all(path, location="Old Town")["import_ids"][0]
    return Import.objects.get(pk=pk)


@pytest.fixture
def admin(client, people):
    client.force_login(people.admin)
    return client


def test_unpaired_cancellations_are_listed(admin, imported):
    page = admin.get(reverse("unpaired_cancellations", args=[imported.pk]))
    assert [line.receipt for line in page.context["page"]] == ["C3"]
    assert "10:00" in page.text


def test_the_result_is_told_of_them_in_a_part(admin, imported):
    url = reverse("unpaired_cancellations", args=[imported.pk])
    part = admin.get(url, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "without their sale: 1" in part.text


def test_the_result_of_an_import_asks_for_that_part(admin, imported):
    page = admin.get(reverse("import_result", args=[imported.pk]))
    url = reverse("unpaired_cancellations", args=[imported.pk])
    assert f'hx-get="{url}"' in page.text


def test_an_import_without_any_tells_nothing(admin, imported):
    other = Import.objects.create(
        kind="daily_totals", file_name="a.csv", sha256="0", size=1
    )
    url = reverse("unpaired_cancellations", args=[other.pk])
    assert admin.get(url, headers={"HX-Request": "true"}).text.strip() == ""
    assert "has found its sale" in admin.get(url).text


def test_they_can_be_taken_along_as_a_file(admin, imported):
    answer = admin.get(reverse("unpaired_cancellations_export", args=[imported.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text))
    assert (row["receipt"], row["quantity"], row["net"]) == ("C3", "-6", "-12.00")
    assert row["date"] == "2011-03-02"


def test_an_item_left_out_can_be_taken_in_again(admin, db):
    item = IgnoredIdentity.objects.create(identity="Old mug")
    assert "Old mug" in admin.get(reverse("left_out_list")).text
    answer = admin.post(reverse("left_out_removal", args=[item.pk]), follow=True)
    assert "no longer left out" in answer.text
    assert not IgnoredIdentity.objects.exists()
