"""Bringing a file in, step by step; each step has an address and can be left."""

from imports.views.checks import import_check, import_held, import_rows
from imports.views.listing import import_list
from imports.views.results import import_result, import_undo, import_waiting
from imports.views.understanding import (
    import_columns,
    import_detected,
    import_locations,
)
from imports.views.upload import import_cancellation, import_new
from imports.views.writing import import_progress

__all__ = [
    "import_cancellation",
    "import_check",
    "import_columns",
    "import_detected",
    "import_held",
    "import_list",
    "import_locations",
    "import_new",
    "import_progress",
    "import_result",
    "import_rows",
    "import_undo",
    "import_waiting",
]
