"""Prove that a backup of this database can be restored."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jit_backoffice.restoring import DrillError, restore_drill


class Command(BaseCommand):
    help = "Dump, restore into an empty database beside this one, and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        try:
            drill = restore_drill()
        except DrillError as error:
            raise CommandError(str(error)) from error
        seconds = round(time.monotonic() - begun, 1)
        self.stdout.write(
            f"Restored {drill.tables} tables with {drill.rows} rows in {seconds} s: "
            f"{len(drill.differences)} differences"
        )
        for difference in drill.differences:
            self.stdout.write(f"  {difference}")
        if options["json"]:
            self.stdout.write(json.dumps(asdict(drill) | {"seconds": seconds}))
        if drill.differences:
            raise CommandError("The restored database is not the same.")
