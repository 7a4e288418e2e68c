"""Forms of orders: what a person types, checked and turned into what verbs take."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import User
from inventory.models import Location
from jit_backoffice.figures import number
from purchasing.editing import LineChange
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from vendors.models import Vendor, VendorProduct


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LinesForm(forms.Form):
    """Packs and reasons of the lines that were posted; others stay as they are."""

    def __init__(self, data: Any, lines: Iterable[PurchaseOrderLine]) -> None:
        super().__init__(data)
        self.lines = [line for line in lines if f"packs-{line.pk}" in data]
        for line in self.lines:
            self.fields[f"packs-{line.pk}"] = forms.IntegerField(
                label=str(line.product),
                min_value=0,
                max_value=99_999,
                error_messages={
                    "required": "Type a number of packs; 0 takes the line off.",
                    "invalid": "Type whole packs, such as 3.",
                    "min_value": "An order cannot be less than 0.",
                    "max_value": "That is more than an order can hold.",
                },
            )
            self.fields[f"reason-{line.pk}"] = forms.CharField(
                label=f"Reason for {line.product}", max_length=250, required=False
            )

    def changes(self) -> list[LineChange]:
        return [
            LineChange(
                line.pk,
                self.cleaned_data[f"packs-{line.pk}"] * line.case_pack,
                self.reason(line),
            )
            for line in self.lines
        ]

    def reason(self, line: PurchaseOrderLine) -> str:
        """The reason typed; where none was asked, the one that is there."""
        name = f"reason-{line.pk}"
        typed: str = self.cleaned_data[name]
        return typed if name in self.data else line.reason


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=250)

    def __init__(self, data: Any, *, label: str, required: bool) -> None:
        super().__init__(data)
        self.fields["reason"].label = label
        self.fields["reason"].required = required


class ConfirmationForm(forms.Form):
    confirmed_on = forms.DateField(
        label="Delivery day the vendor confirmed", widget=DateInput()
    )


class OfferField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        product = obj.product
        return f"{product.name} ({product.sku}), packs of {number(obj.case_pack)}"


class AddLineForm(forms.Form):
    """A product that this vendor sells and that is not on the order yet."""

    packs = forms.IntegerField(min_value=1, max_value=99_999, initial=1)
    reason = forms.CharField(max_length=250, required=False)

    def __init__(self, data: Any, order: PurchaseOrder) -> None:
        super().__init__(data)
        offers = VendorProduct.objects.filter(
            vendor=order.vendor_id,
            product__is_active=True,
            product__merged_into=None,
        ).exclude(product__order_lines__order=order)
        self.fields["offer"] = OfferField(
            offers.select_related("product").order_by("product__name"),
            label="Product",
            empty_label="Choose a product",
        )

    @property
    def quantity(self) -> Decimal:
        packs: int = self.cleaned_data["packs"]
        pack: Decimal = self.cleaned_data["offer"].case_pack
        return packs * pack


class StartForm(forms.Form):
    """An order without a suggestion."""

    vendor = forms.ModelChoiceField(
        Vendor.objects.filter(is_active=True), empty_label="Choose a vendor"
    )

    def __init__(self, data: Any, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["location"] = forms.ModelChoiceField(
            Location.objects.visible_to(user).filter(is_active=True),
            label="Deliver to",
            empty_label="Choose a location",
        )
