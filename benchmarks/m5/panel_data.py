"""The shared M5 stores, found by BACKOFFICE_TEST_DATA."""

import os
from pathlib import Path

import pandas as pd


def folder() -> Path:
    return Path(os.environ["BACKOFFICE_TEST_DATA"])


def read_daily() -> pd.DataFrame:
    """Columns date, store_id, dept_id, item_id, sales; zeros are present."""
    daily = pd.read_parquet(folder() / "m5_ca_daily.parquet")
    daily["date"] = pd.to_datetime(daily["date"])
    for name in ("store_id", "dept_id", "item_id"):
        daily[name] = daily[name].astype(str)
    return daily


def read_prices() -> pd.DataFrame:
    return pd.read_csv(folder() / "m5_ca_prices.csv")
