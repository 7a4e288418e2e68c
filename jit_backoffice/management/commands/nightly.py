"""Forecast, plan, alert and suggest, inline and without a broker."""

import datetime as dt
import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jit_backoffice.nightly import run_by_hand


class Command(BaseCommand):
    help = "Run the nightly steps for the last day that is over, or for a date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of",
            type=dt.date.fromisoformat,
            metavar="DATE",
            help="The last day known; nothing later is used.",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of: dt.date | None = options["as_of"]
        if as_of and as_of > timezone.now().date() + dt.timedelta(days=1):
            raise CommandError(f"{as_of} has not happened yet.")
        report = run_by_hand(as_of)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), default=str))
            return
        took = sum(report.seconds.values())
        self.stdout.write(
            f"Planned {report.series} series as of {report.as_of} in {took:.1f} s: "
            f"{report.alerts} alerts, {report.suggested_orders} suggested orders."
        )
