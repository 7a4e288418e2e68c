"""The one answer to "may this person do that?"."""

from typing import Any, Protocol, Self, cast

from accounts.models import Role, User

EVERYONE = frozenset(Role)
STORE = frozenset({Role.MANAGER, Role.BUYER, Role.ADMIN})
BUYING = frozenset({Role.BUYER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})

ACTIONS: dict[str, frozenset[Role]] = {
    "view": EVERYONE,
    "count_stock": STORE,
    "adjust_stock": STORE,
    "transfer_stock": STORE,
    "edit_order": STORE,
    "submit_order": STORE,
    "receive_order": STORE,
    "snooze_alert": STORE,
    "approve_order": BUYING,
    "send_order": BUYING,
    "cancel_order": BUYING,
    "add_product": BUYING,
    "edit_product": STORE,
    "merge_products": BUYING,
    "edit_cost": BUYING,
    "edit_vendor": BUYING,
    "edit_location": ADMINS,
    "edit_people": ADMINS,
    "edit_defaults": ADMINS,
    "import_files": ADMINS,
    "read_vendor_mail": BUYING,
    "read_account_mail": ADMINS,
}


class VisibleQuerySet(Protocol):
    def visible_to(self, user: User) -> Self: ...
    def filter(self, *args: Any, **kwargs: Any) -> Self: ...
    def exists(self) -> bool: ...


def can(user: User, action: str, obj: Any = None) -> bool:
    """Whether the role allows the action and, if given, the object is visible."""
    if not user.is_active or user.role not in ACTIONS[action]:
        return False
    if obj is None:
        return True
    visible = cast(VisibleQuerySet, type(obj).objects).visible_to(user)
    return visible.filter(pk=obj.pk).exists()
