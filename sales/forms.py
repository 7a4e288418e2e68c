"""What a person fills in about the items of a file, and about equal products."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from inventory import product_merging
from inventory.models import Product, ProductMerge
from sales.matching import Suggestion
from sales.settling_items import Decisions
from sales.unknown_items import UnknownItem

CREATE, LEAVE_OUT = "create", "leave_out"


def searching(found: str) -> dict[str, str]:
    """Attributes of a text field that fills a list of products while one types."""
    return {
        "autocomplete": "off",
        "list": found,
        "hx-get": reverse("product_choices"),
        "hx-trigger": "input changed delay:200ms",
        "hx-target": f"#{found}",
        "hx-sync": "this:replace",
    }


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
                **searching(f"{prefix}-found"),
                "class": "form-control",
                "aria-label": f"Another product for {item.identity}",
                "aria-describedby": f"id_{prefix}-other-error",
                "placeholder": "Name or SKU",
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


class MergeForm(forms.Form):
    """Two products, by SKU, barcode or name; the first counts as the second."""

    product = forms.CharField(max_length=250, label="This product")
    into = forms.CharField(max_length=250, label="Counts from now on as")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name, field in self.fields.items():
            field.widget.attrs |= searching(f"{name}-found")

    def clean_product(self) -> Product:
        return product_called(self.cleaned_data["product"])

    def clean_into(self) -> Product:
        return product_called(self.cleaned_data["into"])

    def clean(self) -> dict[str, Any]:
        product, into = (self.cleaned_data.get(name) for name in ("product", "into"))
        if product and into:
            product_merging.check(product, into=into)
        return self.cleaned_data

    def merge(self, *, by: User) -> ProductMerge | None:
        """The merge, or None where somebody else was faster."""
        product, into = (self.cleaned_data[name] for name in ("product", "into"))
        try:
            return product_merging.merge(product, into=into, by=by)
        except ValidationError as error:
            self.add_error(None, error)
            return None
