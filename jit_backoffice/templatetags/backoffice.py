"""Filters and tags that every template may use: numbers, dates, states, fields."""

from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import QueryDict

from accounts.models import User
from accounts.policy import can
from jit_backoffice import figures
from jit_backoffice.words import CURRENCY_SIGNS, STATES, StateWord

register = template.Library()

WORDLESS = StateWord("", "circle", "grey")
GROUPED = (RadioSelect, CheckboxSelectMultiple)

for shown in (
    figures.number,
    figures.money,
    figures.round_money,
    figures.signed,
    figures.percent,
    figures.day,
    figures.moment,
    figures.clock,
    figures.deadline,
    figures.cover,
    figures.counted,
):
    register.filter(shown.__name__, shown)


@register.filter
def currency_sign(code: str) -> str:
    """€, for the head of a column."""
    return CURRENCY_SIGNS.get(str(code), str(code))


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


@register.simple_tag
def word(kind: str, value: str) -> str:
    """The word alone: for tabs and sentences."""
    return STATES[kind].get(value, WORDLESS).word


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
