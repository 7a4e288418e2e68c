"""Filters and tags that every template may use: numbers, dates, states, fields."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from accounts.policy import can
from jit_backoffice.words import CURRENCY_SIGNS, STATES, StateWord

register = template.Library()

NONE = "–"
FAR_DAYS = 300
WORDLESS = StateWord("", "circle", "grey")
GROUPED = (RadioSelect, CheckboxSelectMultiple)

Number = Decimal | float | int | None


@register.filter
def number(value: Number, decimals: int | None = None) -> str:
    """12.500 → 12.5, 1200 → 1,200, −3; an en dash for nothing."""
    if value is None or value == "":
        return NONE
    exact = Decimal(str(value))
    if decimals is None:
        text = f"{exact:,.3f}".rstrip("0").rstrip(".")
    else:
        text = f"{exact:,.{decimals}f}"
    return "0" if text == "-0" else text.replace("-", "−")


@register.filter
def money(value: Number, currency: str = "") -> str:
    """1,284.60, or with its currency €1,284.60."""
    if value is None or value == "":
        return NONE
    exact = Decimal(str(value))
    sign = CURRENCY_SIGNS.get(currency, f"{currency} " if currency else "")
    minus = "−" if exact < 0 else ""
    return f"{minus}{sign}{abs(exact):,.2f}"


@register.filter
def round_money(value: Number, currency: str = "") -> str:
    """€2,140: for tiles, where cents are noise."""
    text = money(value, currency)
    return text if value is None or abs(value) < 10 else text.rsplit(".", 1)[0]


@register.filter
def signed(value: Number) -> str:
    """+12, −3, 0."""
    return f"+{number(value)}" if value is not None and value > 0 else number(value)


@register.filter
def percent(share: float | Decimal | None, decimals: int = 0) -> str:
    """0.98 → 98 %."""
    return NONE if share is None else f"{float(share) * 100:.{decimals}f} %"


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Thu 3 Dec; with the year when it is far away."""
    if value is None:
        return NONE
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    today = timezone.localdate()
    far = abs((value - today).days) > FAR_DAYS
    return f"{value:%a} {value.day} {value:%b}" + (f" {value:%Y}" if far else "")


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Sun 22 Nov, 16:12 in the shop's time."""
    if value is None:
        return NONE
    return f"{day(value)}, {timezone.localtime(value):%H:%M}"


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    """16:12 in the shop's time."""
    if value is None:
        return NONE
    local = timezone.localtime(value) if isinstance(value, dt.datetime) else value
    return f"{local:%H:%M}"


@register.filter
def deadline(value: dt.datetime | None) -> str:
    """Today 14:00, Tomorrow 11:00, Thu 3 Dec, 14:00; Now when it has passed."""
    if value is None:
        return NONE
    if value <= timezone.now():
        return "Now"
    local = timezone.localtime(value)
    ahead = (local.date() - timezone.localdate()).days
    named = {0: "Today", 1: "Tomorrow"}.get(ahead)
    return f"{named} {local:%H:%M}" if named else moment(value)


@register.filter
def cover(days: float | None) -> str:
    """Days of cover in whole days; 99+ above that."""
    if days is None:
        return NONE
    return "99+" if days > 99 else f"{int(days)}"


@register.filter
def counted(value: int, words: str) -> str:
    """3|counted:"order,orders" → 3 orders."""
    one, many = words.split(",")
    return f"{number(value)} {one if value == 1 else many}"


@register.filter
def may(user: User, action: str) -> bool:
    """Whether this person's role allows the action: hide what it does not."""
    return can(user, action)


@register.inclusion_tag("_icon.html")
def icon(name: str, label: str = "") -> dict[str, str]:
    """An icon of the sprite; with a label only where no word stands beside it."""
    return {"name": name, "label": label}


@register.inclusion_tag("_state.html")
def state(kind: str, value: str) -> dict[str, Any]:
    """Icon and word in the state's colour: for tables."""
    return {"state": STATES[kind].get(value, WORDLESS)}


@register.inclusion_tag("_chip.html")
def chip(kind: str, value: str, word: str = "") -> dict[str, Any]:
    """The same on its tint: for headers and short lists."""
    return {"state": STATES[kind].get(value, WORDLESS), "word": word}


@register.inclusion_tag("_field.html")
def field(bound: BoundField, **attributes: Any) -> dict[str, Any]:
    """A form field with label, hint and error, wired for screen readers."""
    widget = bound.field.widget
    check = isinstance(widget, CheckboxInput)
    grouped = isinstance(widget, GROUPED)
    names = "form-check-input" if check or grouped else "form-control"
    if getattr(widget, "input_type", "") == "select":
        names = "form-select"
    if bound.errors:
        names += " is-invalid"
    described = [f"{bound.auto_id}-{part}" for part in ("hint", "error")]
    attributes = {name.replace("_", "-"): v for name, v in attributes.items()}
    attributes |= {"class": names, "aria-describedby": " ".join(described)}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=attributes),
        "check": check,
        "grouped": grouped,
    }


@register.inclusion_tag("_problems.html")
def problems(form: Any) -> dict[str, Any]:
    """The error summary on top of a form: what is wrong, each a link to its field."""
    return {"form": form}


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's own query string with some values changed; empty ones dropped."""
    values: QueryDict = context["request"].GET.copy()
    values.pop("page", None)  # another choice starts on page 1
    for name, value in changes.items():
        values.pop(name, None)
        if value not in (None, ""):
            values[name] = value
    return f"?{values.urlencode()}"
