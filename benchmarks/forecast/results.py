"""The figures as tables, printed and kept in RESULTS.md."""

import datetime as dt
import os
import platform
from pathlib import Path

import numpy as np
import scipy
from scores import PROMISED, Scores, coverages, middle
from terms import ORIGINS, UNTUNED

RESULTS = Path(__file__).with_name("RESULTS.md")
GOALS = {
    "scaled error / EWMA bar": "1.00 / .985 / .965",
    "scaled error / AutoETS(7)": ".99 / .97 / .95",
    "nine-quantile loss / EWMA bar": "1.00 / .97 / .94",
    "nine-quantile loss / AutoETS(7)": ".93 / .90 / .87",
    "interval loss, 10 days / textbook normal": ".88 / .80 / .75",
    "interval loss, 14 days / textbook normal": ".88 / .80 / .75",
    "interval loss, 10 days / last interval + z·sd": "1.00 / .97 / .94",
    "interval loss, 14 days / last interval + z·sd": "1.00 / .97 / .94",
}
BIAS_GOALS = {"known to the forecast": "2 / 1 / .5 %"}


def write_results(scores: Scores, *, note: str) -> None:
    text = f"""# Results of the forecast benchmark

{dt.date.today()}, {machine()}; {versions(scores)}.
Command: `make bench-forecast`. {note or "Nothing else ran."}

Data: the daily sales of the four Californian M5 stores, {scores.series[0]} series at
the first origin and {scores.series[-1]} at the last; a series counts from 28 days after
its first sale. Everybody sees at most the last 730 days. Weights are the revenue of
the 28 days before the origin. Below 1 the product loses less than the bar. AutoETS
took {scores.autoets_seconds:,.0f} s by the clock for {scores.autoets_origins} of the
{len(ORIGINS)} origins; its means and quantiles are cut at 0.

## Losses as a part of the bar's

{ratio_table(scores)}

Nothing is tuned on the last {UNTUNED} origins; their median stands by itself.
Goals are those of the median: must / target / moonshot.

## Coverage

Gap = max(q − P(D ≤ S), P(D < S) − q, 0) over all series and origins together, and in
the worst tenth of the series by expected demand. Goals: must .02 overall and .03 in the
worst tenth, target .01 and .02, moonshot .005 and .01.

{coverage_table(scores)}

## Bias with a tenth of the days out of stock

Forecast of all units with random spells of 1 to 14 days without stock in the history,
against the forecast from the history as it was. Spells that nobody recorded are not
inferred: the second row is what ignoring them costs.

{bias_table(scores)}

## Origin by origin

{origin_table(scores)}
"""
    RESULTS.write_text(text)
    print(text)


def ratio_table(scores: Scores) -> str:
    rows = [["loss / bar", "median", "worst", f"last {UNTUNED}", "goals"]]
    for name, values in scores.ratios.items():
        found = [middle(values), np.fmax.reduce(values), middle(values, UNTUNED)]
        shown = [ratio(value) for value in found]
        rows.append([name, *shown, GOALS.get(name, "")])
    return table(rows)


def coverage_table(scores: Scores) -> str:
    rows = [
        ["days", "promised", "came true", "gap", "worst tenth", f"gap, last {UNTUNED}"]
    ]
    for days, outcomes in scores.outcomes.items():
        pairs = zip(
            PROMISED, coverages(outcomes), coverages(outcomes, UNTUNED), strict=True
        )
        for level, every, late in pairs:
            shown = [every.gap, every.worst_decile_gap, late.gap]
            rows.append(
                [
                    str(days),
                    f"{level:.0%}",
                    f"{every.within:.1%}",
                    *(f"{value:.3f}" for value in shown),
                ]
            )
    return table(rows)


def bias_table(scores: Scores) -> str:
    rows = [["spells", "median", "worst", f"last {UNTUNED}", "goals"]]
    for name, values in scores.biases.items():
        worst = max(values, key=abs)
        found = [middle(values), worst, middle(values, UNTUNED)]
        shown = [f"{100 * value:+.2f} %" for value in found]
        rows.append([name, *shown, BIAS_GOALS.get(name, "")])
    return table(rows)


def origin_table(scores: Scores) -> str:
    rows = [["", *(f"{origin:%Y-%m-%d}" for origin in ORIGINS)]]
    rows.append(["series", *map(str, scores.series)])
    for name, values in scores.ratios.items():
        rows.append([name, *map(ratio, values)])
    for name, values in scores.biases.items():
        named = f"bias, spells {name}"
        rows.append([named, *(f"{100 * value:+.2f} %" for value in values)])
    return table(rows)


def ratio(value: float) -> str:
    return "not run" if np.isnan(value) else f"{value:.3f}"


def table(rows: list[list[str]]) -> str:
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{os.cpu_count()} cores, {memory:.0f} GB of memory"


def versions(scores: Scores) -> str:
    return (
        f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy "
        f"{scipy.__version__}, statsforecast {scores.autoets_version} in its own "
        "environment"
    )
