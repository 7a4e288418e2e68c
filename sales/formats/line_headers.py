"""What files of sales call their columns: English, German, French, Spanish, Dutch,

and a little Japanese; in lower case, without marks and brackets. Pure.
"""


def names(text: str) -> tuple[str, ...]:
    """
    >>> names("date; sale date")
    ('date', 'sale date')
    """
    return tuple(" ".join(name.split()) for name in text.split(";"))


DATE = names(
    """date; sale date; sales date; business date; day; date of sale; sold at; sold on;
    date time; datetime; timestamp; order date; transaction date; invoice date;
    invoicedate; receipt date; created at;
    datum; verkaufsdatum; belegdatum; rechnungsdatum; bestelldatum; tag;
    date de vente; date de commande; date facture; jour;
    fecha; fecha de venta; fecha venta; día; verkoopdatum; besteldatum; dag;
    日付; 売上日; 販売日; 日時"""
)
TIME = names(
    """time; sale time; time of sale; transaction time; order time;
    uhrzeit; zeit; heure; hora; tijd; tijdstip; 時刻; 時間"""
)
RECEIPT = names(
    """receipt; receipt number; receipt no; receipt id; transaction id; transaction;
    transaction number; transaction no; order number; order no; order id; order #;
    order; ticket; ticket number; ticket no; sale id; sale number; invoice;
    invoice number; invoice no; invoiceno; check number; check id; bill number;
    number; no; nr; bon; bonnummer; bon nr; beleg; belegnummer; beleg nr;
    rechnungsnummer; bestellnummer; auftragsnummer; numéro de ticket; n° ticket;
    n° de ticket; numéro de commande; n° commande; commande; facture; numéro de facture;
    número de ticket; pedido; número de pedido; factura; número de factura;
    bestelnummer; ordernummer; factuurnummer; レシート番号; 伝票番号;
    注文番号; 取引番号"""
)
SKU = names(
    """sku; item sku; product sku; variant sku; product code; item code; item number;
    item no; item id; product id; product number; product no; article number;
    article no; stock code; stockcode; plu; part number;
    artikelnummer; artikel nr; artikelnr; art nr; produktnummer;
    référence; réf; code article; code produit; referencia; código; codigo;
    código de producto; código de artículo; artikelcode; productcode;
    商品コード; 商品番号; 品番"""
)
ITEM = names(
    """item; item name; product; product name; product title; item description;
    product description; description; menu item; line item; article;
    artikel; artikelname; artikelbezeichnung; bezeichnung; produkt; produktname;
    produit; nom du produit; désignation; libellé; producto; nombre del producto;
    descripción; artículo; productnaam; omschrijving; 商品名; 商品; 品名"""
)
VARIATION = names(
    """variation; variant; variant title; variant name; price point name; size;
    variante; größe; déclinaison; taille; talla; maat; バリエーション; サイズ"""
)
QUANTITY = names(
    """quantity; qty; units; units sold; quantity sold; qty sold; items sold; pieces;
    count; menge; anzahl; stück; stückzahl; verkaufte menge; quantité; qté;
    quantité vendue; cantidad; unidades; cant; aantal; hoeveelheid;
    数量; 個数; 販売数"""
)
NET = names(
    """net sales; net amount; net; net total; line total; line amount; item total;
    amount; total; total price; sales; revenue; nettoumsatz; umsatz; netto;
    nettobetrag; betrag; gesamt; gesamtpreis; summe; montant ht; montant; total ht;
    chiffre d'affaires; importe neto; importe; ventas netas; ventas; omzet; bedrag;
    nettobedrag; totaal; 売上; 売上金額; 金額; 合計"""
)
GROSS = names(
    """gross sales; gross amount; gross; gross total; subtotal; bruttoumsatz; brutto;
    bruttobetrag; montant ttc; total ttc; importe bruto; ventas brutas; brutobedrag;
    総売上"""
)
PRICE = names(
    """unit price; unitprice; price; price each; item price; selling price;
    einzelpreis; stückpreis; preis; prix unitaire; prix; precio unitario; precio;
    stukprijs; eenheidsprijs; prijs; 単価; 価格"""
)
LOCATION = names(
    """location; location name; store; store name; shop; shop name; branch; outlet;
    site; filiale; standort; laden; geschäft; magasin; boutique; point de vente;
    tienda; sucursal; winkel; vestiging; filiaal; 店舗; 店舗名"""
)
KIND = names(
    """type; receipt type; transaction type; sale type; event type; line type;
    order type; kind; art; vorgang; belegart; type de vente; type de transaction;
    tipo; tipo de venta; soort; 種別; 取引区分"""
)
STATUS = names(
    """status; order status; sale status; void; void?; voided; is void; cancelled;
    canceled; storniert; statut; état; estado; geannuleerd; ステータス; 状態"""
)
CATEGORY = names(
    """category; category name; department; product type; product category;
    sales category; kategorie; warengruppe; catégorie; rayon; categoría; categoria;
    familia; categorie; productgroep; カテゴリ; カテゴリー; 部門"""
)
BARCODE = names(
    """barcode; ean; ean13; ean code; upc; gtin; strichcode; code barre; code barres;
    code à barres; código de barras; streepjescode; バーコード; janコード"""
)
REFERENCE = names(
    """customer id; customerid; customer number; customer no; customer reference;
    customer reference id; client id; kundennummer; kunden nr; numéro client;
    n° client; id cliente; número de cliente; klantnummer; 会員番号; 顧客番号"""
)
SALE_DATE = names(
    """original sale date; original date; original order date; original purchase date;
    date of original sale; sold originally on; verkauft am; ursprüngliches datum;
    date de vente initiale; fecha de venta original; oorspronkelijke datum"""
)
