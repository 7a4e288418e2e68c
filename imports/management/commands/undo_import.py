"""Take back what one import wrote."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from imports.models import Import
from jobs.running import run_now


class Command(BaseCommand):
    help = "Undo an import; importing the file again brings all of it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        imported = Import.objects.filter(pk=options["id"]).first()
        if imported is None:
            raise CommandError(f"There is no import {options['id']}.")
        before = imported.rows_undone
        if imported.state not in (Import.State.UNDONE, Import.State.CANCELLED):
            if not imported.can_be_undone:
                raise CommandError(f"Import {imported.pk} cannot be undone.")
            run_now(
                "undo_import", key=str(imported.pk), arguments={"import": imported.pk}
            )
            imported.refresh_from_db()
        undone = imported.rows_undone - before
        if options["json"]:
            self.stdout.write(json.dumps({"undone": undone}))
        else:
            self.stdout.write(f"{undone} rows of {imported.file_name} undone")
