"""Loading the demo shop: the same verbs as real data, in steps that can be resumed.

Each step finds what it has written before, so that a load that was killed and started
again ends in the same shop.
"""

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imports import importing
from imports.kinds import kind_named
from imports.models import Import
from imports.uploading import receive_path
from jit_backoffice import nightly
from jit_backoffice.demo import files, setting_up
from jit_backoffice.demo.generating import SEED, DemoShop, Size, generate
from jit_backoffice.demo.movements import write_movements
from jit_backoffice.demo.past_orders import Desk, cancel_doubles, write_past_orders
from jit_backoffice.demo.today import work_this_morning
from jit_backoffice.first_start import DEMO_KIND
from jobs.kinds import JobKind, register
from jobs.running import Hopeless, Run
from purchasing.suggesting import refresh

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the load; ``until`` is the percentage when it is done."""

    note: str
    until: int
    work: "Callable[[Desk, Report], None]"


@dataclass(frozen=True, slots=True)
class Report:
    """Tells the progress of one step as a part of the whole."""

    run: Run
    note: str
    first: int
    until: int

    def __call__(self, done: int, total: int, note: str = "") -> None:
        share = done / total if total else 1.0
        percent = self.first + (self.until - self.first) * min(share, 1.0)
        self.run.report(int(percent), HUNDRED, self.note)


def load_demo_shop(run: Run) -> None:
    """The job: make up the shop and write it, unless real data is here."""
    run.report(0, HUNDRED, "Making up two years of trading")
    shop = shop_of(run)
    if setting_up.foreign_products(shop.items):
        raise Hopeless(setting_up.REAL_DATA)
    done = 3
    desk = set_up(shop)
    for step in STEPS:
        report = Report(run, step.note, done, step.until)
        report(0, 1)
        step.work(desk, report)
        done = step.until


def shop_of(run: Run) -> DemoShop:
    """The same at each try: without arguments, up to the day before the job."""
    arguments = run.job.arguments
    last_day = arguments.get("last_day")
    return generate(
        dt.date.fromisoformat(last_day)
        if last_day
        else setting_up.yesterday(run.job.created_at),
        seed=arguments.get("seed", SEED),
        size=Size(**arguments.get("size", {})),
    )


def set_up(shop: DemoShop) -> Desk:
    places = setting_up.set_up_places()
    return Desk(
        shop=shop,
        places=places,
        people=setting_up.set_up_people(places),
        vendors={vendor.name: vendor for vendor in setting_up.set_up_vendors()},
        products=setting_up.set_up_products(shop.items),
    )


def read_prices(desk: Desk, report: Report) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "price_lists.csv"
        files.write_prices(desk.shop, path)
        import_file(path, "price_list", desk, report)


def read_daily_totals(desk: Desk, report: Report) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "daily_totals.csv"
        files.write_daily_totals(desk.shop, path)
        import_file(path, "daily_totals", desk, report)


def read_counts(desk: Desk, report: Report) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stock_counts.csv"
        files.write_counts(desk.shop, path)
        import_file(path, "stock_count", desk, report)


def read_receipts(desk: Desk, report: Report) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path in files.write_till_weeks(desk.shop, Path(folder)):
            import_file(path, "square_items", desk, report)


def import_file(path: Path, kind: str, desk: Desk, report: Report) -> None:
    """Import the file once; one that a kill left half-way is taken up again."""
    begun = Import.objects.filter(file_name=path.name, kind=kind)
    imported = begun.exclude(state=Import.State.FAILED).first() or receive_path(
        path,
        kinds=[kind_named(kind)],
        options={},
        by=desk.people[setting_up.ADMIN],
    )
    if imported.state != Import.State.DONE:
        importing.write(imported, report)
        imported.refresh_from_db()
    if imported.state != Import.State.DONE or imported.rows_new < imported.rows_read:
        raise Hopeless(f"{path.name} was not imported whole: {imported.error}")


def plan_the_night(desk: Desk, report: Report) -> None:
    nightly.run_by_hand(desk.shop.last_day)


def work_today(desk: Desk, report: Report) -> None:
    """What people did with the suggestions this morning, and what that leaves."""
    work_this_morning(desk)
    refresh(desk.places, desk.shop.last_day)


STEPS = (
    Step("Reading the vendors' price lists", 6, read_prices),
    Step("Reading two years of sales", 30, read_daily_totals),
    Step("Reading the stock counts", 33, read_counts),
    Step("Reading the receipts of the last weeks", 40, read_receipts),
    Step("Writing the orders of the last weeks", 78, write_past_orders),
    Step("Moving goods between the stores", 82, write_movements),
    Step("Looking for orders written twice", 83, lambda desk, _: cancel_doubles(desk)),
    Step("Forecasting demand and stock", 97, plan_the_night),
    Step("Working through this morning's orders", 99, work_today),
)

register(
    JobKind(
        DEMO_KIND,
        run=load_demo_shop,
        queue="import",
        most_tries=5,
        title="Demo shop",
    )
)
