"""Show or change what holds where no vendor or product says otherwise."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.forms.models import model_to_dict

from forecasting.models import PolicyDefaults

NAMES = (
    "lead_time_days",
    "review_period_days",
    "target_fill_rate",
    "holding_cost_rate",
    "order_cost",
)


class Command(BaseCommand):
    help = "Show the policy defaults, or change those that are given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name in NAMES:
            parser.add_argument("--" + name.replace("_", "-"))
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {name: options[name] for name in NAMES if options[name] is not None}
        defaults = PolicyDefaults.load()
        if given:
            self.change(defaults, given)
        values = model_to_dict(defaults, fields=NAMES)
        if options["json"]:
            plain = {name: float(value) for name, value in values.items()}
            plain["review_period_days"] = defaults.review_period_days
            self.stdout.write(json.dumps(plain))
            return
        for name, value in values.items():
            self.stdout.write(f"{name}: {value}")

    def change(self, defaults: PolicyDefaults, given: dict[str, str]) -> None:
        for name, text in given.items():
            setattr(defaults, name, text)
        try:
            defaults.full_clean(validate_unique=False)
        except ValidationError as error:
            problems = [
                f"--{name.replace('_', '-')}: {' '.join(messages)}"
                for name, messages in error.message_dict.items()
            ]
            raise CommandError("\n".join(problems)) from error
        defaults.save()
