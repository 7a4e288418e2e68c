"""Start the whole site on this machine, and stop it on Ctrl-C."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from jit_backoffice.children import ChildError
from jit_backoffice.demo_start import begin_demo_shop
from jit_backoffice.first_start import demo_sign_ins
from jit_backoffice.local_site import LocalSite
from jit_backoffice.postgres_programs import EmbeddedError
from jit_backoffice.probes import has_pending_migrations


class Command(BaseCommand):
    help = "Start databases, web, workers and beat here; Ctrl-C stops them all."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = os.environ.get("PORT") or "8000"
        parser.add_argument("--port", type=int, default=port)
        parser.add_argument("--no-demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with LocalSite(options["port"]) as site:
                self.start(site, with_demo=not options["no_demo"])
                while True:
                    time.sleep(0.5)
                    site.keep_up()
        except ChildError as error:
            raise EmbeddedError(str(error)) from error
        except (KeyboardInterrupt, SystemExit):
            self.stdout.write("Stopped. Your data is kept.")

    def start(self, site: LocalSite, *, with_demo: bool) -> None:
        self.stdout.write("Starting …")
        self.stdout.flush()
        site.start_databases()
        if has_pending_migrations():
            call_command("migrate", verbosity=0, interactive=False)
        if with_demo:
            begin_demo_shop()
        sign_ins = demo_sign_ins()
        connection.close()
        site.start_web()
        site.start_workers()
        self.stdout.write(f"\nJIT Backoffice is at {site.address}\n")
        if sign_ins:
            self.stdout.write(f"The demo shop's people, password {sign_ins.password}:")
            for address in sign_ins.addresses:
                self.stdout.write(f"  {address}")
        self.stdout.write(f"Data and logs are in {site.folder}; Ctrl-C stops all.")
        self.stdout.flush()
