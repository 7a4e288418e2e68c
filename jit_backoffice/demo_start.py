"""The demo shop of a first start: its places and people at once, the rest by a job."""

from django.db import transaction

from accounts.models import User
from inventory.models import Product
from jit_backoffice.demo.setting_up import set_up_people, set_up_places
from jit_backoffice.first_start import DEMO_KEY, DEMO_KIND
from jobs.models import Job
from jobs.running import enqueue


@transaction.atomic
def begin_demo_shop() -> Job | None:
    """Once, in an empty shop; so people can sign in and watch it fill."""
    if User.objects.exists() or Product.objects.exists():
        return None
    set_up_people(set_up_places())
    return enqueue(DEMO_KIND, key=DEMO_KEY)
