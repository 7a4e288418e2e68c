from importlib import import_module

from django.apps import AppConfig

from jobs.kinds import JobKind, register


class ImportsConfig(AppConfig):
    name = "imports"

    def ready(self) -> None:
        background = import_module("imports.background")  # needs the models
        ticks = import_module("jobs.ticks")
        ticks.register(background.importing.drop_forgotten)
        ticks.register(background.importing.drop_orphans)
        ticks.register(background.importing.take_back_stopped)
        for name, title in (
            ("check_file", "Checking a file"),
            ("import_file", "Importing a file"),
            ("undo_import", "Undoing an import"),
        ):
            run = getattr(background, name)
            register(JobKind(name, run=run, queue="import", most_tries=5, title=title))
