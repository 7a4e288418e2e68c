"""Kinds of work that only the tests know."""

import pytest

from jobs import kinds
from jobs.kinds import JobKind


@pytest.fixture
def register(monkeypatch):
    """Register a kind for one test."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    def add(run, name="sweep_floor", **fields):
        kinds.register(JobKind(name, run=run, **fields))
        return name

    return add
