"""Numbers, money and dates as a person reads them: screens, mail and PDF alike."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from jit_backoffice.words import CURRENCY_SIGNS

NONE = "–"
FAR_DAYS = 300

Number = Decimal | float | int | None


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


def money(value: Number, currency: str = "") -> str:
    """1,284.60, or with its currency €1,284.60."""
    if value is None or value == "":
        return NONE
    exact = Decimal(str(value))
    sign = CURRENCY_SIGNS.get(currency, f"{currency} " if currency else "")
    minus = "−" if exact < 0 else ""
    return f"{minus}{sign}{abs(exact):,.2f}"


def round_money(value: Number, currency: str = "") -> str:
    """€2,140: for tiles, where cents are noise."""
    text = money(value, currency)
    cents_count = value is not None and 0 < abs(float(value)) < 10
    return text if cents_count else text.rsplit(".", 1)[0]


def signed(value: Number) -> str:
    """+12, −3, 0."""
    return f"+{number(value)}" if value is not None and value > 0 else number(value)


def percent(share: float | Decimal | None, decimals: int = 0) -> str:
    """0.98 → 98 %."""
    return NONE if share is None else f"{float(share) * 100:.{decimals}f} %"


def day(value: dt.date | dt.datetime | None) -> str:
    """Thu 3 Dec; with the year when it is far away."""
    if value is None:
        return NONE
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    today = timezone.localdate()
    far = abs((value - today).days) > FAR_DAYS
    return f"{value:%a} {value.day} {value:%b}" + (f" {value:%Y}" if far else "")


def moment(value: dt.datetime | None) -> str:
    """Sun 22 Nov, 16:12 in the shop's time."""
    if value is None:
        return NONE
    return f"{day(value)}, {timezone.localtime(value):%H:%M}"


def clock(value: dt.datetime | dt.time | None) -> str:
    """16:12 in the shop's time."""
    if value is None:
        return NONE
    local = timezone.localtime(value) if isinstance(value, dt.datetime) else value
    return f"{local:%H:%M}"


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


def cover(days: float | None) -> str:
    """Days of cover in whole days; 99+ above that."""
    if days is None:
        return NONE
    return "99+" if days > 99 else f"{int(days)}"


def counted(value: int, words: str) -> str:
    """3|counted:"order,orders" → 3 orders."""
    one, many = words.split(",")
    return f"{number(value)} {one if value == 1 else many}"
