"""Write the shared M5 stores as one array, for the other environment to read.

Found by BACKOFFICE_TEST_DATA. Days before the first sale of a series are NaN.
"""

import sys
from pathlib import Path

import numpy as np
from terms import PANEL

sys.path.append(str(Path(__file__).resolve().parents[1] / "m5"))

from panel_data import read_daily, read_prices

KEYS = ["store_id", "item_id"]


def main() -> None:
    daily = read_daily()
    table = daily.pivot_table(index=KEYS, columns="date", values="sales")
    department = daily.drop_duplicates(KEYS).set_index(KEYS)["dept_id"]
    price = read_prices().set_index(KEYS)["avg_price"].reindex(table.index).fillna(0)
    PANEL.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        PANEL,
        demand=table.to_numpy("float32"),
        store=table.index.get_level_values("store_id").to_numpy(str),
        department=department.reindex(table.index).to_numpy(str),
        price=price.to_numpy("float64"),
        first_day=np.array(f"{table.columns[0]:%Y-%m-%d}"),
    )
    print(f"{len(table)} series, {table.shape[1]} days")


if __name__ == "__main__":
    main()
