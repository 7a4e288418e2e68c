"""Workbooks as no spreadsheet writes them: part by part, true or false."""

import zipfile

PARTS = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

TYPES = f"""<Types xmlns="{PARTS}/content-types">
<Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/>
</Types>"""
ROOT_LINKS = f"""<Relationships xmlns="{PARTS}/relationships">
<Relationship Id="r1" Type="{OFFICE}/relationships/officeDocument"
 Target="xl/workbook.xml"/></Relationships>"""
BOOK = f"""<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE}/relationships">
<sheets><sheet name="Sales" sheetId="1" r:id="r1"/></sheets></workbook>"""
BOOK_LINKS = f"""<Relationships xmlns="{PARTS}/relationships">
<Relationship Id="r1" Type="{OFFICE}/relationships/worksheet"
 Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="{OFFICE}/relationships/sharedStrings"
 Target="sharedStrings.xml"/></Relationships>"""
SHEET_START = f'<worksheet xmlns="{SHEETS}"><sheetData>'
SHEET_END = "</sheetData></worksheet>"


def text(value, reference=""):
    where = f' r="{reference}"' if reference else ""
    return f'<c t="inlineStr"{where}><is><t>{value}</t></is></c>'


def row(*cells, number=""):
    where = f' r="{number}"' if number else ""
    return f"<row{where}>{''.join(cells)}</row>"


HEADER = row(*map(text, ("date", "location", "sku", "quantity")))


def make(path, *rows, texts=(), parts=None):
    """A workbook of one sheet; ``rows`` and ``texts`` may be generators of XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT_LINKS)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", BOOK_LINKS)
        write(archive, "xl/worksheets/sheet1.xml", SHEET_START, rows, SHEET_END)
        start = f'<sst xmlns="{SHEETS}">'
        write(archive, "xl/sharedStrings.xml", start, texts, "</sst>")
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return path


def write(archive, name, start, pieces, end):
    with archive.open(name, "w", force_zip64=True) as part:
        part.write(start.encode())
        for piece in pieces:
            part.write(piece.encode())
        part.write(end.encode())
