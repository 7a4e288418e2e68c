"""How many files one person may upload in a minute."""

import time

from django.conf import settings
from django.core.cache import cache

from accounts.models import User

MINUTE = 60


def may_upload(person: User) -> bool:
    """Count this upload; False where there were too many in the last minute."""
    key, now = f"uploads-{person.pk}", time.time()
    recent = [moment for moment in cache.get(key, []) if moment > now - MINUTE]
    if len(recent) >= settings.UPLOADS_PER_MINUTE:
        return False
    cache.set(key, [*recent, now], MINUTE)
    return True
