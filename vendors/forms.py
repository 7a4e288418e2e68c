"""What people type about vendors and what they sell."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from inventory.models import Product
from vendors.models import Vendor, VendorProduct

WEEKDAYS = (
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
)


class VendorForm(forms.ModelForm):  # type: ignore[type-arg]
    order_weekdays = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Takes orders on",
        help_text="None: on any day.",
    )

    class Meta:
        model = Vendor
        fields = (
            "name",
            "email",
            "contact_name",
            "phone",
            "address",
            "currency",
            "payment_terms",
            "lead_time_days",
            "lead_time_sd_days",
            "review_period_days",
            "order_weekdays",
            "order_cutoff",
            "minimum_order_value",
            "is_active",
        )
        labels: ClassVar[dict[str, str]] = {
            "email": "E-mail for orders",
            "contact_name": "Contact",
            "lead_time_days": "Lead time in days",
            "lead_time_sd_days": "Varies by days",
            "review_period_days": "Days between orders",
            "order_cutoff": "Orders until",
            "minimum_order_value": "Minimum order value",
            "is_active": "In use",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "order_cutoff": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts: ClassVar[dict[str, str]] = {
            "lead_time_days": "From sending the order to the delivery. "
            "Empty: the shop's default.",
            "review_period_days": "Where no order days are set. "
            "Empty: the shop's default.",
            "order_cutoff": "On an order day, by the clock of the location.",
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["order_weekdays"] = self.instance.order_weekdays

    def clean_order_weekdays(self) -> list[int]:
        return sorted(self.cleaned_data["order_weekdays"])


class OfferForm(forms.ModelForm):  # type: ignore[type-arg]
    """The terms on which a vendor sells a product; the product by SKU or barcode."""

    class Meta:
        model = VendorProduct
        fields = ("vendor_sku", "cost", "case_pack", "moq", "lead_time_days", "rank")
        labels: ClassVar[dict[str, str]] = {
            "cost": "Cost per unit",
            "case_pack": "Units in a pack",
            "lead_time_days": "Lead time in days",
            "rank": "Choice",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "moq": "Fewest units in an order. 0: no minimum.",
            "lead_time_days": "Only where it differs from the vendor's.",
            "rank": "1 is bought first.",
        }

    def clean_case_pack(self) -> Any:
        case_pack = self.cleaned_data["case_pack"]
        if not case_pack > 0:
            raise forms.ValidationError("A pack has at least something in it.")
        return case_pack


class NewOfferForm(OfferForm):
    product = forms.CharField(label="Product", help_text="Its SKU or barcode.")

    class Meta(OfferForm.Meta):
        fields = ("vendor", *OfferForm.Meta.fields)  # type: ignore[assignment]

    field_order = ("vendor", "product")

    def clean_product(self) -> Product:
        text = self.cleaned_data["product"].strip()
        found = list(
            Product.objects.in_use().filter(Q(sku__iexact=text) | Q(barcode=text))[:2]
        )
        if len(found) != 1:
            problem = "No product" if not found else "More than one product"
            raise forms.ValidationError(f"{problem} has this SKU or barcode.")
        return found[0]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        vendor, product = cleaned.get("vendor"), cleaned.get("product")
        if vendor and product:
            known = VendorProduct.objects.filter(vendor=vendor, product=product)
            if known.exists():
                self.add_error("product", f"{vendor} sells this already.")
            self.instance.product = product
        return cleaned
