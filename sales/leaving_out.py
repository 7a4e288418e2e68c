"""Items of sales files that a person leaves out: learned once, applied each time."""

from django.db import connection

from imports.staging import Stage
from inventory.models import SalesSource

LEARN = """
INSERT INTO sales_ignoredidentity (source_id, identity, created_by_id, created_at)
SELECT DISTINCT %(source)s::bigint, s.identity, %(by)s::bigint, now()
FROM {stage} s
WHERE s.cause = '' AND NOT s.is_void AND NOT coalesce(s.is_no_product, false)
  AND NOT EXISTS (
      SELECT FROM inventory_productalias a WHERE a.identity = s.identity
      AND (a.source_id = %(source)s OR a.source_id IS NULL))
  AND NOT EXISTS (SELECT FROM inventory_product k WHERE k.sku = s.identity)
ON CONFLICT DO NOTHING
"""


def learn(stage: Stage, source: SalesSource) -> None:
    """Remember the items of a file that are not in the catalogue, for its source."""
    with connection.cursor() as cursor:
        cursor.execute(
            stage.query(LEARN),
            {"source": source.pk, "by": stage.imported.created_by_id},
        )
