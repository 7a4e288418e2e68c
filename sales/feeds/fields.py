"""Fields of a message, picked by name; all else is never looked at. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sales.feeds.orders import FeedProblem

MOST_LINES = 2000
LONGEST = 400
SURROGATES = dict.fromkeys(range(55296, 57344), "�")


def text_at(body: Mapping[str, Any], name: str) -> str:
    """A text, or a number as it was written; empty where there is none."""
    value = body.get(name)
    if value is None or isinstance(value, dict | list | bool):
        return ""
    plain = str(value).replace("\0", "").translate(SURROGATES)
    return " ".join(plain.split())[:LONGEST]


def needed(body: Mapping[str, Any], name: str, where: str = "") -> str:
    text = text_at(body, name)
    if not text:
        raise FeedProblem(f"{where}{name} is missing.")
    return text


def moment_at(body: Mapping[str, Any], name: str, where: str = "") -> str:
    """A moment with its offset, to the second: 2026-11-24T10:14:00-05:00."""
    text = needed(body, name, where)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 1990 <= moment.year <= 2200:
        raise FeedProblem(
            f"{where}{name} “{text[:40]}” is no time such as 2026-11-24T10:14:00+01:00."
        )
    return moment.replace(microsecond=0).isoformat()


def rows_at(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects; empty where there is none."""
    rows = body.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FeedProblem(f"{name} is not a list of objects.")
    if len(rows) > MOST_LINES:
        raise FeedProblem(f"{name} has more than {MOST_LINES} entries.")
    return rows


def yes_at(body: Mapping[str, Any], name: str) -> bool:
    return body.get(name) is True
