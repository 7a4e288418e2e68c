"""Resolve every package anew and pin what was found in pyproject.toml.

Called as ``python tools/lock.py UV…``, where UV… is the uv command to use.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
PINS = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.DOTALL | re.MULTILINE)
PLACE = "package = false\n"


def main(uv: list[str]) -> None:
    text = PINS.sub("", PROJECT.read_text())
    PROJECT.write_text(text)
    subprocess.run([*uv, "lock", "--upgrade"], cwd=ROOT, check=True)
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    pins = [
        f'  "{package["name"]}=={package["version"]}",\n'
        for package in packages
        if "registry" in package["source"]
    ]
    block = f"constraint-dependencies = [\n{''.join(sorted(pins))}]\n"
    PROJECT.write_text(text.replace(PLACE, PLACE + block))


if __name__ == "__main__":
    main(sys.argv[1:])
