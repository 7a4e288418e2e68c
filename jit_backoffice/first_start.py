"""The demo shop's job and its people's password, which ``up`` prints."""

from dataclasses import dataclass

from accounts.signing_in import DEMO_ADDRESSES
from jobs.models import Job

DEMO_KIND, DEMO_KEY = "demo_shop", "1"
DEMO_PASSWORD = "demo-shop-2026"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SignIns:
    password: str
    addresses: tuple[str, ...]


def demo_sign_ins() -> SignIns | None:
    if not Job.objects.filter(kind=DEMO_KIND).exists():
        return None
    return SignIns(DEMO_PASSWORD, DEMO_ADDRESSES)
