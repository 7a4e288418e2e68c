"""Compare the cached stock with the facts; report, never correct."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from inventory.ledger import reconcile


class Command(BaseCommand):
    help = "Differences between the facts and the stock on record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        differences = [asdict(row) for row in reconcile()]
        if options["json"]:
            self.stdout.write(json.dumps({"differences": differences}, default=str))
            return
        for row in differences:
            self.stdout.write(
                "Product {product_id} in location {location_id}: record "
                "{recorded}, facts {from_facts}".format(**row)
            )
        self.stdout.write(f"{len(differences)} differences")
