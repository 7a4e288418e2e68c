"""Signs of life of beat and the workers, in database time."""

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now

from jobs.models import Pulse


def beat(name: str) -> None:
    Pulse.objects.update_or_create(name=name, defaults={"beaten_at": Now()})


def age(name: str) -> timedelta | None:
    """How long ago; None when never seen."""
    row = Pulse.objects.filter(name=name).annotate(age=Now() - F("beaten_at")).first()
    return row.age if row else None
