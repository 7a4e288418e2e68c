"""Whose row it is, without knowing who: a salted hash in place of a reference."""

import re
from hashlib import blake2b

from django.conf import settings

from imports.values import clean

HASHED = re.compile(r"ref:[0-9a-f]{32}")
MOST_KNOWN = 50_000


class ReferenceHash:
    """Hashes the references of one file; what is a hash already stays as it is."""

    def __init__(self) -> None:
        self.salt = settings.SECRET_KEY.encode()[:64]
        self.known: dict[str, str] = {"": ""}

    def of(self, text: str) -> str:
        known = self.known.get(text)
        if known is None:
            if len(self.known) > MOST_KNOWN:
                self.known = {"": ""}
            known = self.known[text] = self.hashed(clean(text))
        return known

    def hashed(self, reference: str) -> str:
        if not reference or HASHED.fullmatch(reference):
            return reference
        written = reference.encode(errors="surrogatepass")
        digest = blake2b(written, key=self.salt, digest_size=16)
        return f"ref:{digest.hexdigest()}"
