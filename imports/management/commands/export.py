"""Write records to a file that can be edited and imported again."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from imports.exporting import export_named, export_names, write_file

FORMS = (".csv", ".xlsx")


class Command(BaseCommand):
    help = "Export records with the columns that can be imported again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=export_names())
        parser.add_argument("--output", required=True, metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["output"]
        export = export_named(options["kind"])
        if path.suffix not in FORMS or export is None:
            raise CommandError(f"{path} must end in {' or '.join(FORMS)}.")
        half = path.with_name(f".{path.stem}.part{path.suffix}")
        try:
            write_file(export, half, None)
            half.replace(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error}") from error
        finally:
            half.unlink(missing_ok=True)
        self.stdout.write(f"{export.label} are in {path}")
        if options["json"]:
            told = {
                "kind": export.name,
                "file": str(path),
                "bytes": path.stat().st_size,
            }
            self.stdout.write(json.dumps(told))
