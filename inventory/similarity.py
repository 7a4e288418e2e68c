"""How alike two names are: equal but for case and blanks, or nearly. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

WORDS = re.compile(r"\w+")
NUMBERS = re.compile(r"\d+(?:[.,]\d+)?")
ROWS_AT_ONCE = 500

type Matrix = sparse.csr_array[np.float32, tuple[int, int]]


class Near(NamedTuple):
    """Names at these places are alike: 1 where they consist of the same letters."""

    place: int
    other: int
    similarity: float


def plain(text: str) -> str:
    """A name without what is not seen: case, blanks, and widths of letters.

    Examples
    --------
    >>> plain(" Matcha  Latte ") == plain("matcha latte")
    True
    >>> plain("ＣＡＦÉ")
    'café'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def without_zeros(code: str) -> str:
    """A code as a spreadsheet leaves it when it takes it for a number.

    Examples
    --------
    >>> without_zeros("0017"), without_zeros("A-0017"), without_zeros("000")
    ('17', 'a-0017', '0')
    """
    known = plain(code)
    return known.lstrip("0") or "0" if known.isdigit() else known


def trigrams(text: str) -> set[str]:
    """The pieces of three letters of each word, with two blanks before and one after.

    Examples
    --------
    >>> sorted(trigrams("Cat"))
    ['  c', ' ca', 'at ', 'cat']
    """
    return {
        padded[start : start + 3]
        for word in WORDS.findall(plain(text))
        for padded in (f"  {word} ",)
        for start in range(len(padded) - 2)
    }


def numbers(text: str) -> tuple[str, ...]:
    """The figures in a name, in order: “1 L” and “2 L” are not the same item."""
    return tuple(sorted(NUMBERS.findall(plain(text).replace(",", "."))))


def near(names: Sequence[str], others: Sequence[str], *, least: float) -> list[Near]:
    """Names that are alike in two lists.

    Parameters
    ----------
    names, others : names as they are written
    least : smallest similarity, above 0

    Returns
    -------
    Places in ``names`` and in ``others``, in order of the first, the most alike first.

    Notes
    -----
    Similarity is the share of common trigrams among all of both (Jaccard), as in
    PostgreSQL's pg_trgm. Names with different figures are never alike. Two sets of
    that share have one of their rarest pieces in common: of n pieces the
    n - ⌈least · n⌉ + 1 rarest (prefix filtering; Bayardo, Ma and Srikant, 2007), so
    only such pairs are compared.

    Examples
    --------
    >>> near(["Matcha latte"], ["Mocha", "Matcha Lattee"], least=0.6)
    [Near(place=0, other=1, similarity=0.8)]
    >>> near(["Oat drink 1 L"], ["Oat drink 2 L"], least=0.6)
    []
    """
    pieces = [trigrams(name) for name in (*names, *others)]
    frequency = Counter(piece for own in pieces for piece in own)
    rarest_first = sorted(frequency, key=lambda piece: (frequency[piece], piece))
    columns = {piece: column for column, piece in enumerate(rarest_first)}
    rows = [sorted(columns[piece] for piece in own) for own in pieces]
    prefixes = [row[: len(row) - _ceil(least * len(row)) + 1] for row in rows]
    cut = len(names)
    whole, rare = _matrix(rows, len(columns)), _matrix(prefixes, len(columns))
    figures = _numbered([numbers(name) for name in (*names, *others)])
    found = _alike(whole[:cut], whole[cut:], rare[:cut], rare[cut:], figures, least)
    return sorted(found, key=lambda one: (one.place, -one.similarity, one.other))


def _alike(
    left: Matrix,
    right: Matrix,
    left_rare: Matrix,
    right_rare: Matrix,
    figures: NDArray[np.int64],
    least: float,
) -> Iterator[Near]:
    sizes_left = np.diff(left.indptr)
    sizes_right = np.diff(right.indptr)
    other_way = right_rare.T.tocsr()
    for start in range(0, left.shape[0], ROWS_AT_ONCE):
        pairs = (left_rare[start : start + ROWS_AT_ONCE] @ other_way).tocoo()
        place, other = pairs.row + start, pairs.col
        kept = figures[place] == figures[left.shape[0] + other]
        place, other = place[kept], other[kept]
        if not place.size:
            continue
        common = np.asarray(left[place].multiply(right[other]).sum(axis=1)).ravel()
        share = common / (sizes_left[place] + sizes_right[other] - common)
        for n in np.flatnonzero(share >= least):
            yield Near(int(place[n]), int(other[n]), round(float(share[n]), 3))


def _matrix(rows: Sequence[Sequence[int]], width: int) -> Matrix:
    ends = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.fromiter((c for row in rows for c in row), np.int64, int(ends[-1]))
    ones = np.ones(columns.size, np.float32)
    return sparse.csr_array((ones, columns, ends), shape=(len(rows), width))


def _numbered(values: Iterable[tuple[str, ...]]) -> NDArray[np.int64]:
    known: dict[tuple[str, ...], int] = {}
    return np.array([known.setdefault(value, len(known)) for value in values], np.int64)


def _ceil(value: float) -> int:
    return int(np.ceil(value - 1e-9))
