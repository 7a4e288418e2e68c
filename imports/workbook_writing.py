"""An Excel workbook of one sheet, row by row: texts stay texts, no formulas."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml"'
    f' ContentType="{SHEET_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Rows" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>',
}
BEFORE_ROWS = (
    f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><sheetData>'
)
AFTER_ROWS = "</sheetData></worksheet>"

type Cell = str | Decimal


def write_workbook(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, DECLARATION + text)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for text in sheet_lines(header, rows):
                sheet.write(text.encode())


def sheet_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield DECLARATION + BEFORE_ROWS
    yield row_of(header)
    yield from map(row_of, rows)
    yield AFTER_ROWS


def row_of(cells: Sequence[Cell]) -> str:
    return f"<row>{''.join(map(cell_of, cells))}</row>"


def cell_of(cell: Cell) -> str:
    """A cell without its place, which is then the next one of its row."""
    if isinstance(cell, Decimal):
        return f"<c><v>{cell:f}</v></c>"
    if not cell:
        return "<c/>"
    text = escape(NOT_IN_XML.sub("", cell))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
