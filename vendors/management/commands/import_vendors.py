"""Import a list of vendors."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from imports.kinds import kinds_of
from imports.models import Import
from imports.reporting import import_files
from imports.uploading import receive_path


class Command(BaseCommand):
    help = "Import lists of vendors; what a row leaves empty stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        def receive(path: Path) -> Import:
            return receive_path(path, kinds=kinds_of("vendors"), options={})

        import_files(self, options["files"], receive, as_json=options["json"])
