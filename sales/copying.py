"""Rows of a query as a NumPy table, by binary COPY: no object per value."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

HEADER_BYTES, TRAILER_BYTES = 19, 2
KINDS = {"int4": ">i4", "int8": ">i8", "float4": ">f4", "float8": ">f8"}


def copy_rows(
    query: str, arguments: Mapping[str, Any], columns: Mapping[str, str]
) -> NDArray[np.void]:
    """Run a SELECT whose columns are numbers and never NULL.

    Parameters
    ----------
    query : SELECT with as many columns as ``columns``, each cast to its kind
    arguments : named parameters of the query
    columns : name of each column and its kind, a key of ``KINDS``

    Returns
    -------
    Structured array, one field per column, in machine byte order when read.

    Notes
    -----
    Each row of the format is a field count of two bytes, and per field a length of
    four bytes and the value in network order: fixed, as nothing is NULL.
    """
    layout: list[tuple[str, str]] = [("count", ">i2")]
    for name, kind in columns.items():
        layout += [(f"length of {name}", ">i4"), (name, KINDS[kind])]
    with connection.cursor() as cursor:
        statement = f"COPY ({query}) TO STDOUT (FORMAT binary)"
        with cursor.copy(statement, arguments) as copy:
            packed = b"".join(copy)
    body = packed[HEADER_BYTES : len(packed) - TRAILER_BYTES]
    return np.frombuffer(body, dtype=np.dtype(layout))
