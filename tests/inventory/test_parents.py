"""Facts point to rows that are there, though no foreign key looks at each of them."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from imports.models import Import
from inventory.models import Location, Product, SaleLine, SalesSource
from sales.models import DailySales

NOBODY = 987_654


@pytest.fixture
def tea(db):
    return Product.objects.create(sku="TEA", name="Tea")


@pytest.fixture
def parents(tea, old_town):
    return {
        "source": SalesSource.objects.create(name="Till", kind="sales_lines"),
        "product": tea,
        "location": old_town,
        "import_file": Import.objects.create(file_name="a.csv", size=1),
    }


def line(parents, key=b"1", **fields):
    return SaleLine(
        key=key.ljust(16),
        sold_at=timezone.now(),
        business_date=dt.date(2026, 5, 1),
        quantity=1,
        stock_change=-1,
        **parents | fields,
    )


def without(parents, name):
    return {k: v for k, v in parents.items() if k != name} | {f"{name}_id": NOBODY}


@pytest.mark.parametrize("name", ["source", "product", "location", "import_file"])
def test_a_line_that_names_no_parent_is_refused_with_its_neighbours(parents, name):
    lines = [line(parents), line(without(parents, name), key=b"2")]
    with pytest.raises(IntegrityError, match=f"no .* {NOBODY}"), transaction.atomic():
        SaleLine.objects.bulk_create(lines)
    assert not SaleLine.objects.exists()


def test_a_line_made_by_hand_names_no_import(parents):
    line(parents | {"import_file": None}).save()
    assert SaleLine.objects.count() == 1


@pytest.mark.parametrize("name", ["source", "product", "location", "import_file"])
def test_a_parent_stays_while_a_line_names_it(parents, name):
    parent = parents[name]
    line(parents).save()
    with pytest.raises(IntegrityError, match="stands in"), transaction.atomic():
        delete_row(parent)
    assert type(parent).objects.filter(pk=parent.pk).exists()


@pytest.mark.parametrize("name", ["product", "location"])
def test_a_parent_stays_while_daily_sales_name_it(parents, name):
    pair = {"product": parents["product"], "location": parents["location"]}
    day = {"business_date": dt.date(2026, 5, 1), "sold": 1}
    DailySales.objects.create(**pair, **day)
    with pytest.raises(IntegrityError, match="stands in"), transaction.atomic():
        delete_row(pair[name])
    with pytest.raises(IntegrityError, match=f"no .* {NOBODY}"), transaction.atomic():
        DailySales.objects.create(**without(pair, name), **day)


def test_a_parent_that_nothing_names_can_go(parents):
    for parent in parents.values():
        delete_row(parent)
    assert not Product.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_parent_cannot_go_while_its_first_line_is_being_written(parents):
    """The line is not committed yet: the delete waits for it, and is refused."""
    refused = []

    def delete():
        try:
            delete_row(parents["product"])
        except IntegrityError:
            refused.append(True)
        finally:
            connection.close()

    beside = threading.Thread(target=delete)
    with transaction.atomic():
        line(parents).save()
        beside.start()
        beside.join(timeout=0.5)
        assert beside.is_alive()
    beside.join()
    assert refused == [True]
    assert SaleLine.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_line_waits_for_a_delete_of_its_parent_and_is_refused(parents):
    refused = []

    def write():
        try:
            line(parents).save()
        except IntegrityError:
            refused.append(True)
        finally:
            connection.close()

    beside = threading.Thread(target=write)
    with transaction.atomic():
        delete_row(parents["product"])
        beside.start()
        beside.join(timeout=0.5)
        assert beside.is_alive()
    beside.join()
    assert refused == [True]
    assert Location.objects.filter(pk=parents["location"].pk).exists()


def delete_row(row):
    """Past Django's own protection, as another program would."""
    type(row).objects.filter(pk=row.pk)._raw_delete("default")
