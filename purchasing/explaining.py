"""Why this quantity: one sentence, the arithmetic, and the inputs it was made from.

An explanation is frozen on the line of the order as plain JSON. Amounts are texts of
exact decimals, so that the quantity can be reckoned again from them at any time.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from forecasting.quantiles import nb_cdf
from jit_backoffice.figures import number, percent
from purchasing.assessing import Assessment, Case
from purchasing.incoming import IncomingLine
from purchasing.order_sizing import OrderSize, Pack, order_size
from purchasing.position import inventory_position
from vendors.terms import Source

type Explanation = dict[str, Any]

FORMAT = 1
PERIODS = (200, 100, 50, 20, 10, 5, 4, 3, 2)
SATURDAY = 5
NOTABLE_WEEKEND = 0.15


def explanation(assessment: Assessment) -> Explanation:
    """Inputs, steps and sentence of a suggestion, ready to be frozen."""
    case = assessment.case
    inputs = inputs_of(assessment)
    return {
        "format": FORMAT,
        "inputs": inputs,
        "steps": steps_of(case, inputs),
        "parts": sentence_of(case, inputs),
        "runs_out_on": iso(assessment.runs_out_on),
    }


def quantity_from(inputs: dict[str, Any]) -> OrderSize:
    """Reckon the order again from the inputs that were shown."""
    incoming = sum(
        (Decimal(line["counted"]) for line in inputs["incoming"]), Decimal(0)
    )
    return order_size(
        inventory_position(Decimal(inputs["on_hand"]), incoming),
        Decimal(inputs["reorder_point"]),
        Decimal(inputs["order_up_to_level"]),
        Pack(
            Decimal(inputs["case_pack"]),
            Decimal(inputs["moq"]),
            Decimal(inputs["quantum"]),
        ),
    )


def sentence(frozen: Explanation) -> str:
    return "".join(part["text"] for part in frozen.get("parts", ()))


def inputs_of(assessment: Assessment) -> dict[str, Any]:
    case = assessment.case
    plan, terms, pack = case.plan, case.terms, case.pack
    return {
        "as_of": plan.as_of.isoformat(),
        "method": plan.method,
        "demand_per_day": round(plan.demand_per_day, 4),
        "weekend_factor": weekend_factor(plan.daily_mean, case.today),
        "expected_demand": round(plan.expected_demand, 4),
        "usual_low": assessment.usual_low,
        "usual_high": assessment.usual_high,
        "variance_ratio": round(plan.variance_ratio, 4),
        "protection_days": plan.protection_days,
        "lead_time_days": plan.lead_time_days,
        "lead_time_sd_days": plan.lead_time_sd_days,
        "lead_time_source": plan.lead_time_source,
        "review_period_days": plan.review_period_days,
        "target_fill_rate": plan.target_fill_rate,
        "order_up_to_level": str(case.order_up_to_level),
        "reorder_point": str(case.reorder_point),
        "on_hand": None if case.on_hand is None else str(case.on_hand),
        "counted_on": iso(case.counted_on),
        "incoming": [incoming_of(line) for line in case.incoming],
        "case_pack": str(pack.case_pack),
        "moq": str(pack.moq),
        "quantum": str(pack.quantum),
        "unit": plan.product.unit,
        "vendor": str(terms.vendor) if terms.vendor else None,
        "order_by": case.deliveries.order_by.isoformat(),
        "delivery_on": case.deliveries.delivery_on.isoformat(),
        "next_delivery_on": case.deliveries.next_delivery_on.isoformat(),
        "daily_mean": [round(mean, 3) for mean in plan.daily_mean],
        "last_intervals": [round(sold, 3) for sold in plan.last_intervals],
        "interval_had_stockout": list(plan.interval_had_stockout),
    }


def incoming_of(line: IncomingLine) -> dict[str, Any]:
    return {
        "document": line.document,
        "order_id": line.order_id,
        "is_on_the_way": line.is_on_the_way,
        "quantity": str(line.quantity),
        "counted": str(line.counted_quantity),
        "due_on": iso(line.due_on),
        "expected_on": iso(line.expected_on),
    }


def steps_of(case: Case, inputs: dict[str, Any]) -> list[dict[str, Any]]:
    """The arithmetic, which adds up by eye to the ordered number."""
    level, quantum = case.order_up_to_level, case.pack.quantum
    expected = nearest(case.plan.expected_demand, quantum)
    safety = level - expected
    days = number(case.plan.protection_days, 0)
    usual = f"usually {number(inputs['usual_low'])} to {number(inputs['usual_high'])}"
    target = percent(case.plan.target_fill_rate)
    steps = [
        step("", f"Expected demand, {days} days{until(case)}", expected, usual),
        step(
            "−" if safety < 0 else "+",
            "Safety stock",
            abs(safety),
            f"for a fill rate of {target}",
        ),
        step("=", "Order-up-to level", level),
    ]
    if case.on_hand is None:
        return steps
    steps.append(on_hand_step(case))
    steps += [incoming_step(line) for line in case.incoming]
    return steps + order_steps(case, level)


def on_hand_step(case: Case) -> dict[str, Any]:
    on_hand = case.on_hand or Decimal(0)
    counted = f"counted {weekday(case.counted_on)}" if case.counted_on else ""
    if on_hand < 0:
        counted = f"the record says {number(on_hand)}: count it"
    return step("−", "On hand", max(on_hand, Decimal(0)), counted)


def incoming_step(line: IncomingLine) -> dict[str, Any]:
    when = f"{line.document}, {weekday(line.due_on)}"
    if line.expected_on is None:
        when = f"{line.document}, due {weekday(line.due_on)}: too late to count on"
    return step("−", "Incoming", line.counted_quantity, when)


def order_steps(case: Case, level: Decimal) -> list[dict[str, Any]]:
    position, size = case.position, case.size
    if position is None or size is None:
        return []
    if not size.quantity:
        left = f"order at {number(case.reorder_point)} or less"
        return [step("=", "Needed", max(level - position, Decimal(0)), left)]
    steps = [step("=", "Needed", size.needed)]
    pack = case.pack
    if size.needed < pack.moq:
        steps.append(step("", "At least the vendor's minimum", pack.moq))
    if case.terms.offer is not None:
        packs = f"{number(size.packs)} {'pack' if size.packs == 1 else 'packs'}"
        label = f"Rounded up to packs of {number(pack.case_pack)}"
        steps.append(step("", label, size.quantity, packs))
    return steps


def step(sign: str, label: str, value: Decimal, note: str = "") -> dict[str, Any]:
    result = sign == "=" or label.startswith("Rounded")
    return {
        "sign": sign,
        "label": label,
        "value": str(value),
        "note": note,
        "is_result": result,
    }


def sentence_of(case: Case, inputs: dict[str, Any]) -> list[dict[str, Any]]:
    """The sentence as parts; ``strong`` ones are the figures that decide."""
    return [
        {"text": text, "strong": strong}
        for text, strong in [
            *rate_words(case, inputs),
            *cover_words(case),
            *need_words(case),
        ]
    ]


type Words = Iterable[tuple[str, bool]]


def rate_words(case: Case, inputs: dict[str, Any]) -> Words:
    if not case.plan.demand_per_day:
        yield "It has not sold lately, and no sales are expected.", False
        return
    yield "You sell about ", False
    yield f"{rate(case.plan.demand_per_day)} a day", True
    factor = inputs["weekend_factor"]
    if abs(factor - 1) >= NOTABLE_WEEKEND:
        yield f", at weekends {number(round(factor, 1))} times as much", False
    yield ".", False


def cover_words(case: Case) -> Words:
    plan, level = case.plan, case.order_up_to_level
    if not plan.demand_per_day:
        return
    days = number(plan.protection_days, 0)
    yield " The delivery after this one comes in ", False
    yield f"{days} {'day' if days == '1' else 'days'}", True
    chance = float(nb_cdf(float(level), plan.expected_demand, plan.variance_ratio))
    yield f"; in {out_of(chance)} you sell ", False
    yield f"{number(level)} or fewer", True
    yield ".", False


def need_words(case: Case) -> Words:
    if case.on_hand is None:
        yield " Nobody has counted it here yet: count it to get a suggestion.", False
        return
    yield " You have ", False
    yield number(max(case.on_hand, Decimal(0))), True
    if case.counted_incoming:
        yield " and ", False
        shipped = all(line.is_on_the_way for line in case.incoming)
        where = "on the way" if shipped else "on order"
        yield f"{number(case.counted_incoming)} {where}", True
    yield from size_words(case)


def size_words(case: Case) -> Words:
    size = case.size
    if size is None or not size.quantity:
        yield ", which is enough for now.", False
        return
    yield f", so you need {number(size.needed)}", False
    if case.terms.offer is None:
        yield ". No vendor sells it to you yet.", False
        return
    if size.needed < case.pack.moq:
        yield f"; the vendor's minimum is {number(case.pack.moq)}", False
    yield ": ", False
    packs = "1 pack" if size.packs == 1 else f"{number(size.packs)} packs"
    single = case.pack.case_pack == 1
    yield (
        (
            number(size.quantity)
            if single
            else f"{packs} of {number(case.pack.case_pack)}"
        ),
        True,
    )
    yield ".", False


def out_of(chance: float) -> str:
    """A chance in people's words: 0.957 → 19 of 20 such periods."""
    for periods in PERIODS:
        if chance >= 1 - 1 / periods:
            return f"{periods - 1} of {periods} such periods"
    return "fewer than half of such periods"


