#!/usr/bin/env python
"""The command line of JIT Backoffice."""

import os
import signal
import sys

from django.core.management import execute_from_command_line

from jit_backoffice import embedded
from jit_backoffice.postgres_programs import EmbeddedError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jit_backoffice.settings")
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        with embedded.servers_for(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
