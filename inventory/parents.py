"""Foreign keys of facts, checked once per statement instead of once per row.

A file brings a million facts that point to a few hundred rows; PostgreSQL's own check
asks for the same parent again with every fact. The field says ``db_constraint=False``,
its model bears ``parents_exist`` and calls ``keep_parents``.
"""

from collections.abc import Mapping

import pgtrigger
from django.db.models import Model

FIND_ORPHAN = """
WITH named AS MATERIALIZED (SELECT DISTINCT {columns} FROM written)
SELECT parent, missing.id INTO orphan FROM ({missing}) missing LIMIT 1;
IF FOUND THEN
    RAISE foreign_key_violation USING
        MESSAGE = format('%s: no %s %s', TG_TABLE_NAME, orphan.parent, orphan.id);
END IF;
RETURN NULL;
"""

MISSING = """
SELECT '{parent}' AS parent, id FROM (
    SELECT DISTINCT {column} AS id FROM named WHERE {column} IS NOT NULL) n
WHERE NOT EXISTS (SELECT FROM {parent} p WHERE p.id = n.id FOR KEY SHARE)
"""

NAMED = """
IF EXISTS (SELECT FROM {facts} WHERE {column} = OLD.id) THEN
    RAISE foreign_key_violation USING
        MESSAGE = format('%s %s stands in {facts}', TG_TABLE_NAME, OLD.id);
END IF;
RETURN OLD;
"""


def parents_exist(parents: Mapping[str, type[Model]]) -> pgtrigger.Trigger:
    """Refuse new rows whose column names no row of its parent.

    The parents are locked as a foreign key does it: nobody deletes one meanwhile.
    """
    missing = "UNION ALL".join(
        MISSING.format(column=column, parent=parent._meta.db_table)
        for column, parent in parents.items()
    )
    return pgtrigger.Trigger(
        name="parents_exist",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),  # type: ignore[no-untyped-call]
        declare=[("orphan", "record")],
        func=FIND_ORPHAN.format(columns=", ".join(parents), missing=missing),
    )


def keep_parents(facts: str, parents: Mapping[str, type[Model]]) -> None:
    """Refuse to delete a row that facts of this table point to."""
    for column, parent in parents.items():
        kept = pgtrigger.Trigger(
            name=f"kept_for_{facts.partition('_')[2]}",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            func=NAMED.format(facts=facts, column=column),
        )
        pgtrigger.register(kept)(parent)
