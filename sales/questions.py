"""What no sales file says of its rows: asked once, then remembered."""

from imports.kinds import Question

QUESTIONS = (
    Question(
        "returns",
        "Returned goods",
        choices=(
            ("shelf", "go back to the shelf"),
            ("lost", "do not go back to the shelf"),
        ),
        hint="Returns never lower demand; this is only about stock.",
        initial="shelf",
    ),
    Question(
        "day_ends_at",
        "New locations close their day at",
        form="time",
        initial="00:00",
        hint="A sale after midnight and before this time belongs to the day before. "
        "Locations that are here already keep their own.",
    ),
    Question(
        "source",
        "Name of this till or shop",
        form="text",
        hint="A line that stands in two files of one till or shop counts once.",
    ),
)

# Rows that come in although they look odd: a price far from the product's own.
ODD_ROWS = """
SELECT row_number, 'price_unusual' AS cause,
    name || ' at ' || round(paid, 2) || ' instead of ' || round(price, 2) AS detail
FROM (SELECT c.row_number, p.name, p.price,
        abs(coalesce(c.gross_amount, c.net_amount) / nullif(c.quantity, 0)) AS paid
    FROM import_chunk c JOIN inventory_product p ON p.id = c.product_id
    WHERE c.outcome IN ('new', 'changed') AND p.price > 0) c
WHERE paid >= 10 * price OR (paid > 0 AND paid <= price / 10)
"""

AFTERWARDS = (
    "Stock and the figures of these days hold from now on; forecasts, alerts and "
    "suggested orders are made anew in the background."
)
