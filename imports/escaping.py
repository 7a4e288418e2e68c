"""Cells that a spreadsheet would take for a formula, escaped so that nothing is lost.

Pure. An apostrophe goes before such a cell, and before one that already looks
escaped, so that taking off exactly one always gives back what was there.
"""

import re

DANGEROUS = re.compile(r"'*(\s*[=+\-@＝＋－＠]|[\t\r\n])")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def escaped(cell: str) -> str:
    """
    >>> escaped("=1+1"), escaped("-7.00"), escaped("Latte"), escaped("'=1+1")
    ("'=1+1", '-7.00', 'Latte', "''=1+1")
    >>> escaped(" =1+1"), escaped("\\n=1+1")
    ("' =1+1", "'\\n=1+1")
    """
    if DANGEROUS.match(cell) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def without_escape(cell: str) -> str:
    """
    >>> without_escape("'=1+1"), without_escape("'s Gravenhage"), without_escape("=1")
    ('=1+1', "'s Gravenhage", '=1')
    """
    if cell.startswith("'") and DANGEROUS.match(cell):
        return cell[1:]
    return cell
