"""Write the replenishment plan as a CSV file."""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jit_backoffice.plan_export import NoPlan, write_plan


class Command(BaseCommand):
    help = "Export forecast, stock levels and suggestions of a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", required=True, metavar="FILE.csv", type=Path)
        parser.add_argument("--as-of", type=dt.date.fromisoformat, metavar="DATE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["output"]
        half = path.with_name(f".{path.name}.part")
        try:
            with half.open("w", newline="", encoding="utf-8") as file:
                count = write_plan(file, options["as_of"])
            half.replace(path)
        except NoPlan as error:
            day = f" as of {error.as_of}" if error.as_of else ""
            raise CommandError(f"There is no plan{day}: run nightly first.") from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error}") from error
        finally:
            half.unlink(missing_ok=True)
        self.stdout.write(f"{count} rows in {path}")
