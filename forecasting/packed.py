"""Dataclasses of arrays as bytes, so that shards and runs can hand them on."""

import io
from dataclasses import dataclass, fields
from typing import Self

import numpy as np


@dataclass(frozen=True, slots=True)
class Packed:
    """Base of dataclasses whose fields are all NumPy arrays."""

    def to_bytes(self) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, **{f.name: getattr(self, f.name) for f in fields(self)})
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            return cls(**{f.name: arrays[f.name] for f in fields(cls)})
