"""Unknown tables: what kind they most likely are, and which column is which."""

import pytest

from imports.detecting import interpret
from imports.kinds import kinds_of
from imports.looking import HowToRead, look_at
from imports.mapping import file_columns

FRENCH = (
    "Date;Heure;N° ticket;Désignation;Référence;Qté;Montant TTC;Magasin;Client\n"
    "12/03/2026;10:22;T-1;Café grain;CG-1;2;18,40;Lyon;Mme Canary\n"
    "28/03/2026;11:00;T-2;Thé vert;TV-2;1;7,20;Lyon;M. Canary\n"
)
ENGLISH = (
    "Order #,Ordered on,Product title,Product code,Units,Line total,Shop,Email\n"
    "A1,2026-03-01 10:00,Blue mug,MUG-1,2,19.98,Main St,a@canary.example\n"
    "A2,2026-03-02 11:00,Red mug,MUG-2,1,9.99,Main St,c@canary.example\n"
)
BARE = "when,what,how many\n2026-03-01,Blue mug,2\n2026-03-02,Red mug,1\n"
STOCK = "Product code,Description,Qty on shelf,Warehouse\nA-1,Mug,12,Main\n"
PRICES = "Supplier,Supplier item no,Our SKU,Net cost,Pack size\nAcme,99-1,A-1,2.10,6\n"
ORDERS = (
    "PO number,Supplier,Item,Qty ordered,Unit cost,Expected\n"
    "PO-1,Acme,A-1,24,2.10,2026-12-01\n"
)
PRODUCTS = (
    "Article no;Title;Group;EAN;Purchase price;Retail price\n"
    "A-1;Mug;Kitchen;4006381333931;2.10;5.99\n"
)


@pytest.fixture
def read(tmp_path):
    def interpreted(content, how=HowToRead()):  # noqa: B008
        path = tmp_path / "file"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        look = look_at(path, kinds_of(), how)
        return interpret(path, look, kinds_of(), {})

    return interpreted


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (FRENCH, "sale_lines"),
        (ENGLISH, "sale_lines"),
        (BARE, "sale_lines"),
        (STOCK, "stock_count"),
        (PRICES, "price_list"),
        (ORDERS, "open_orders"),
        (PRODUCTS, "products"),
    ],
)
def test_the_kind_is_what_explains_most_of_the_columns(read, content, kind):
    assert read(content).kind == kind


def test_names_in_another_language_are_known(read):
    found = read(FRENCH)
    named = {name: found.headers[name] for name in ("sku", "item", "quantity")}
    assert named == {"sku": "Référence", "item": "Désignation", "quantity": "Qté"}
    assert found.date_order == "dmy"
    assert found.decimal_comma


def test_where_no_name_helps_the_values_do(read):
    found = read(BARE)
    assert found.headers == {"date": "when", "item": "what", "quantity": "how many"}
    assert set(found.guessed.values()) == {"guess"}


def test_a_table_without_names_is_mapped_by_its_places(read):
    found = read("2026-03-01,MUG-1,2,9.99\n2026-03-02,MUG-2,1,5.00\n")
    assert found.header_row == 0
    assert found.headers["date"] == "Column 1"
    assert found.headers["sku"] == "Column 2"
    assert found.headers["quantity"] == "Column 3"


def test_customer_data_is_seen_by_name_and_by_value(tmp_path):
    path = tmp_path / "file"
    path.write_text(
        "CustomerID,Buyer,contact,Paid with,SKU\n"
        "17850,Ada Canary,ada@canary.example,4111 1111 1111 1111,A-1\n"
    )
    columns = file_columns(look_at(path, kinds_of()))
    assert [column.is_customer_data for column in columns] == [True] * 4 + [False]
    assert "Canary" not in str([column.samples for column in columns])


def test_another_encoding_and_delimiter_may_be_said(read):
    content = "Datum;Menge;Artikel\n2026-03-01;2;Würfel, rot\n".encode("cp1252")
    assert read(content).delimiter == ";"
    found = read(content, HowToRead(encoding="cp932", delimiter=","))
    assert (found.encoding, found.delimiter) == ("cp932", ",")


def test_what_is_said_of_the_header_row_holds(read):
    found = read("a,b,c\ndate,sku,quantity\n2026-03-01,A,2\n", HowToRead(header_row=2))
    assert found.header_row == 2
    assert found.kind == "daily_totals"


def test_a_file_tells_roughly_what_it_holds(read):
    rows = "".join(
        f"2026-{month:02}-{day:02},Old Town,A-{number},1\n"
        for month in range(1, 10)
        for day in range(1, 28)
        for number in range(50)
    )
    about = read("date,location,sku,quantity\n" + rows).summary
    assert not about.is_exact
    assert about.rows == pytest.approx(9 * 27 * 50, rel=0.05)
    assert (about.first_date, about.last_date) == ("2026-01-01", "2026-09-27")
    assert about.places == 1


def test_dates_are_no_phone_numbers(tmp_path):
    path = tmp_path / "file"
    path.write_text("when,sku,units\n03/04/2026,A-1,2\n05/04/2026,A-2,1\n")
    columns = file_columns(look_at(path, kinds_of()))
    assert not any(column.is_customer_data for column in columns)
