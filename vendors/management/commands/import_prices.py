"""Import a vendor's price list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from imports.kinds import kinds_of
from imports.models import Import
from imports.reporting import import_files
from imports.uploading import receive_path


class Command(BaseCommand):
    help = "Import price lists; vendors that are not known yet are created."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--vendor",
            metavar="NAME",
            default="",
            help="every row is of this vendor, whatever its column says",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        ticked = {"vendor": options["vendor"], "create_vendors": True}

        def receive(path: Path) -> Import:
            return receive_path(path, kinds=kinds_of("prices"), options=ticked)

        import_files(self, [options["file"]], receive, as_json=options["json"])
