"""Keys of sale lines: what makes a line of a file and one of a feed the same. Pure.

Sixteen bytes: an order, then digests of the receipt (or day) and of the item. Numbers
of neighbouring receipts lie beside each other in the index, and so do their lines.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from string import ascii_letters

from imports.kinds import copied_key
from sales.formats.spelling import once

ORDER_BYTES, RECEIPT_BYTES, ITEM_BYTES = 4, 5, 7
REST_BYTES = RECEIPT_BYTES + ITEM_BYTES
LAST_DIGITS = 9
LATEST = 100
LETTERS = f"{ascii_letters}-#"
NOT_A_DIGIT = re.compile(r"[^0-9]+")


@lru_cache(LATEST)
def receipt_part(receipt: str) -> str:
    """How the keys of all lines of a receipt begin, for COPY.

    >>> receipt_part("R-1001")[:11] < receipt_part("R-1002")[:11]
    True
    """
    digits = receipt.lstrip(LETTERS)
    if not (digits.isascii() and digits.isdigit()):
        digits = NOT_A_DIGIT.sub("", digits)
    digest = blake2b(receipt.encode(), digest_size=RECEIPT_BYTES).hexdigest()
    return rf"\\x{int(digits[-LAST_DIGITS:] or 0):08x}{digest}"


@once
def item_part(*item: str) -> str:
    """How the key of a line ends: what tells the lines of one receipt apart.

    Files without receipts have thousands of lines in one: it needs its seven bytes.
    """
    return blake2b("\x1f".join(item).encode(), digest_size=ITEM_BYTES).hexdigest()


@once
def day_part(date: str) -> str:
    """How the keys of all lines of a day begin: the date itself.

    >>> day_part("2026-05-01") == copied_key((20260501).to_bytes(4))
    True
    """
    return copied_key(int(date.replace("-", "")).to_bytes(ORDER_BYTES))


@once
def day_item_part(*item: str) -> str:
    """How the key of a day's line ends: a day of a chain has far more than a receipt.

    Of a hundred thousand lines, two would have the same five bytes every 200 days.
    """
    return blake2b("\x1f".join(item).encode(), digest_size=REST_BYTES).hexdigest()
