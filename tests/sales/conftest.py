"""Files of days and of tickets, as their tests write them."""

import pytest

from tests.sales.files import DAILY_HEADER, SQUARE_HEADER, write


@pytest.fixture
def days(tmp_path, old_town):
    def make(*rows, name="days.csv", **how):
        return write(tmp_path / name, DAILY_HEADER, rows, **how)

    return make


@pytest.fixture
def tickets(tmp_path, db):
    def make(*rows, name="items.csv", **how):
        return write(tmp_path / name, SQUARE_HEADER, rows, **how)

    return make
