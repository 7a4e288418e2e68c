"""The location that a person works in now, for every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from inventory.models import Location, Shop

SESSION_KEY = "current_location"


def visible_locations(request: HttpRequest) -> list[Location]:
    """Locations in use that the person may see; asked once per request."""
    if not request.user.is_authenticated:
        return []
    known: list[Location] | None = getattr(request, "visible_locations", None)
    if known is None:
        known = list(Location.objects.visible_to(request.user).filter(is_active=True))
        request.visible_locations = known  # type: ignore[attr-defined]
    return known


def chosen_location(request: HttpRequest) -> Location | None:
    """The chosen location among those the person may see; None means all of them."""
    visible = visible_locations(request)
    if len(visible) == 1:
        return visible[0]
    pk = request.session.get(SESSION_KEY)
    return next((place for place in visible if place.pk == pk), None)


def chosen_locations(request: HttpRequest) -> list[Location]:
    """The chosen location alone, or all that the person may see."""
    chosen = chosen_location(request)
    return [chosen] if chosen else visible_locations(request)


class ShopTimeMiddleware:
    """Show times as the clock of the chosen location, or of the shop, shows them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        zones = {place.zone for place in chosen_locations(request)}
        if zones:
            zone = zones.pop() if len(zones) == 1 else Shop.load().zone
            with timezone.override(zone):
                return self.get_response(request)
        return self.get_response(request)
