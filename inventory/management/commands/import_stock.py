"""Import a file of counted stock."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from imports.kinds import kinds_of
from imports.models import Import
from imports.reporting import import_files
from imports.uploading import receive_path

CHOICES = ("location", "counted_at", "create_products", "create_locations")


class Command(BaseCommand):
    help = "Import counted stock; each row is a count that stock follows from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [kind.name for kind in kinds_of("stock")]
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--kind", default="auto", choices=["auto", *names])
        parser.add_argument("--location", metavar="NAME", default="")
        parser.add_argument("--counted-at", metavar="DATETIME", default="")
        parser.add_argument("--create-products", action="store_true")
        parser.add_argument("--create-locations", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        counted_at = options["counted_at"]
        if counted_at and not can_be_read(counted_at):
            raise CommandError(f"“{counted_at}” is no time such as 2026-11-20T08:00Z.")
        kinds = [
            kind for kind in kinds_of("stock") if options["kind"] in ("auto", kind.name)
        ]
        ticked = {name: options[name] for name in CHOICES if options[name]}

        def receive(path: Path) -> Import:
            return receive_path(path, kinds=kinds, options=ticked)

        import_files(self, [options["file"]], receive, as_json=options["json"])


def can_be_read(text: str) -> bool:
    try:
        return parse_datetime(text) is not None
    except ValueError:
        return False
