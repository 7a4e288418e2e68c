"""The location that a person works in now, for every page."""

from django.http import HttpRequest

from inventory.models import Location

SESSION_KEY = "current_location"


def chosen_location(request: HttpRequest) -> Location | None:
    """The chosen location among those the person may see; None means all of them."""
    user = request.user
    if not user.is_authenticated:
        return None
    pk = request.session.get(SESSION_KEY)
    visible = Location.objects.visible_to(user).filter(is_active=True)
    chosen = visible.filter(pk=pk).first() if pk else None
    if chosen is None and not user.sees_all_locations:
        own = list(visible[:2])
        return own[0] if len(own) == 1 else None
    return chosen


def current_location(request: HttpRequest) -> dict[str, object]:
    """Context of base.html: the switcher's choices and the current choice."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "shop_locations": Location.objects.visible_to(user).filter(is_active=True),
        "current_location": chosen_location(request),
    }
