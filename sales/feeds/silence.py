"""When a feed that says nothing has died. Pure."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

USUAL_GAPS = 6
LEAST = dt.timedelta(hours=24)


def allowed_silence(hours_heard: Sequence[dt.datetime]) -> dt.timedelta:
    """How long the feed may say nothing before somebody should look.

    Parameters
    ----------
    hours_heard : hours of the last weeks with a message, oldest first

    Returns
    -------
    Six times the usual gap, at least a day, and never less than the second longest
    silence of these weeks: a shop that closes on Sundays is not dead on Mondays, and
    one real outage does not excuse the next.

    Examples
    --------
    >>> at = dt.datetime(2026, 11, 2, 9)
    >>> allowed_silence([at + dt.timedelta(hours=n) for n in range(10)])
    datetime.timedelta(days=1)
    >>> allowed_silence([at + dt.timedelta(hours=12 * n) for n in range(10)])
    datetime.timedelta(days=3)
    """
    gaps = sorted(later - earlier for earlier, later in pairwise(hours_heard))
    if not gaps:
        return LEAST
    usual = dt.timedelta(seconds=median(gap.total_seconds() for gap in gaps))
    second_longest = gaps[-2] if len(gaps) > 1 else dt.timedelta()
    return max(LEAST, USUAL_GAPS * usual, second_longest)
