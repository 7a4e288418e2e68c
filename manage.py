#!/usr/bin/env python
"""The command line of JIT Backoffice."""

import os
import sys

from django.core.management import execute_from_command_line

from jit_backoffice import embedded

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jit_backoffice.settings")
    with embedded.servers_for(sys.argv[1:]):
        execute_from_command_line(sys.argv)
