"""What an admin types about a feed."""

from typing import Any, ClassVar, cast

from django import forms

from inventory.models import Location
from sales.feeds.models import Feed
from sales.feeds.setting_up import KINDS, known_sources, usual_source

OWN_SHOP = "own"
SHORTEST_SECRET = 16


class SecretField(forms.CharField):
    """Shopify shows its own; for anything else we make one."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            label="Secret",
            max_length=200,
            min_length=SHORTEST_SECRET,
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"}
            ),
            help_text="Shopify shows it under Settings, Notifications, Webhooks: paste "
            "it here. Leave empty and we make one, shown once.",
        )


class FeedForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Feed
        fields: ClassVar[tuple[str, ...]] = (
            "name",
            "location",
            "returns",
            "unknown_products",
        )
        labels: ClassVar[dict[str, str]] = {
            "location": "Where its sales count",
            "returns": "Returned goods",
            "unknown_products": "A product that is not in the catalogue",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "location": "For orders that name no location, such as a web shop’s.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        location = cast("forms.ModelChoiceField[Location]", self.fields["location"])
        location.queryset = Location.objects.real().filter(is_active=True)
        location.empty_label = "Choose a location"


class NewFeedForm(FeedForm):
    """A feed's format and source are settled once: its keys depend on them."""

    secret = SecretField()
    source = forms.ChoiceField(
        required=False,
        label="Files of the same shop",
        help_text="An order that comes live and in a file as well is counted once.",
    )

    class Meta(FeedForm.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            "name",
            "format",
            "location",
            "returns",
            "unknown_products",
        )
        labels = FeedForm.Meta.labels | {"format": "What the shop sends"}

    field_order = (
        "name",
        "format",
        "location",
        "source",
        "returns",
        "unknown_products",
        "secret",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = cast(forms.ChoiceField, self.fields["format"])
        kind.choices = [("", "Choose what it sends"), *Feed.Format.choices]
        usual = [usual_source(format) for format in KINDS]
        known = [source.name for source in known_sources()]
        names = dict.fromkeys([*usual, *known])
        source = cast(forms.ChoiceField, self.fields["source"])
        source.choices = [
            ("", "Choose by what the shop sends"),
            *((name, f"Imported as “{name}”") for name in names),
            (OWN_SHOP, "None: this is a shop of its own"),
        ]

    def source_name(self) -> str:
        """Whose files tell the same sales."""
        chosen: str = self.cleaned_data["source"]
        if chosen == OWN_SHOP:
            return str(self.cleaned_data["name"])
        return chosen or usual_source(self.cleaned_data["format"])


class SecretForm(forms.Form):
    secret = SecretField()


class PlacesForm(forms.Form):
    """Which of our locations each location of the shop is."""

    def __init__(self, feed: Feed, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = list(feed.places.all())
        for place in self.places:
            self.fields[f"place-{place.pk}"] = forms.ModelChoiceField(
                Location.objects.real().filter(is_active=True),
                required=False,
                initial=place.location_id,
                label=f"Location {place.code}",
                empty_label="Where the feed’s sales count",
            )

    def chosen(self) -> dict[int, Location | None]:
        return {
            place.pk: self.cleaned_data[f"place-{place.pk}"] for place in self.places
        }
