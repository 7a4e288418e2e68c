"""Import open purchase orders of another program."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from imports.kinds import kinds_of
from imports.models import Import
from imports.reporting import import_files
from imports.uploading import receive_path

CHOICES = ("vendor", "location", "create_vendors")


class Command(BaseCommand):
    help = "Import open purchase orders: on their way already, nothing is mailed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--vendor", metavar="NAME", default="")
        parser.add_argument("--location", metavar="NAME", default="")
        parser.add_argument("--create-vendors", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        ticked = {name: options[name] for name in CHOICES if options[name]}

        def receive(path: Path) -> Import:
            return receive_path(path, kinds=kinds_of("orders"), options=ticked)

        import_files(self, options["files"], receive, as_json=options["json"])
