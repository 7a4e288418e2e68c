"""Import files of sales; the same file twice adds nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from imports.kinds import kinds_of
from imports.models import Import
from imports.reporting import import_files
from imports.uploading import receive_path


class Command(BaseCommand):
    help = "Import sales exports of your POS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [kind.name for kind in kinds_of("sales")]
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--kind", default="auto", choices=["auto", *names])
        parser.add_argument("--location", metavar="NAME", default="")
        parser.add_argument("--profile", metavar="NAME", default="")
        parser.add_argument("--create-products", action="store_true")
        parser.add_argument("--create-locations", action="store_true")
        parser.add_argument("--accept-changes", action="store_true")
        parser.add_argument(
            "--ignore-products",
            action="store_true",
            help="leave out items that are not in the catalogue, from now on",
        )
        parser.add_argument(
            "--ignore-other-sources",
            action="store_true",
            help="leave out days that have sales from another kind of file",
        )
        parser.add_argument("--import-left-out", action="store_true")
        parser.add_argument("--import-no-products", action="store_true")
        parser.add_argument(
            "--date-order",
            choices=["dmy", "mdy"],
            default="",
            help="whether the day or the month comes first, where dates do not show it",
        )
        parser.add_argument(
            "--date", default="", help="of all rows, where the file names no date"
        )
        parser.add_argument(
            "--returns",
            choices=["shelf", "lost"],
            default="",
            help="whether returned goods go back to the shelf",
        )
        parser.add_argument(
            "--negative",
            choices=["return", "cancellation", "write_off", "reject"],
            default="",
            help="what a negative quantity is, where the file does not say it",
        )
        parser.add_argument(
            "--return-date",
            choices=["return", "sale"],
            default="",
            help="the day on which a return counts, where the file tells both",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = [
            kind for kind in kinds_of("sales") if options["kind"] in ("auto", kind.name)
        ]
        ticked = {
            name: options[name]
            for name in (
                "location",
                "date",
                "date_order",
                "create_products",
                "create_locations",
                "accept_changes",
                "ignore_products",
                "ignore_other_sources",
                "import_left_out",
                "import_no_products",
                "negative",
                "returns",
                "return_date",
            )
            if options[name]
        }

        def receive(path: Path) -> Import:
            return receive_path(
                path, kinds=kinds, options=ticked, profile=options["profile"]
            )

        import_files(self, options["files"], receive, as_json=options["json"])
