"""CSV line by line, for files that go out while they are written."""

import csv
from typing import Any


class Line:
    """Takes what the CSV writer writes and gives it back."""

    def write(self, text: str) -> str:
        return text


def line_writer() -> Any:
    """A CSV writer whose ``writerow`` returns the line."""
    return csv.writer(Line())
