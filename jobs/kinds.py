"""The kinds of long work, registered by the apps that do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.running import Run

QUEUES = ("mail", "default", "import", "forecast")


@dataclass(frozen=True, slots=True)
class JobKind:
    """What a job of this kind runs; the function is idempotent and resumable."""

    name: str
    run: "Callable[[Run], None]"
    queue: str = "default"
    most_tries: int = 3
    title: str = ""

    def __post_init__(self) -> None:
        if self.queue not in QUEUES:
            raise ValueError(f"{self.name}: no queue {self.queue!r}")


class UnknownKind(LookupError):
    """No app has registered this kind."""


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    _kinds[kind.name] = kind


def kind_named(name: str) -> JobKind:
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(f"No job kind {name!r} is registered.") from None


def title_of(name: str) -> str:
    """What people read; a kind that has gone still has a readable name."""
    kind = _kinds.get(name)
    return (kind and kind.title) or name.replace("_", " ").capitalize()
