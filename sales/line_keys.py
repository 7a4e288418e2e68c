"""Keys of sale lines: what makes a line of a file and one of a feed the same. Pure.

Sixteen bytes: an order, then digests of the receipt (or day) and of the item. Numbers
of neighbouring receipts lie beside each other in the index, and so do their lines.
"""

import re
from hashlib import blake2b

from imports.kinds import copied_key
from sales.formats.spelling import once

ORDER_BYTES, RECEIPT_BYTES, ITEM_BYTES = 4, 7, 5
LAST_DIGITS = 9
NOT_A_DIGIT = re.compile(r"[^0-9]+")


def line_key(receipt: str, *item: str) -> str:
    """For COPY; ``item`` tells the lines of one receipt apart.

    >>> line_key("R-1001", "sale", "TEA")[:11] < line_key("R-1002", "sale", "TEA")[:11]
    True
    """
    return f"{receipt_part(receipt)}{item_part(item)}"


@once
def receipt_part(receipt: str) -> str:
    number = int(NOT_A_DIGIT.sub("", receipt)[-LAST_DIGITS:] or 0)
    digest = blake2b(receipt.encode(), digest_size=RECEIPT_BYTES).digest()
    return copied_key(number.to_bytes(ORDER_BYTES) + digest)


@once
def item_part(item: tuple[str, ...]) -> str:
    return blake2b("\x1f".join(item).encode(), digest_size=ITEM_BYTES).hexdigest()
