"""What a person says of items that a file names and the catalogue does not know."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import User
from imports.models import Import
from imports.staging import Stage
from inventory.models import ProductAlias, SalesSource
from sales.creating import open_source
from sales.matching import Catalogue, catalogue, suggest
from sales.models import IgnoredIdentity
from sales.unknown_items import UnknownItem, alias_source, sold_here, unknown_items


@dataclass(slots=True)
class Decisions:
    """Items by their identity: which product each is, or what becomes of it."""

    products: dict[str, int] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.products) + len(self.created) + len(self.left_out)


def known_to(stage: Stage) -> Catalogue:
    """The catalogue as the file's source names it."""
    return catalogue(alias_source(stage), sold_here(stage))


def sure_decisions(stage: Stage, items: Sequence[UnknownItem]) -> Decisions:
    """Every suggestion that fits one product only."""
    known = known_to(stage)
    found = {item.identity: suggest(item, known) for item in items}
    return Decisions(
        {
            item: own[0].product_id
            for item, own in found.items()
            if own and own[0].is_sure
        }
    )


def accept_suggestions(imported: Import, *, by: User) -> int:
    """Take all that are sure; how many there were."""
    stage = Stage.of(imported)
    decisions = sure_decisions(stage, unknown_items(stage))
    settle(imported, decisions, by=by)
    return len(decisions)


@transaction.atomic
def settle(imported: Import, decisions: Decisions, *, by: User) -> None:
    """Remember the decisions for this file and for all that follow it."""
    stage = Stage.of(imported)
    source = open_source(stage) if stage.kind.group == "sales" else None
    ProductAlias.objects.bulk_create(
        [
            ProductAlias(source=source, identity=identity, product_id=product)
            for identity, product in decisions.products.items()
        ],
        ignore_conflicts=True,
    )
    leave_out(decisions.left_out, source, by)
    created = [*imported.options.get("create_identities", []), *decisions.created]
    imported.choose(imported.options | {"create_identities": sorted(set(created))})


def leave_out(identities: Sequence[str], source: SalesSource | None, by: User) -> None:
    IgnoredIdentity.objects.bulk_create(
        [
            IgnoredIdentity(source=source, identity=identity, created_by=by)
            for identity in identities
        ],
        ignore_conflicts=True,
    )


def create_none(imported: Import) -> None:
    """Items that were to be created wait for another decision."""
    imported.choose(imported.options | {"create_identities": []})
