"""What docs/feeds.md tells people to do works as it stands there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from inventory.models import Product
from tests.sales.feeds.messages import SECRET, lines, read

GUIDE = (Path(settings.BASE_DIR) / "docs/feeds.md").read_text()


def block(language):
    return re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")),
    reason="needs curl and openssl",
)
def test_the_example_is_signed_sent_and_counted(tmp_path, live_server, own, steady):
    (tmp_path / "order.json").write_text(block("json"))
    address = live_server.url + reverse("feed_messages", args=[own.pk])
    done = subprocess.run(
        ["sh", "-c", block("sh")],  # noqa: S607
        cwd=tmp_path,
        env=os.environ | {"SECRET": SECRET, "ADDRESS": address},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, '{"received": true}'), done.stderr
    read(own)
    assert Product.objects.get() == steady
    assert [(line[0], line[1], line[2], line[5], line[7]) for line in lines()] == [
        ("R-1001", "return", "GR-1042", -1.0, -2.49),
        ("R-1001", "sale", "GR-1042", 2.0, 4.98),
    ]
