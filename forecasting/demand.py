"""The demand panel of a shard, straight from the database."""

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from forecasting import panel
from forecasting.panel import Panel
from forecasting.series import ShardSeries
from sales.copying import copy_rows

SOLD = """
SELECT (s.n - 1)::int4, (d.business_date - %(first_day)s::date)::int4,
    (d.sold - d.cancelled)::float4
FROM unnest(%(products)s::bigint[], %(locations)s::bigint[])
    WITH ORDINALITY AS s (product_id, location_id, n)
JOIN sales_dailysales d USING (product_id, location_id)
WHERE d.business_date BETWEEN %(first_day)s AND %(as_of)s
"""
SPELLS = """
SELECT (s.n - 1)::int4,
    (greatest(o.first_date, %(first_day)s::date) - %(first_day)s::date)::int4,
    (least(o.last_date, %(as_of)s::date) - %(first_day)s::date)::int4
FROM unnest(%(products)s::bigint[], %(locations)s::bigint[])
    WITH ORDINALITY AS s (product_id, location_id, n)
JOIN sales_stockoutspell o USING (product_id, location_id)
WHERE o.first_date <= %(as_of)s AND o.last_date >= %(first_day)s
"""


def read_panel(series: ShardSeries) -> Panel:
    """Demand and whether it could be seen, of each series and day of a run.

    A day is observed from the first sale line of the series on, up to the last day of
    which the location's sales are on record, but for its stock-out spells.
    """
    first_day = dt.date.fromordinal(int(series.first_day))
    arguments = {
        "products": series.product_id.tolist(),
        "locations": series.location_id.tolist(),
        "first_day": first_day,
        "as_of": dt.date.fromordinal(int(series.as_of)),
    }
    sold = copy_rows(SOLD, arguments, {"n": "int4", "day": "int4", "units": "float4"})
    spells = copy_rows(
        SPELLS, arguments, {"n": "int4", "first": "int4", "last": "int4"}
    )
    shape = (series.n_series, series.n_days)
    demand = panel.scatter(sold["n"], sold["day"], sold["units"], shape)
    out = _covered(spells["n"], spells["first"], spells["last"], shape)
    return panel.build(demand, first_day, _known(series) & ~out)


def _known(series: ShardSeries) -> NDArray[np.bool_]:
    days = np.arange(int(series.first_day), int(series.as_of) + 1)
    begun = days >= series.known_from[:, None]
    recorded: NDArray[np.bool_] = days <= series.known_until[:, None]
    return begun & recorded


def _covered(
    row: NDArray[np.integer],
    first: NDArray[np.integer],
    last: NDArray[np.integer],
    shape: tuple[int, int],
) -> NDArray[np.bool_]:
    """Days that lie in at least one spell."""
    edges = np.zeros((shape[0], shape[1] + 1), np.int16)
    np.add.at(edges, (row, first), 1)
    np.add.at(edges, (row, last + 1), -1)
    covered: NDArray[np.bool_] = np.cumsum(edges[:, :-1], axis=1) > 0
    return covered