def rate(per_day: float) -> str:
    return number(round(per_day, 1 if per_day >= 1 else 2))


def weekend_factor(daily_mean: list[float], first: dt.date) -> float:
    """Expected demand of a Saturday or Sunday against another day, two weeks on."""
    days = [
        (first + dt.timedelta(days=column), mean)
        for column, mean in enumerate(daily_mean[:14])
    ]
    weekend = [mean for day, mean in days if day.weekday() >= SATURDAY]
    other = [mean for day, mean in days if day.weekday() < SATURDAY]
    if not weekend or not sum(other):
        return 1.0
    return round((sum(weekend) / len(weekend)) / (sum(other) / len(other)), 2)


def nearest(amount: float, quantum: Decimal) -> Decimal:
    steps = (Decimal(repr(amount)) / quantum).quantize(Decimal(1), ROUND_HALF_UP)
    return steps * quantum


def until(case: Case) -> str:
    """The date is said only where the order is due today: later it moves along."""
    if case.deliveries.order_by.date() != case.today:
        return ""
    return f" until {weekday(case.deliveries.next_delivery_on)}"


def weekday(date: dt.date) -> str:
    return f"{date:%a} {date.day} {date:%b}"


def iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


LEAD_TIME_WORDS = {
    Source.OFFER: "set for this product",
    Source.VENDOR: "set for the vendor",
    Source.DEFAULT: "the shop's default",
}
