"""Kinds of alerts and their words; each app registers its own when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass

from inventory.alerts import Alert


@dataclass(frozen=True, slots=True)
class AlertKind:
    """``word``, ``icon`` and ``colour`` as for states; ``say`` gives the sentence."""

    name: str
    word: str
    icon: str
    colour: str
    say: Callable[[Alert], str]


KINDS: dict[str, AlertKind] = {}


def register(*kinds: AlertKind) -> None:
    KINDS.update({kind.name: kind for kind in kinds})


def kind_of(alert: Alert) -> AlertKind:
    return KINDS[alert.kind]
