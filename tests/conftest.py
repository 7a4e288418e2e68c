"""A throw-away PostgreSQL for the tests, unless DATABASE_URL names one."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from accounts.models import Role, User
from inventory.models import Location, LocationAccess, Product
from jit_backoffice import celery_app, embedded
from tests.skips import (  # noqa: F401
    pytest_collectreport,
    pytest_runtest_logreport,
    pytest_sessionfinish,
    pytest_terminal_summary,
)
from vendors.models import Vendor, VendorProduct

PASSWORD = "correct horse battery"
# A slow hash is for real passwords; five people per test would take seconds.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.UPLOADS_PER_MINUTE = 1000


@pytest.fixture(scope="session")
def database_server():
    """The address of a server that goes with the tests."""
    if "DATABASE_URL" in os.environ:
        yield os.environ["DATABASE_URL"]
        return
    folder = Path(tempfile.mkdtemp(prefix="backoffice-test-"))
    folder.chmod(0o755)
    embedded.start(folder, durable=False)
    yield embedded.address(folder)
    embedded.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server):
    port = str(settings.DATABASES["default"]["PORT"])
    if "DATABASE_URL" not in os.environ:
        port = database_server.rsplit(":", 1)[1].split("/")[0]
    settings.DATABASES["default"]["PORT"] = port
    connections["default"].settings_dict["PORT"] = port


@pytest.fixture(scope="session", autouse=True)
def broker():
    """Ids of test jobs go to a broker in memory, never to one that runs here."""
    celery_app.conf.broker_url = "memory://"


class People:
    """The cast: one person per role, and an outsider with another store."""

    def __init__(self, own, other):
        self.manager = self._person("manager", Role.MANAGER, own)
        self.buyer = self._person("buyer", Role.BUYER, approval_limit=1000)
        self.admin = self._person("admin", Role.ADMIN)
        self.viewer = self._person("viewer", Role.VIEWER)
        self.outsider = self._person("outsider", Role.MANAGER, other)

    def _person(self, name, role, *locations, **fields):
        user = User.objects.create_user(
            f"{name}@example.com", PASSWORD, name=name.title(), role=role, **fields
        )
        for location in locations:
            LocationAccess.objects.create(user=user, location=location)
        return user


@pytest.fixture
def old_town(db):
    return Location.objects.create(name="Old Town", time_zone="Europe/Amsterdam")


@pytest.fixture
def harbour(db):
    return Location.objects.create(name="Harbour", time_zone="Europe/Amsterdam")


@pytest.fixture
def depot(db):
    return Location.objects.create(
        name="Depot", kind=Location.Kind.WAREHOUSE, time_zone="Europe/Amsterdam"
    )


@pytest.fixture
def people(old_town, harbour):
    return People(old_town, harbour)


@pytest.fixture
def near(db):
    """Two days away, no minimum."""
    return Vendor.objects.create(
        name="Near", email="orders@near.example", lead_time_days=2
    )


@pytest.fixture
def far(db):
    """Thirty days away, give or take eight."""
    return Vendor.objects.create(
        name="Far", email="orders@far.example", lead_time_days=30, lead_time_sd_days=8
    )


@pytest.fixture
def steady(near):
    product = Product.objects.create(
        sku="GR-1042", name="Oat drink, barista 1 L", category="Grocery", price="2.49"
    )
    VendorProduct.objects.create(vendor=near, product=product, cost="1.42", case_pack=6)
    return product


@pytest.fixture
def lumpy(far):
    product = Product.objects.create(
        sku="HW-2031", name="Dinner plate, speckled", category="Homeware", price="12.90"
    )
    VendorProduct.objects.create(
        vendor=far, product=product, cost="5.40", case_pack=24, moq=48
    )
    return product
