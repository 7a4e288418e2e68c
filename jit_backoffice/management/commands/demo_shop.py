"""Load the demo shop inline: two stores, a warehouse, two years of trading."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from inventory.models import Product, SaleLine
from jit_backoffice.demo.generating import SEED
from jit_backoffice.demo.setting_up import REAL_DATA, yesterday
from jit_backoffice.first_start import DEMO_KEY, DEMO_KIND
from jobs.models import Job
from jobs.running import Hopeless, run_now
from purchasing.models import PurchaseOrder


class Command(BaseCommand):
    help = "Fill an empty shop with the demo shop; the same seed gives the same shop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--last-day", help="last day of sales; else yesterday")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        last_day = self.date(options["last_day"])
        self.refuse_real_data()
        try:
            job = run_now(
                DEMO_KIND,
                key=DEMO_KEY,
                arguments={"last_day": str(last_day), "seed": options["seed"]},
            )
        except Hopeless as reason:
            raise CommandError(str(reason)) from None
        summary = {
            "last_day": job.arguments.get("last_day") or str(yesterday(job.created_at)),
            "products": Product.objects.count(),
            "sale_lines": SaleLine.objects.count(),
            "orders": PurchaseOrder.objects.count(),
            "seconds": round(time.monotonic() - begun, 1),
        }
        self.stdout.write(
            json.dumps(summary)
            if options["json"]
            else "The demo shop is there: {products} products, {sale_lines} lines of "
            "sales until {last_day}, {orders} orders.".format(**summary)
        )

    def refuse_real_data(self) -> None:
        begun = Job.objects.filter(kind=DEMO_KIND).exists()
        if Product.objects.exists() and not begun:
            raise CommandError(REAL_DATA)

    def date(self, text: str | None) -> object:
        if text is None:
            return yesterday(timezone.now())
        try:
            date = parse_date(text)
        except ValueError:
            date = None
        if date is None:
            raise CommandError(f"“{text}” is not a date. Write it as 2026-11-22.")
        return date
