"""What people type about products, places and stock."""

from django import forms

from inventory.models import Location


class OwnLocationsForm(forms.Form):
    locations = forms.ModelMultipleChoiceField(
        queryset=Location.objects.real(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Locations",
    )
