from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from imports.models import Import
from inventory.ledger import reconcile
from inventory.models import Location, Product
from jit_backoffice.demo import loading
from jit_backoffice.first_start import DEMO_KEY, DEMO_KIND
from jobs.running import Hopeless, run_now
from purchasing.models import PurchaseOrder

ARGUMENTS = {
    "last_day": "2026-11-22",
    "size": {"items": 24, "days": 90, "receipt_days": 7, "ledger_days": 30},
}
State = PurchaseOrder.State


def load():
    return run_now(DEMO_KIND, key=DEMO_KEY, arguments=ARGUMENTS)


@pytest.mark.parametrize("stopped_at", ["Reading the stock", "Writing the orders"])
@pytest.mark.django_db
def test_a_load_that_was_killed_ends_in_the_same_shop(
    stopped_at, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    said = loading.Report.__call__

    def stop_half_way(report, done, total, note=""):
        if report.note.startswith(stopped_at) and done * 2 >= total:
            raise KeyboardInterrupt
        said(report, done, total, note)

    monkeypatch.setattr(loading.Report, "__call__", stop_half_way)
    with pytest.raises(KeyboardInterrupt):
        load()
    monkeypatch.setattr(loading.Report, "__call__", said)
    load()
    assert reconcile() == []
    states = set(PurchaseOrder.objects.values_list("state", flat=True))
    assert states == set(State.values)
    assert not Import.objects.exclude(state=Import.State.DONE).exists()


@pytest.mark.django_db
def test_a_shop_with_real_data_is_left_alone():
    Product.objects.create(sku="MINE-1", name="My own product")
    with pytest.raises(CommandError, match="real data"):
        call_command("demo_shop")
    with pytest.raises(Hopeless, match="real data"):
        load()
    assert Product.objects.count() == 1
    assert not Location.objects.real().exists()


@pytest.mark.django_db
def test_a_date_that_cannot_be_read_is_said():
    with pytest.raises(CommandError, match="is not a date"):
        call_command("demo_shop", "--last-day", "yesterday", stdout=StringIO())
