"""Processes that live and die with this one.

Each is started in a group of its own, so that Ctrl-C reaches us alone and we stop
them in order. The kernel ends them when we are killed ourselves (Linux).
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from jit_backoffice.postgres_programs import OURSELVES, Account

PR_SET_PDEATHSIG = 1
CRASHES_ALLOWED = 3
CRASH_SECONDS = 10


class ChildError(Exception):
    """A process does not stay up; the text says which and where its log is."""


@dataclass(slots=True)
class Child:
    """One process: what it runs, as whom, and how it is asked to stop."""

    name: str
    command: Sequence[str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    account: Account = OURSELVES
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    crashes: list[float] = field(default_factory=list)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.account.prefix, *self.command],
                cwd="/" if self.account.user else None,
                env=os.environ | self.environment,
                user=self.account.user,
                group=self.account.group,
                extra_groups=[] if self.account.user else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=die_with_parent(self.stop_signal),
            )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def restart(self) -> None:
        """Start again what ended by itself, unless it does so all the time."""
        now = time.monotonic()
        self.crashes = [t for t in self.crashes if now - t < CRASH_SECONDS * 3]
        self.crashes.append(now)
        if len(self.crashes) > CRASHES_ALLOWED:
            raise ChildError(f"{self.name} does not stay up: see {self.log}.")
        self.start()

    def ask_to_stop(self) -> None:
        if self.process is not None and not self.has_ended():
            self.process.send_signal(self.stop_signal)

    def make_sure(self, until: float) -> None:
        """Wait for the end; then end what is left of its group."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, until - time.monotonic()))
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def die_with_parent(how: signal.Signals) -> Callable[[], None] | None:
    """What the child runs before its program, so that it does not outlive us."""
    if sys.platform != "linux":
        return None
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True)

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def stop_together(children: Sequence[Child], *, seconds: float) -> None:
    """Ask all at once, wait for all, and leave none."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + seconds
    for child in children:
        child.make_sure(until)
