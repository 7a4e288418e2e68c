"""What a person fills in about the items of a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from inventory.models import Product
from sales.matching import Suggestion
from sales.settling_items import Decisions
from sales.unknown_items import UnknownItem

CREATE, LEAVE_OUT = "create", "leave_out"


class ItemForm(forms.Form):
    """One unknown item: a suggested product, another one, a new one, or none."""

    choice = forms.ChoiceField(required=False)
    other = forms.CharField(
        required=False, max_length=250, label="Another product", strip=True
    )

    def __init__(
        self,
        data: Any,
        *,
        item: UnknownItem,
        suggestions: list[Suggestion],
        names: dict[int, str],
        may_create: bool,
        prefix: str,
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.item = item
        self.suggestions = suggestions
        choices = [("", "Decide later")]
        choices += [(str(one.product_id), names[one.product_id]) for one in suggestions]
        if may_create:
            choices += [(CREATE, "A new product"), (LEAVE_OUT, "No product: leave out")]
        self.fields["choice"] = forms.ChoiceField(
            choices=choices,
            required=False,
            initial=str(suggestions[0].product_id)
            if suggestions and suggestions[0].is_sure
            else "",
            label=f"What “{item.identity}” is",
            widget=forms.Select(
                attrs={"class": "form-select", "aria-label": f"What {item.identity} is"}
            ),
        )
        self.fields["other"].widget = forms.TextInput(
            attrs={
                "class": "form-control",
                "aria-label": f"Another product for {item.identity}",
                "aria-describedby": f"id_{prefix}-other-error",
                "placeholder": "Name or SKU",
                "autocomplete": "off",
                "list": f"{prefix}-found",
                "hx-get": reverse("product_choices"),
                "hx-trigger": "input changed delay:200ms",
                "hx-target": f"#{prefix}-found",
                "hx-sync": "this:replace",
            }
        )

    def clean_other(self) -> Product | None:
        text: str = self.cleaned_data["other"]
        return product_called(text) if text else None

    def add_to(self, decisions: Decisions) -> None:
        """What was chosen; another product that was typed in comes first."""
        other: Product | None = self.cleaned_data["other"]
        choice: str = self.cleaned_data["choice"]
        identity = self.item.identity
        if other is not None:
            decisions.products[identity] = other.survivor_id
        elif choice == CREATE:
            decisions.created.append(identity)
        elif choice == LEAVE_OUT:
            decisions.left_out.append(identity)
        elif choice:
            decisions.products[identity] = int(choice)


def product_called(text: str) -> Product:
    """The one product of this SKU, barcode or name."""
    for field in ("sku", "sku__iexact", "barcode", "name__iexact"):
        found = list(Product.objects.filter(**{field: text}).order_by("pk")[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(f"Several products go by “{text}”. Enter the SKU.")
    raise ValidationError(f"No product goes by “{text}”. Enter its SKU.")
