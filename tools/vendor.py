"""Fetch the face's vendored files from npm and write their manifest.

``python tools/vendor.py`` packs the versions below, compiles the parts of Bootstrap
that the pages use, and builds one sprite of the icons. The result is committed; a
test compares it with the manifest's checksums.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
BOOTSTRAP = "bootstrap@5.3.9"
SASS = "sass@1.108.2"
PARTS = (
    "functions",
    "variables",
    "variables-dark",
    "maps",
    "mixins",
    "utilities",
    "root",
    "reboot",
    "type",
    "forms",
    "buttons",
    "card",
    "progress",
    "helpers",
    "utilities/api",
)
ICON_SET = "bootstrap-icons@1.13.2"
ICONS = [
    "archive",
    "arrow-counterclockwise",
    "arrow-down",
    "arrow-down-circle-fill",
    "arrow-left",
    "arrow-left-right",
    "arrow-right",
    "arrow-up",
    "bag",
    "bar-chart",
    "bell",
    "box-arrow-right",
    "box-seam",
    "building",
    "buildings",
    "calendar-check",
    "calendar3",
    "camera",
    "cart",
    "check",
    "check-circle",
    "check-circle-fill",
    "check-lg",
    "check-square",
    "check2-square",
    "chevron-down",
    "chevron-expand",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle",
    "circle-half",
    "clipboard-check",
    "clipboard-plus",
    "clock",
    "clock-history",
    "cloud-upload",
    "copy",
    "database",
    "download",
    "exclamation-octagon-fill",
    "exclamation-triangle-fill",
    "eye-slash",
    "file-earmark-text",
    "file-earmark-pdf",
    "file-earmark-spreadsheet",
    "files",
    "filter",
    "gear",
    "geo-alt",
    "graph-down-arrow",
    "graph-up",
    "hourglass-split",
    "house",
    "house-fill",
    "info-circle",
    "key",
    "layers",
    "lightbulb",
    "list",
    "lock",
    "mailbox",
    "moon",
    "moon-stars",
    "patch-check",
    "pause-circle-fill",
    "pencil",
    "pencil-fill",
    "people",
    "person",
    "person-plus",
    "plus",
    "plus-circle-fill",
    "plus-lg",
    "dash-lg",
    "dash",
    "question-circle",
    "question-diamond",
    "receipt",
    "reply",
    "search",
    "send",
    "shop",
    "slash-circle",
    "sliders",
    "sun",
    "table",
    "telephone",
    "three-dots",
    "trash",
    "truck",
    "upc-scan",
    "x-circle-fill",
    "x-lg",
    "x-octagon-fill",
    "pin-angle-fill",
    "circle-fill",
    "square-fill",
    "stars",
    "envelope",
    "play-fill",
    "tag",
    "arrow-return-right",
    "layout-three-columns",
    "shield-lock",
]


def packed(name: str, folder: Path) -> Path:
    """Unpack a package of the npm registry below ``folder``."""
    done = subprocess.run(
        ["npm", "pack", "--silent", name],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    target = folder / name.replace("@", "-")
    with tarfile.open(folder / done.stdout.strip()) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def compiled(styles: Path) -> str:
    """The parts of Bootstrap that the pages use."""
    entry = styles / "parts.scss"
    entry.write_text("".join(f'@import "{part}";\n' for part in PARTS))
    command = ["npx", "--yes", SASS, "--quiet-deps", "--quiet", "--style=compressed"]
    done = subprocess.run(
        [*command, "--no-source-map", entry],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def sprite(icons: Path) -> str:
    symbols = []
    for name in sorted(ICONS):
        svg = (icons / f"{name}.svg").read_text()
        shapes = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", svg.strip())
        body = re.sub(r"\s*\n\s*", "", shapes)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body}</symbol>')
    inside = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{inside}\n</svg>\n'


def main() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        bootstrap = packed(BOOTSTRAP, Path(scratch))
        icons = packed(ICON_SET, Path(scratch))
        (VENDOR / "bootstrap.min.css").write_text(compiled(bootstrap / "scss"))
        (VENDOR / "icons.svg").write_text(sprite(icons / "icons"))
    sources = {"bootstrap.min.css": BOOTSTRAP, "icons.svg": ICON_SET}
    manifest = {
        name: {
            "from": source,
            "licence": "MIT",
            "sha256": hashlib.sha256((VENDOR / name).read_bytes()).hexdigest(),
        }
        for name, source in sources.items()
    }
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
