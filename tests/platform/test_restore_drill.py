"""A dump is worth something only if it can be restored (P11)."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inventory.models import StockLevel
from jit_backoffice import restoring
from jit_backoffice.restoring import Content, compare

pytestmark = pytest.mark.django_db(transaction=True)


def drill():
    said = StringIO()
    call_command("restore_drill", "--json", stdout=said)
    return json.loads(said.getvalue().splitlines()[-1])


def databases():
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE '%drill%'")
        return cursor.fetchall()


def test_restored_database_is_the_same_and_dropped_again(people, steady, lumpy):
    told = drill()
    assert told["differences"] == []
    assert told["tables"] > 30
    assert told["rows"] > 10
    assert databases() == []


def test_stock_that_differs_from_the_facts_is_told(old_town, steady):
    StockLevel.objects.create(
        product=steady,
        location=old_town,
        on_hand=5,
        anchor_at="2026-11-01T00:00:00Z",
    )
    with pytest.raises(CommandError, match="not the same"):
        drill()
    assert databases() == []


def test_lost_row_and_changed_row_are_told():
    before = {"a": Content(2, 10), "b": Content(1, 7), "c": Content(3, 1)}
    after = {"a": Content(1, 4), "b": Content(1, 8), "c": Content(3, 1)}
    assert [line[0] for line in compare(before, after)] == ["a", "b"]


def test_missing_program_is_one_sentence():
    with pytest.raises(restoring.DrillError, match="no pg_dumb"):
        restoring.path_of("pg_dumb")
