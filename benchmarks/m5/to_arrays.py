"""Write the shared M5 stores as arrays, for benchmarks that read no parquet.

y : float32, (n_series, n_days), NaN before a series begins. store, dept : (n_series,).
price : float32, (n_series,), NaN where unknown. first : the first day.
"""

import argparse

import numpy as np
from panel_data import read_daily, read_prices

SERIES = ["store_id", "item_id"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True)
    output = parser.parse_args().output
    daily = read_daily()
    table = daily.pivot_table(index=SERIES, columns="date", values="sales")
    depts = daily.drop_duplicates(SERIES).set_index(SERIES)["dept_id"]
    prices = read_prices().set_index(SERIES)["avg_price"].reindex(table.index)
    np.savez(
        output,
        y=table.to_numpy("float32"),
        store=np.array([store for store, _ in table.index]),
        dept=depts.reindex(table.index).to_numpy(str),
        price=prices.to_numpy("float32"),
        first=str(table.columns[0].date()),
    )
    print(f"{table.shape[0]} series of {table.shape[1]} days in {output}")


if __name__ == "__main__":
    main()
