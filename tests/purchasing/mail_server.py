"""A real SMTP server on loopback that behaves as it is told."""

import asyncio
import socket
import threading

from aiosmtpd.controller import Controller


class Vendor:
    """Keeps what it accepts; ``answers`` are given to DATA first, in turn."""

    def __init__(self, *answers, recipient_answer="", stalls=False):
        self.answers = list(answers)
        self.recipient_answer = recipient_answer
        self.stalls = stalls
        self.mails = []
        self.accepted = threading.Event()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(envelope)
        self.accepted.set()
        if self.stalls:
            await asyncio.sleep(60)
        return "250 Kept"


def listen(vendor):
    """Start the server on a free port; the caller stops it."""
    controller = Controller(vendor, hostname="127.0.0.1", port=free_port())
    controller.start()
    return controller


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def mailers(port, timeout=5):
    """Settings that name the server."""
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": timeout},
        }
    }
