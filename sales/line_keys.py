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


@once
def receipt_part(receipt: str) -> str:
    """How the keys of all lines of a receipt begin, for COPY.

    >>> receipt_part("R-1001")[:11] < receipt_part("R-1002")[:11]
    True
    """
    number = int(NOT_A_DIGIT.sub("", receipt)[-LAST_DIGITS:] or 0)
    digest = blake2b(receipt.encode(), digest_size=RECEIPT_BYTES).digest()
    return copied_key(number.to_bytes(ORDER_BYTES) + digest)


@once
def item_part(*item: str) -> str:
    """How the key of a line ends: what tells the lines of one receipt apart."""
    return blake2b("\x1f".join(item).encode(), digest_size=ITEM_BYTES).hexdigest()
