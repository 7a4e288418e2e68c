"""Keys of rows: a short digest of what makes a row the same as another."""

from hashlib import blake2b

KEY_BYTES = 16


def digest(*parts: str) -> bytes:
    return blake2b("\x1f".join(parts).encode(), digest_size=KEY_BYTES).digest()
