"""Write the shared M5 stores as a `daily_totals` file.

Days without a sale are left out, except the first and the last day of each series,
so that the importer knows when its history begins and ends. Revenue is units × the
series' average price, empty where that price is unknown.
"""

import argparse

from panel_data import read_daily, read_prices


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True)
    output = parser.parse_args().output
    daily = read_daily().merge(read_prices(), on=["store_id", "item_id"], how="left")
    by_series = daily.groupby(["store_id", "item_id"])["date"]
    bounds = (daily["date"] == by_series.transform("min")) | (
        daily["date"] == by_series.transform("max")
    )
    rows = daily[(daily["sales"] > 0) | bounds]
    rows = rows.assign(
        date=rows["date"].dt.strftime("%Y-%m-%d"),
        location=rows["store_id"],
        sku=rows["item_id"],
        quantity=rows["sales"],
        name=rows["item_id"],
        category=rows["dept_id"],
        revenue=(rows["sales"] * rows["avg_price"]).round(2),
    ).sort_values(["date", "location", "sku"])
    columns = ["date", "location", "sku", "quantity", "name", "category", "revenue"]
    rows[columns].to_csv(output, index=False)
    print(f"{len(rows)} rows of {by_series.ngroups} series in {output}")


if __name__ == "__main__":
    main()
