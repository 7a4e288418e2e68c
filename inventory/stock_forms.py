"""What people type to change stock: counts, adjustments, transfers.

Each form has a token, so that a form sent twice changes stock once.
"""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from inventory.counting import Moment
from inventory.forms import DATE
from inventory.models import Location, Product, Transfer


def plain(quantity: Decimal) -> str:
    """12.000 as 12, never as 1.2E+1."""
    return f"{quantity.normalize():f}"


def in_whole_steps(quantity: Decimal, product: Product) -> Decimal:
    if quantity % product.quantum:
        step = plain(product.quantum)
        raise forms.ValidationError(f"This is sold in steps of {step}.")
    return quantity


def quantity_field(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        max_digits=12,
        decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        **options,
    )


class StockForm(forms.Form):
    """About one product, in a location that the person sees."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    location = forms.ModelChoiceField(Location.objects.none(), empty_label=None)

    def __init__(
        self,
        *args: Any,
        product: Product,
        locations: QuerySet[Location],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.product = product
        field = self.fields["location"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = locations

    def clean_quantity(self) -> Decimal:
        return in_whole_steps(self.cleaned_data["quantity"], self.product)


class CountForm(StockForm):
    quantity = quantity_field(min_value=0, label="Counted")
    moment = forms.ChoiceField(
        choices=Moment, initial=Moment.NOW, widget=forms.RadioSelect, label="When"
    )
    date = forms.DateField(
        widget=DATE,
        required=False,
        label="Date",
        help_text="For a count before opening or after close.",
    )
    note = forms.CharField(max_length=250, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        location, date = cleaned.get("location"), cleaned.get("date")
        if location is not None:
            today = location.today()
            if date is not None and date > today:
                self.add_error("date", "This date has not come yet.")
            cleaned["date"] = date or today
        return cleaned


class AdjustmentForm(StockForm):
    FOUND, MISSING, WRITE_OFF = "found", "missing", "write_off"

    kind = forms.ChoiceField(
        choices=[
            (MISSING, "Missing"),
            (FOUND, "Found"),
            (WRITE_OFF, "Written off: broken, spoiled, given away"),
        ],
        initial=MISSING,
        widget=forms.RadioSelect,
        label="What happened",
    )
    quantity = quantity_field(min_value=Decimal("0.001"))
    reason = forms.CharField(
        max_length=250, min_length=3, help_text="A few words, for whoever asks later."
    )


class TransferForm(StockForm):
    to_location = forms.ModelChoiceField(
        Location.objects.real().filter(is_active=True), label="To", empty_label=None
    )
    quantity = quantity_field(min_value=Decimal("0.001"))
    expected_on = forms.DateField(widget=DATE, label="Arrives on")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["location"].label = "From"

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        source = cleaned.get("location")
        if source is not None and source == cleaned.get("to_location"):
            self.add_error("to_location", "Choose another location than the first.")
        date = cleaned.get("expected_on")
        if source is not None and date is not None and date < source.today():
            self.add_error("expected_on", "This date has passed.")
        return cleaned


class ArrivalForm(forms.Form):
    quantity = quantity_field(min_value=0, label="Arrived")

    def __init__(self, *args: Any, transfer: Transfer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.transfer = transfer
        self.fields["quantity"].initial = plain(transfer.quantity)

    def clean_quantity(self) -> Decimal:
        quantity: Decimal = self.cleaned_data["quantity"]
        if quantity > self.transfer.quantity:
            sent = plain(self.transfer.quantity)
            raise forms.ValidationError(
                f"Only {sent} were sent. Book these, then count the product."
            )
        return in_whole_steps(quantity, self.transfer.product)
