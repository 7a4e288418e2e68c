"""What people type about products and places."""

import datetime as dt
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms

from accounts.models import User
from accounts.policy import can
from inventory.models import Location, Product, Shop

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class OwnLocationsForm(forms.Form):
    locations = forms.ModelMultipleChoiceField(
        queryset=Location.objects.real(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Locations",
    )


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]
    """Only who buys may change SKU, price and cost: others do not get the fields."""

    MONEY: ClassVar[tuple[str, ...]] = ("sku", "quantum", "price", "cost", "is_active")

    class Meta:
        model = Product
        fields = (
            "sku",
            "name",
            "barcode",
            "category",
            "unit",
            "quantum",
            "price",
            "cost",
            "is_active",
        )
        labels: ClassVar[dict[str, str]] = {
            "barcode": "Barcode (EAN)",
            "is_active": "In the range: order it when it runs low",
        }

    def __init__(self, *args: Any, user: User, categories: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.categories = categories
        if not can(user, "edit_cost"):
            for name in self.MONEY:
                del self.fields[name]

    def clean_sku(self) -> str:
        sku: str = self.cleaned_data["sku"].strip()
        same = Product.objects.filter(sku__iexact=sku).exclude(pk=self.instance.pk)
        if known := same.first():
            raise forms.ValidationError(f"{known.name} has this SKU already.")
        return sku


class LocationForm(forms.ModelForm):  # type: ignore[type-arg]
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in Location.REAL]
    )
    time_zone = forms.ChoiceField(choices=[(zone, zone) for zone in ZONES])
    day_ends_at = forms.TimeField(
        widget=TIME,
        label="The day ends at",
        help_text="Sales after midnight and before this belong to the day before.",
    )
    valid_from = forms.DateField(
        widget=DATE,
        label="From this date on",
        help_text="Business dates before it stay as they are.",
    )

    class Meta:
        model = Location
        fields = ("name", "kind", "time_zone", "group", "address", "is_active")
        labels: ClassVar[dict[str, str]] = {
            "group": "Group",
            "is_active": "In use",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "address": forms.Textarea(attrs={"rows": 3})
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["valid_from"]
            self.fields["day_ends_at"].initial = dt.time(0, 0)
            return
        today = self.instance.today()
        self.fields["valid_from"].initial = today
        ends_at = self.instance.business_days().close_of(today)
        self.fields["day_ends_at"].initial = ends_at


class ShopForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.ChoiceField(choices=[(zone, zone) for zone in ZONES])

    class Meta:
        model = Shop
        fields = ("name", "currency", "time_zone", "address")
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "address": forms.Textarea(attrs={"rows": 4})
        }
        help_texts: ClassVar[dict[str, str]] = {
            "currency": "Three letters, such as EUR.",
            "address": "Stands on every purchase order.",
        }

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].strip().upper()
        if len(currency) != 3 or not currency.isalpha():
            raise forms.ValidationError("A currency has three letters, such as EUR.")
        return currency
