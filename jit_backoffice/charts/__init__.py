"""Geometry of the charts: numbers and dates in, points and paths out.

Pure: templates/charts/ draws what is laid out here, in SVG user units.
"""

from jit_backoffice.charts.demand import (
    BarsChart,
    DemandChart,
    demand_chart,
    interval_bars,
)
from jit_backoffice.charts.plot import Bands, Shade
from jit_backoffice.charts.projection import ProjectionChart, stock_projection
from jit_backoffice.charts.small import (
    CoverBar,
    Meter,
    Sparkline,
    cover_bar,
    meter,
    sparkline,
)

__all__ = [
    "Bands",
    "BarsChart",
    "CoverBar",
    "DemandChart",
    "Meter",
    "ProjectionChart",
    "Shade",
    "Sparkline",
    "cover_bar",
    "demand_chart",
    "interval_bars",
    "meter",
    "sparkline",
    "stock_projection",
]
