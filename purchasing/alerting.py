"""The alerts that follow from how products stand, and their words."""

import datetime as dt
from collections.abc import Sequence

from inventory.alert_kinds import AlertKind, register
from inventory.alerting import AlertDraft, settle
from inventory.alerts import Alert
from inventory.ledger import Difference
from inventory.models import Location
from jit_backoffice.figures import day, number
from purchasing.assessing import Assessment
from purchasing.incoming import IncomingLine, incoming_lines
from purchasing.outlook import StockOutlook

type Params = dict[str, str | None]

State = StockOutlook.State
OF_STATE = {
    State.OUT: "out",
    State.RUNS_OUT: "runs_out",
    State.LOW: "low",
    State.UNKNOWN: "count_due",
}
OF_A_PRODUCT = (*OF_STATE.values(), "no_vendor")
OF_A_RUN = (*OF_A_PRODUCT, "late_delivery", "overdue_zero")
DIFFERENCE = "stock_difference"


def settle_alerts(
    location: Location, today: dt.date, assessments: Sequence[Assessment]
) -> int:
    """Alerts of a location as they should be now: how many are open."""
    drafts = [draft for one in assessments for draft in drafts_of(one)]
    drafts += late_drafts(incoming_lines([location], today), today)
    return settle(drafts, kinds=OF_A_RUN, location=location)


def settle_product_alerts(
    location: Location, assessments: Sequence[Assessment]
) -> None:
    """The same for some products only, between two runs."""
    drafts = [draft for one in assessments for draft in drafts_of(one)]
    products = [one.case.plan.product_id for one in assessments]
    settle(drafts, kinds=OF_A_PRODUCT, location=location, products=products)


def settle_differences(differences: Sequence[Difference]) -> int:
    """An alert per level that is not what the facts say; nothing is corrected."""
    at: dict[int, list[AlertDraft]] = {
        place.pk: [] for place in Location.objects.real()
    }
    for found in differences:
        at[found.location_id].append(difference_draft(found))
    places = Location.objects.in_bulk(at)
    return sum(
        settle(drafts, kinds=(DIFFERENCE,), location=places[pk])
        for pk, drafts in at.items()
    )


def drafts_of(assessment: Assessment) -> list[AlertDraft]:
    """Nobody is alarmed for what nobody buys."""
    case = assessment.case
    if not case.plan.demand_per_day:
        return []
    drafts = []
    if assessment.state in OF_STATE:
        drafts.append(state_draft(assessment, OF_STATE[assessment.state]))
    if case.terms.offer is None and case.size and case.size.quantity:
        params: Params = {"needed": str(case.size.needed)}
        drafts.append(product_draft(assessment, "no_vendor", params))
    return drafts


def state_draft(assessment: Assessment, kind: str) -> AlertDraft:
    case, out_on = assessment.case, assessment.runs_out_on
    params: Params = {
        "on_hand": None if case.on_hand is None else str(case.on_hand),
        "runs_out_on": out_on.isoformat() if out_on else None,
        "next_delivery_on": case.deliveries.next_delivery_on.isoformat(),
    }
    return product_draft(assessment, kind, params)


def product_draft(assessment: Assessment, kind: str, params: Params) -> AlertDraft:
    plan = assessment.case.plan
    key = f"{plan.product_id}:{plan.location_id}"
    return AlertDraft(kind, key, "product", plan.product_id, plan.product_id, params)


def late_drafts(lines: Sequence[IncomingLine], today: dt.date) -> list[AlertDraft]:
    """One alert per order or transfer that is late, of the worse kind only."""
    late: dict[str, AlertDraft] = {}
    for line in lines:
        if line.is_on_the_way and line.due_on < today:
            kind = "late_delivery" if line.expected_on else "overdue_zero"
            page = "order" if line.order_id else "transfer_list"
            params = {"document": line.document, "due_on": line.due_on.isoformat()}
            late[line.document] = AlertDraft(
                kind, line.document, page, line.order_id, params=params
            )
    return list(late.values())


def difference_draft(found: Difference) -> AlertDraft:
    params = {"recorded": shown(found.recorded), "from_facts": shown(found.from_facts)}
    key = f"{found.product_id}:{found.location_id}"
    return AlertDraft(
        DIFFERENCE, key, "product", found.product_id, found.product_id, params
    )


def shown(amount: object) -> str | None:
    return None if amount is None else str(amount)


def date_in(alert: Alert, name: str) -> str:
    text = alert.params.get(name)
    return day(dt.date.fromisoformat(text)) if text else ""


def say_out(alert: Alert) -> str:
    return f"{alert.product} is out of stock."


def say_runs_out(alert: Alert) -> str:
    before = date_in(alert, "next_delivery_on")
    return (
        f"{alert.product} runs out about {date_in(alert, 'runs_out_on')}. "
        f"If you skip the next order, the delivery after it comes {before}."
    )


def say_low(alert: Alert) -> str:
    until = date_in(alert, "next_delivery_on")
    return f"{alert.product} may not last until the delivery of {until}."


def say_count_due(alert: Alert) -> str:
    return f"{alert.product} sells but was never counted here: its stock is unknown."


def say_no_vendor(alert: Alert) -> str:
    needed = number(alert.params.get("needed"))
    return f"{alert.product} needs {needed} more, and no vendor sells it to you."


def say_late(alert: Alert) -> str:
    return f"{alert.params['document']} was due {date_in(alert, 'due_on')}."


def say_overdue(alert: Alert) -> str:
    return (
        f"{alert.params['document']} was due {date_in(alert, 'due_on')}. "
        "It no longer counts as incoming: ask the vendor, or close it."
    )


def say_difference(alert: Alert) -> str:
    recorded, facts = alert.params["recorded"], alert.params["from_facts"]
    return (
        f"{alert.product}: the stock shown is {number(recorded)}, counts and moves "
        f"say {number(facts)}."
    )


def say_mail(alert: Alert) -> str:
    order, vendor = alert.params["order"], alert.params["vendor"]
    if alert.kind == "mail_failed":
        answer = alert.params.get("answer", "")
        return f"{order} could not be mailed to {vendor}. {answer}".strip()
    return f"We could not confirm that {vendor} received {order}."


register(
    AlertKind("out", "Out of stock", "x-octagon-fill", "red", say_out),
    AlertKind("runs_out", "Runs out", "exclamation-triangle-fill", "red", say_runs_out),
    AlertKind("low", "Low", "arrow-down-circle-fill", "amber", say_low),
    AlertKind("count_due", "Count due", "clipboard-check", "blue", say_count_due),
    AlertKind("no_vendor", "No vendor", "building", "amber", say_no_vendor),
    AlertKind("late_delivery", "Late", "clock", "red", say_late),
    AlertKind("overdue_zero", "Long overdue", "clock", "red", say_overdue),
    AlertKind(DIFFERENCE, "Stock differs", "eye-slash", "violet", say_difference),
    AlertKind("mail_failed", "Mail failed", "x-circle-fill", "red", say_mail),
    AlertKind(
        "mail_uncertain", "Sending uncertain", "question-diamond", "amber", say_mail
    ),
)
