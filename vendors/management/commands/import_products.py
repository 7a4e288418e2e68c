"""Import a list of products."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from imports.kinds import kinds_of
from imports.models import Import
from imports.reporting import import_files
from imports.uploading import receive_path


class Command(BaseCommand):
    help = "Import lists of products; what a row leaves empty stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [kind.name for kind in kinds_of("products")]
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--kind", default="auto", choices=["auto", *names])
        vendors = parser.add_mutually_exclusive_group()
        vendors.add_argument("--create-vendors", action="store_true")
        vendors.add_argument("--ignore-vendors", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = [
            kind
            for kind in kinds_of("products")
            if options["kind"] in ("auto", kind.name)
        ]
        names = ("create_vendors", "ignore_vendors")
        ticked = {name: True for name in names if options[name]}

        def receive(path: Path) -> Import:
            return receive_path(path, kinds=kinds, options=ticked)

        import_files(self, options["files"], receive, as_json=options["json"])
