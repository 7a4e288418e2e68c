"""Read one workbook in a process of its own, with limited memory and time.

Prints the names of the sheets, then a JSON line [row number, cells] per row ([row
number, cause] where it is too long); a line that starts with “!” says why the workbook
is refused. What is checked before any cell is read: the number of parts, their real
size, shared texts, entities, macros, links to other files. Run as
``python -m imports.workbook_child PATH SHEET``.
"""

import json
import resource
import sys
import zipfile
from pathlib import PurePosixPath
from typing import Any, cast
from xml.parsers import expat

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from imports.reading import LONGEST_LINE
from imports.sheet_cells import Cells

MEMORY = 1024**3
SECONDS = 120
MOST_PARTS = 200
MOST_UNPACKED = 300 * 1024**2
MOST_RATIO = 200
MOST_SHARED_TEXTS = 1_000_000
MOST_ROWS = 1_048_576
MOST_COLUMNS = 200
MOST_CELLS = 20_000_000
BLOCK = 1024 * 1024
REFUSED_PARTS = {
    "vbaproject": "This Excel file has macros. Save it as .xlsx or .csv.",
    "externallink": "This Excel file is linked to other files. Save it as .csv.",
}
OTHER_PROGRAMS = {
    "xl/workbook.bin": "This is a binary Excel file (.xlsb). Save it as .xlsx or .csv.",
    "content.xml": "This is an OpenDocument file. Save it as .xlsx or .csv.",
    "Index/Document.iwa": "This is a Numbers file. Export it as .xlsx or .csv.",
}


class Refused(Exception):
    """Why the workbook is not read, in plain words."""


def main(path: str, sheet: str = "") -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        check_parts(path)
        write_rows(path, sheet)
    except Refused as refusal:
        sys.stdout.write(f"!{refusal}\n")
        return 2
    except Exception:
        sys.stdout.write("!This Excel file could not be read safely.\n")
        return 2
    return 0


def check_parts(path: str) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        check_names({part.filename for part in parts})
        if len(parts) > MOST_PARTS:
            raise Refused("This Excel file has too many parts.")
        check_sizes(archive, parts)


def check_names(names: set[str]) -> None:
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        told = [OTHER_PROGRAMS[name] for name in names if name in OTHER_PROGRAMS]
        raise Refused(told[0] if told else "This is a .zip archive, not an Excel file.")
    for name in names:
        if name.startswith("/") or ".." in PurePosixPath(name).parts:
            raise Refused("This Excel file has unsafe names inside.")
        for part, why in REFUSED_PARTS.items():
            if part in name.lower():
                raise Refused(why)


def check_sizes(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack each part block by block, because the sizes it states may be false."""
    unpacked = 0
    for part in parts:
        size = 0
        is_xml = part.filename.endswith((".xml", ".rels"))
        parser = checking_parser() if is_xml else None
        with archive.open(part) as file:
            while block := file.read(BLOCK):
                size += len(block)
                unpacked += len(block)
                if unpacked > MOST_UNPACKED or (
                    size > BLOCK and size > MOST_RATIO * max(part.compress_size, 1)
                ):
                    raise Refused("This Excel file unpacks to too much data.")
                if parser:
                    parser.Parse(block)


def checking_parser() -> expat.XMLParserType:
    """Refuses entities, and a table of shared texts that would fill the memory."""
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse_entity
    texts = 0

    def count_texts(name: str, attributes: dict[str, str]) -> None:
        nonlocal texts
        texts += name.rpartition(":")[2] == "si"
        if texts > MOST_SHARED_TEXTS:
            raise Refused("This Excel file has more than a million texts.")

    def look_at_root(name: str, attributes: dict[str, str]) -> None:
        is_table = name.rpartition(":")[2] == "sst"
        parser.StartElementHandler = count_texts if is_table else None

    parser.StartElementHandler = look_at_root
    return parser


def refuse_entity(*declaration: Any) -> None:
    raise Refused("This Excel file declares entities, which is not safe.")


def visible_sheets(path: str) -> list[Any]:
    # What a file claims of its size may be false; one without a claim is read through.
    cast("Any", ReadOnlyWorksheet)._get_size = lambda sheet: None
    file = open(path, "rb")  # noqa: SIM115  read from until the process ends
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise Refused("This Excel file has no visible sheet.")
    return sheets


def write_rows(path: str, name: str) -> None:
    sheets = visible_sheets(path)
    chosen = next((sheet for sheet in sheets if sheet.title == name), sheets[0])
    write = sys.stdout.write
    write(json.dumps([sheet.title for sheet in sheets]) + "\n")
    cells_read = last = 0
    for number, cells in Cells(chosen).rows():
        cells_read += len(cells)
        if number > MOST_ROWS or cells_read > MOST_CELLS:
            raise Refused("This Excel file has too many rows, or 20 million cells.")
        if any(cells[MOST_COLUMNS:]):
            raise Refused(f"This Excel file has more than {MOST_COLUMNS} columns.")
        if number <= last:
            continue  # a row that stands twice counts once, as in Excel
        last = number
        if sum(map(len, cells)) > LONGEST_LINE:
            write(json.dumps([number, "line_too_long"]) + "\n")
        elif any(cells):
            write(json.dumps([number, cells]) + "\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
