"""The page where unknown items are matched: what it offers, and what it remembers."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from imports.answering import begin_check
from imports.kinds import kinds_of
from imports.models import Import
from imports.uploading import receive_path
from inventory.models import Product, ProductAlias
from jobs.models import Job
from jobs.running import execute
from sales.models import IgnoredIdentity
from tests.sales.files import DAILY_HEADER, daily, write

pytestmark = pytest.mark.django_db

ROWS = (
    daily("2026-06-02", "gr-1042", 3),
    daily("2026-06-03", "gr-1042", 4),
    daily("2026-06-02", "NEW-1", 2),
    daily("2026-06-02", "PLATE", 1),
    daily("2026-06-02", "HW-2031", 1),
)


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def admin(client, people):
    client.force_login(people.admin)
    return client


def work():
    """Do what the worker would do."""
    for job in Job.objects.filter(state=Job.State.WAITING):
        execute(job.pk)
        job.refresh_from_db()
        assert job.state in (Job.State.DONE, Job.State.CANCELLED), job.error


@pytest.fixture
def imported(people, tmp_path, steady, lumpy):
    return upload(people.admin, tmp_path, ROWS)


def upload(person, folder, rows, header=DAILY_HEADER):
    path = Path(write(folder / "file.csv", header, rows))
    found = receive_path(path, kinds=kinds_of(), options={}, profile="")
    begin_check(found, by=person)
    work()
    found.refresh_from_db()
    assert found.state == Import.State.CHECKED
    return found


def address(imported):
    return reverse("product_matching", args=[imported.pk])


def fields_of(page, **chosen):
    """What a browser would send: item by item, with some chosen otherwise."""
    sent = {}
    for prefix, identity in re.findall(
        r'name="(item-\d+)-identity" value="([^"]*)"', page.text
    ):
        choice, other = chosen.get(identity.replace("-", "_"), ("", ""))
        sent |= {
            f"{prefix}-identity": identity,
            f"{prefix}-choice": choice,
            f"{prefix}-other": other,
        }
    return sent


def test_unknown_items_are_listed_with_what_they_may_be(admin, imported, steady):
    page = admin.get(address(imported))
    assert "3 items that no product goes by" in page.text
    assert "The same but for case or blanks" in page.text
    assert f'<option value="{steady.pk}" selected>' in page.text
    assert "Accept 1 suggestion" in page.text
    assert "Lumpy" not in page.text


def test_the_check_leads_here(admin, imported):
    assert (
        address(imported) in admin.get(reverse("import_check", args=[imported.pk])).text
    )


def test_all_suggestions_are_accepted_in_one_click(admin, imported, steady):
    response = admin.post(address(imported), {"accept": "sure"})
    assert response.url == reverse("import_check", args=[imported.pk])
    alias = ProductAlias.objects.get()
    assert (alias.identity, alias.product) == ("gr-1042", steady)
    assert alias.source.name == imported.profile
    work()
    imported.refresh_from_db()
    assert (imported.rows_new, imported.rows_parked) == (3, 2)


def test_each_item_is_decided_and_remembered(admin, imported, steady, lumpy):
    sent = fields_of(
        admin.get(address(imported)),
        gr_1042=(str(steady.pk), ""),
        NEW_1=("create", ""),
        PLATE=("", "HW-2031"),
    )
    response = admin.post(address(imported), sent | {"save": "check"})
    assert response.url == reverse("import_check", args=[imported.pk])
    work()
    imported.refresh_from_db()
    assert (imported.rows_new, imported.rows_parked) == (5, 0)
    assert "Every item of this file is matched" in admin.get(address(imported)).text
    admin.post(reverse("import_progress", args=[imported.pk]))
    work()
    imported.refresh_from_db()
    assert imported.rows_new == 5
    assert set(Product.objects.values_list("sku", flat=True)) == {
        "GR-1042",
        "HW-2031",
        "NEW-1",
    }
    assert lumpy.daily_sales.get().sold == 2


def test_what_is_left_out_is_left_out_of_later_files(admin, people, imported, tmp_path):
    sent = fields_of(admin.get(address(imported)), PLATE=("leave_out", ""))
    admin.post(address(imported), sent | {"save": "next"})
    work()
    assert IgnoredIdentity.objects.get().identity == "PLATE"
    imported.refresh_from_db()
    assert (imported.rows_ignored, imported.rows_parked) == (1, 3)
    again = upload(people.admin, tmp_path, [daily("2026-06-09", "PLATE", 1)])
    assert again.rows_ignored == 1


def test_undecided_items_wait_with_their_rows(admin, imported):
    sent = fields_of(admin.get(address(imported)))
    admin.post(address(imported), sent | {"save": "check"})
    work()
    imported.refresh_from_db()
    assert imported.rows_parked == 4


def test_an_unknown_product_is_told_at_its_field(admin, imported):
    sent = fields_of(admin.get(address(imported)), PLATE=("", "No such thing"))
    response = admin.post(address(imported), sent | {"save": "check"})
    assert response.status_code == 422
    assert "No product goes by “No such thing”" in response.text
    assert not ProductAlias.objects.exists()


def test_a_name_of_two_products_asks_for_the_sku(admin, imported):
    for sku in ("P1", "P2"):
        Product.objects.create(sku=sku, name="Plate")
    sent = fields_of(admin.get(address(imported)), PLATE=("", "plate"))
    response = admin.post(address(imported), sent | {"save": "check"})
    assert response.status_code == 422
    assert "Several products go by “plate”" in response.text


def test_items_to_be_created_can_be_decided_anew(admin, imported):
    sent = fields_of(admin.get(address(imported)), NEW_1=("create", ""))
    admin.post(address(imported), sent | {"save": "next"})
    page = admin.get(address(imported))
    assert "1 item becomes a new product" in page.text
    admin.post(address(imported), {"create_none": "1"})
    assert "3 items that no product goes by" in admin.get(address(imported)).text


def test_an_item_known_meanwhile_takes_no_other_ones_decision(admin, imported, steady):
    sent = fields_of(
        admin.get(address(imported)), NEW_1=("create", ""), PLATE=("leave_out", "")
    )
    ProductAlias.objects.create(identity="gr-1042", product=steady)
    admin.post(address(imported), sent | {"save": "check"})
    imported.refresh_from_db()
    assert imported.options["create_identities"] == ["NEW-1"]
    assert IgnoredIdentity.objects.get().identity == "PLATE"


def test_counts_are_matched_for_all_sources(admin, people, old_town, steady, tmp_path):
    header = ["location", "sku", "counted quantity"]
    imported = upload(people.admin, tmp_path, [["Old Town", "gr-1042", "7"]], header)
    page = admin.get(address(imported))
    assert "A new product" not in page.text
    admin.post(address(imported), {"accept": "sure"})
    work()
    imported.refresh_from_db()
    assert imported.rows_new == 1
    assert ProductAlias.objects.get().source is None


def test_a_finished_import_leads_to_its_result(admin, imported):
    admin.post(reverse("import_progress", args=[imported.pk]))
    work()
    response = admin.get(address(imported))
    assert response.url == reverse("import_result", args=[imported.pk])


def test_products_to_choose_from_are_found_by_name_and_sku(admin, steady, lumpy):
    found = admin.get(reverse("product_choices"), {"item-3-other": "oat"}).text
    assert "GR-1042" in found
    assert "HW-2031" not in found
    assert "<option" not in admin.get(reverse("product_choices")).text
