import os
import time
from pathlib import Path

from imports.kinds import kinds_of
from imports.previewing import preview_first_rows
from imports.uploading import receive_path

begun = time.monotonic()
imported = receive_path(
    Path(os.environ["BENCH_FILE"]), kinds=kinds_of("sales"), options={}
)
preview_first_rows(imported)
assert imported.preview["rows"]
print(time.monotonic() - begun)
