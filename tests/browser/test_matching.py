"""Unknown items and twins in a browser: found while one types, settled by clicks."""

from pathlib import Path

import pytest
from django.urls import reverse

from imports import importing
from imports.kinds import kinds_of
from imports.uploading import receive_path
from inventory.models import Product, ProductAlias, ProductMerge
from jobs.models import Job
from jobs.running import execute
from tests.sales.files import DAILY_HEADER, daily, write

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = (
    {"viewport": {"width": 1440, "height": 900}},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
)


@pytest.fixture(params=SCREENS, ids=["desk", "phone"])
def visitor(request, visit, people):
    visitor = visit(**request.param)
    visitor.sign_in("admin@example.com")
    return visitor


@pytest.fixture
def imported(tmp_path, settings, steady, lumpy):
    settings.MEDIA_ROOT = tmp_path / "media"
    rows = [daily("2026-06-02", sku, 2) for sku in ("gr-1042", "PLATE", "NEW-1")]
    path = Path(write(tmp_path / "days.csv", DAILY_HEADER, rows))
    found = receive_path(path, kinds=kinds_of(), options={})
    importing.check(found, lambda *_: None)
    return found


def work():
    for job in Job.objects.filter(state=Job.State.WAITING):
        execute(job.pk)


def test_items_are_matched_and_checked_again(visitor, imported, steady, lumpy):
    page = visitor.page
    visitor.open(reverse("import_check", args=[imported.pk]))
    page.click("text=Match to products")
    visitor.check()
    assert visitor.overflow() == 0
    field = page.get_by_label("Another product for PLATE")
    field.press_sequentially("dinner")
    page.wait_for_selector("datalist option[value='HW-2031']", state="attached")
    field.fill("HW-2031")
    page.get_by_label("What NEW-1 is").select_option(label="A new product")
    page.click("text=Save and check again")
    page.wait_for_url(f"**{reverse('import_check', args=[imported.pk])}")
    work()
    imported.refresh_from_db()
    assert imported.rows_new == 3
    known = dict(ProductAlias.objects.values_list("identity", "product"))
    assert known == {"gr-1042": steady.pk, "PLATE": lumpy.pk}
    visitor.open(reverse("product_matching", args=[imported.pk]))
    visitor.check()


def test_twins_are_merged_and_separated(visitor, steady):
    Product.objects.create(sku="OAT-2", name="OAT DRINK, Barista 1 L")
    page = visitor.page
    visitor.open(reverse("product_list"))
    page.click("text=Same item twice?")
    visitor.check()
    assert visitor.overflow() == 0
    page.get_by_label("Keep GR-1042, and let OAT-2 count as it").click()
    page.wait_for_selector("text=OAT-2 now counts as")
    visitor.check()
    assert ProductMerge.objects.get().into == steady
    page.get_by_label("Separate OAT-2").click()
    page.wait_for_selector("text=is a product of its own again")
    visitor.check()
    assert not Product.objects.exclude(merged_into=None).exists()
