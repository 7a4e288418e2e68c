"""Who gets what answer from every address: as tests/access/table.csv says.

A row names the objects of the address (``pk=order``), and the answer to each role:
a status, or ``login`` and ``confirm`` for being sent to sign in or to type the
password again. Forms are sent without values. ``manager`` works in Old Town, where
every object is; ``foreign`` is the manager of another store.
"""

import csv
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse

from tests.access import objects

TABLE = Path(__file__).with_name("table.csv")
ROLES = ("anonymous", "viewer", "manager", "foreign", "buyer", "admin")
PEOPLE = {"foreign": "outsider"}
METHODS = ("GET", "POST")


class Undone(Exception):
    """Leaves the savepoint, so that every role meets the same objects."""


def rows():
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def url_names(patterns=None):
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            found |= url_names(pattern.url_patterns)
        else:
            found.add(pattern.name)
    return found


def address(row):
    pairs = (pair.split("=") for pair in row["objects"].split())
    arguments = {
        name: getattr(objects, kind)().pk if hasattr(objects, kind) else kind
        for name, kind in pairs
    }
    return reverse(row["name"], kwargs=arguments)


def word(response):
    target = response.headers.get("Location", "")
    if target.startswith("/accounts/login/?next="):
        return "login"
    if target.startswith("/accounts/reauthenticate/"):
        return "confirm"
    return str(response.status_code)


def answer(client, people, role, row):
    """The answer to one role; what it wrote is undone."""
    try:
        with transaction.atomic():
            if role != "anonymous":
                client.force_login(getattr(people, PEOPLE.get(role, role)))
            send = getattr(client, row["method"].lower())
            told = word(send(address(row), {"sent": "empty"}))
            client.logout()
            raise Undone
    except Undone:
        return told


@pytest.mark.parametrize(
    "row", rows(), ids=lambda row: f"{row['method']} {row['name']}"
)
@pytest.mark.django_db
def test_every_role_gets_the_answer_of_the_table(client, people, steady, row):
    client.raise_request_exception = False
    told = {role: answer(client, people, role, row) for role in ROLES}
    assert told == {role: row[role] for role in ROLES}


def test_every_address_has_a_row_per_method():
    told = [(row["name"], row["objects"], row["method"]) for row in rows()]
    assert len(told) == len(set(told))
    listed = [(name, method) for name, _, method in told]
    wanted = {(name, method) for name in url_names() for method in METHODS}
    assert wanted - set(listed) == set()
    assert set(listed) - wanted == set()
