"""What happens once, when a shop is still empty."""

from dataclasses import dataclass

from accounts.models import User
from accounts.signing_in import DEMO_ADDRESSES
from inventory.models import Product
from jobs.models import Job
from jobs.running import enqueue

DEMO_KIND = "demo_shop"
DEMO_PASSWORD = "demo-shop-2026"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SignIns:
    password: str
    addresses: tuple[str, ...]


def load_demo_shop_once() -> Job | None:
    """Queue the demo shop's job, the marker of which is its row, in an empty shop."""
    if User.objects.exists() or Product.objects.exists():
        return None
    return enqueue(DEMO_KIND, key="1")


def demo_sign_ins() -> SignIns | None:
    if not Job.objects.filter(kind=DEMO_KIND).exists():
        return None
    return SignIns(DEMO_PASSWORD, DEMO_ADDRESSES)
