"""What the containers ask: ``python -m jit_backoffice.healthcheck web|broker|…``.

Exit 0 when well. It must start quickly, so it uses no Django.
"""

import os
import sys
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import psycopg
import redis

SILENT_AFTER = "3 minutes"


def web() -> bool:
    """The web server beside us is ready, asked under the site's own name."""
    site = urlsplit(os.environ["SITE_URL"])
    headers = {"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
    ask = Request("http://127.0.0.1:8000/readyz", headers=headers)
    with urlopen(ask, timeout=8) as answer:  # noqa: S310
        return bool(answer.status == 200)


def broker() -> bool:
    return bool(redis.from_url(os.environ["REDIS_URL"], socket_timeout=8).ping())


def pulse(name: str) -> bool:
    """Whether this sign of life is young enough."""
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=8) as connection:
        row = connection.execute(
            "SELECT beaten_at > now() - %s::interval FROM jobs_pulse WHERE name = %s",
            (SILENT_AFTER, name),
        ).fetchone()
    return bool(row and row[0])


def main(what: str) -> bool:
    ask = {"web": web, "broker": broker}.get(what)
    return ask() if ask else pulse(what)


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1]) else 1)
