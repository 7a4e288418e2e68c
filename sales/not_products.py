"""Rows of sales files that sell no product: postage, fees, tips, gift cards. Pure.

Names are matched whole: “Shipping” is none of ours, “Shipping box” is.
"""

import re

# One letter may be anybody's SKU: it tells something only together with its name.
LETTERS = {
    "b": "adjust bad debt",
    "d": "discount",
    "m": "manual",
    "s": "samples",
}

CODES = re.compile(r"post|dot|c2|cruk|(bank|amazon) ?(charges?|fees?)|gift_\d{4}_\d+")

AMOUNT = r"(\W{0,3}\d+([.,]\d+)?( ?(usd|eur|gbp|cad|aud))?)?"

NAMES = re.compile(
    "|".join(
        (
            # carriage
            r"((dotcom|royal mail|ups|usps|dhl|fedex|dpd|free|flat rate|standard|"
            r"express|priority|expedited|economy|local|domestic|international|"
            r"(next|same|[12]|two)[ -]day|overnight|uk|eu|us) )*"
            r"(postage|shipping|delivery|carriage|freight|p ?& ?p)"
            r"( ?(&|and|\+) ?(handling|packing|packaging))?"
            r"( (fees?|costs?|charges?|insurance|protection))?",
            # fees
            r"(bank|service|handling|packing|packaging|booking|admin|administration|"
            r"transaction|processing|payment|convenience|card|credit card|surcharge|"
            r"amazon|ebay|etsy|paypal|stripe|small order|late|restocking|"
            r"cancellation|no[ -]show) (fees?|charges?|surcharges?)",
            r"surcharges?|cruk commission|commission|(adjust )?bad debts?",
            # prepaid money
            r"(dotcomgiftshop )?(e|digital|physical|virtual|online)?[ -]?"
            r"gift ?(cards?|vouchers?|certificates?)( top[ -]?up)?" + AMOUNT,
            r"(\w+ )?(gift )?vouchers?\W{1,3}[£$€] ?\d+([.,]\d+)?",
            r"store credit|deposit",
            # tips
            r"((cash|card|staff|driver|delivery) )?(tips?|gratuity|gratuities)",
            # amounts that stand for no item
            r"custom (amount|sale|item)|discounts?|rounding( difference)?",
            r"(sales )?tax|vat|donations?",
            # other languages
            r"versand(kosten)?|porto|trinkgeld|(geschenk)?gutscheine?|rabatt",
            r"frais (de port|de livraison)|livraison|pourboires?|cartes? cadeaux?",
            r"(gastos de )?env[ií]o|propinas?|tarjetas? (de )?regalo",
            r"verzendkosten|fooi|cadeau(bon|kaart)",
        )
    )
)


def is_no_product(identity: str, name: str) -> bool:
    """Whether a row that no product of the catalogue fits sells nothing of ours.

    >>> is_no_product("POST", "POSTAGE"), is_no_product("M", "Manual")
    (True, True)
    >>> is_no_product("M", "T-shirt, medium"), is_no_product("84997", "Tip-top tray")
    (False, False)
    """
    code, words = plain(identity), plain(name)
    if code in LETTERS:
        return words == LETTERS[code]
    return bool(
        CODES.fullmatch(code) or NAMES.fullmatch(words) or NAMES.fullmatch(code)
    )


def plain(text: str) -> str:
    return " ".join(text.casefold().split())
