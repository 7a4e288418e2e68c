"""Forms of forecasting."""

from typing import ClassVar

from django import forms

from forecasting.models import PolicyDefaults


def between(low: str, high: str) -> dict[str, str]:
    words = f"Type a number from {low} to {high}."
    return dict.fromkeys(("min_value", "max_value", "invalid"), words)


class DefaultsForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = PolicyDefaults
        fields = (
            "lead_time_days",
            "review_period_days",
            "target_fill_rate",
            "holding_cost_rate",
            "order_cost",
        )
        labels: ClassVar = {
            "lead_time_days": "Lead time, days",
            "review_period_days": "Days between two orders",
            "target_fill_rate": "Fill-rate target",
            "holding_cost_rate": "Holding cost per year",
            "order_cost": "Cost of placing an order",
        }
        help_texts: ClassVar = {
            "lead_time_days": "Where neither the offer nor the vendor has one.",
            "review_period_days": "Where a vendor has no order days of its own.",
            "target_fill_rate": "Share of demand met from stock: 0.98 is 98 %.",
            "holding_cost_rate": "Share of the stock's value: 0.25 is 25 % a year.",
            "order_cost": "Work and freight that each order costs, however small.",
        }
        error_messages: ClassVar = {
            "lead_time_days": between("0", "365"),
            "review_period_days": between("1", "182"),
            "target_fill_rate": between("0.5", "0.9999"),
            "holding_cost_rate": between("0", "5"),
        }
