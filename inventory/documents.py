"""Where the document of a stock move is read: each app registers its numbers."""

from collections.abc import Callable

FIRST_TRANSFER_NUMBER = 200

_addresses: dict[str, Callable[[int], str]] = {}


def register(prefix: str, address: Callable[[int], str]) -> None:
    """Documents such as PO-1161: ``address`` takes the number after the prefix."""
    _addresses[prefix] = address


def address_of(document: str) -> str:
    """The page of a document; empty where there is none."""
    prefix, dash, number = document.partition("-")
    address = _addresses.get(prefix + dash)
    return address(int(number)) if address and number.isdecimal() else ""
