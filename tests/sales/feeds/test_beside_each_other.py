"""Messages at once, a worker killed in the middle, and two readers of one feed."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from imports.models import Import
from inventory import ledger
from inventory.models import SaleLine
from sales.feeds import applying
from sales.feeds.models import Feed, FeedMessage
from tests.sales.feeds.messages import lines, order, post, read, refund

pytestmark = pytest.mark.django_db(transaction=True)
# A worker that says when all of a batch is written, and never commits it.
WORKER = """
import sys, time
import django
django.setup()
from sales.feeds import applying
from sales.feeds.models import Feed
write = applying.write
def write_and_wait(feed, states):
    write(feed, states)
    print("written", flush=True)
    time.sleep(60)
applying.write = write_and_wait
feed = Feed.objects.select_related("location", "source").get(pk=int(sys.argv[1]))
applying.apply_batch(feed)
"""


def at_once(number, work):
    """Run the same work in so many threads, each with its own connection."""
    start = threading.Barrier(number)
    failed = []

    def begin():
        try:
            start.wait()
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_eight_threads_that_post_the_same_message_count_once(shopify):
    body = order()
    answers = []
    at_once(8, lambda: answers.append(post(Client(), shopify, body).status_code))
    assert answers == [200] * 8
    read(shopify)
    assert len(lines()) == SaleLine.objects.count() == 1


def test_two_readers_of_a_feed_read_each_message_once(client, shopify):
    for number in range(30):
        post(client, shopify, order(1000 + number))

    def read_all():
        feed = Feed.objects.select_related("location", "source").get(pk=shopify.pk)
        while applying.apply_batch(feed):
            pass

    at_once(4, read_all)
    assert len(lines()) == 30
    assert Import.objects.get().rows_new == 30
    assert ledger.reconcile() == []


def test_a_message_that_came_while_a_batch_was_read_is_read_next(
    client, shopify, monkeypatch
):
    post(client, shopify, order())
    write = applying.write

    def write_late(feed, states):
        if not FeedMessage.objects.filter(receipt="#1002").exists():
            at_once(1, lambda: post(Client(), shopify, order(1002)))
        write(feed, states)

    monkeypatch.setattr(applying, "write", write_late)
    read(shopify)
    assert [line[0] for line in lines()] == ["#1001", "#1002"]


def test_a_worker_killed_with_all_written_leaves_nothing_and_loses_nothing(
    client, shopify
):
    for body in (order(), refund(), order(1002)):
        post(client, shopify, body)
    database = connection.settings_dict
    address = (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
        f":{database['PORT']}/{database['NAME']}"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(shopify.pk)],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "jit_backoffice.settings",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        assert worker.stdout.readline() == "written\n"
        worker.send_signal(signal.SIGKILL)
    assert worker.returncode == -signal.SIGKILL
    assert lines() == []
    assert FeedMessage.objects.waiting().count() == 3
    read(shopify)
    assert [line[1] for line in lines()] == ["return", "sale", "sale"]
    assert ledger.reconcile() == []
