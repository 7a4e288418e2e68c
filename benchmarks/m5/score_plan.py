"""Score an exported plan on the days that followed it.

Pinball loss, in units per series, of the plan's quantiles against two simple rules:
the sum of the last days (the same number at every level), and the textbook normal,
56-day mean + z · sd · √days. The interval is the plan's protection interval.
"""

import argparse

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from panel_data import read_daily
from scipy.stats import norm

LEVELS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
TEXTBOOK_DAYS = 56


def pinball(
    actual: NDArray[np.float64], quantile: NDArray[np.float64], level: float
) -> float:
    gap = actual - quantile
    return float(np.maximum(level * gap, (level - 1) * gap).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plan")
    plan = pd.read_csv(parser.parse_args().plan).set_index(["location", "sku"])
    as_of = pd.Timestamp(plan["as_of"].max())
    days = round(plan["protection_days"].median())
    table = read_daily().pivot_table(
        index=["store_id", "item_id"], columns="date", values="sales"
    )
    table = table.reindex(plan.index).fillna(0)
    past, future = table.loc[:, :as_of], table.loc[:, as_of + pd.Timedelta(days=1) :]
    actual = future.iloc[:, :days].sum(axis=1).to_numpy(float)
    last = past.iloc[:, -days:].sum(axis=1).to_numpy(float)
    recent = past.iloc[:, -TEXTBOOK_DAYS:]
    mean = days * recent.mean(axis=1).to_numpy()
    spread = np.sqrt(days) * recent.std(axis=1).to_numpy()
    print(f"{len(plan)} series, {days} days after {as_of:%Y-%m-%d}")
    print("level    plan  last-sum  textbook  plan/last  plan/textbook  within")
    worse = []
    for level in LEVELS:
        ours = plan[f"demand_q{round(level * 100)}"].to_numpy(float)
        loss = pinball(actual, ours, level)
        simple = pinball(actual, last, level)
        book = pinball(actual, mean + norm.ppf(level) * spread, level)
        print(
            f"{level:5.2f} {loss:7.3f} {simple:9.3f} {book:9.3f} {loss / simple:10.3f}"
            f" {loss / book:14.3f} {(actual <= ours).mean():7.3f}"
        )
        if loss >= simple:
            worse.append(level)
    if worse:
        raise SystemExit(f"Not better than the last {days} days at {worse}.")


if __name__ == "__main__":
    main()
