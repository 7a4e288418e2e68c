"""The steps of an order: one view per verb, each POST one step.

A step that needs a word of the person asks for it on a page of its own, which htmx
shows as a dialog.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allowed
from jit_backoffice.http import HtmxRequest, is_fragment
from purchasing import ordering
from purchasing.forms import ConfirmationForm, LinesForm, ReasonForm
from purchasing.order_page import last_mail, order_page
from purchasing.orders import PurchaseOrder, Refused
from purchasing.views.answers import order_of, told_conflicts
from purchasing.views.order_views import may_cancel, show


@dataclass(frozen=True, slots=True)
class Question:
    """What a step asks before it is taken."""

    title: str
    text: str
    label: str
    button: str
    is_required: bool = False


@require_POST
@allowed("submit_order")
@told_conflicts
def order_submission(request: HtmxRequest, pk: int) -> HttpResponse:
    """Save what stands in the grid, then ask for approval."""
    found = order_of(request, pk)
    form = LinesForm(request.POST, found.lines.select_related("product"))
    if not form.is_valid():
        problem = "; ".join(str(error[0]) for error in form.errors.values())
        return show(request, found, problem=problem, status=422)
    seen = request.POST.get("seen", "")

    def submit() -> None:
        ordering.change_lines(found, changes=form.changes(), by=request.user, seen=seen)
        ordering.submit(found, by=request.user, seen=seen)

    return taken(request, found, submit, "{} waits for approval.")


@require_POST
@allowed("approve_order")
@told_conflicts
def order_approval(request: HtmxRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    version = request.POST.get("version", "")
    if order_page(found).new_costs and "costs_seen" not in request.POST:
        problem = "Costs have changed since this was suggested. Tick that you saw it."
        return show(request, found, problem=problem, status=422)

    def approve() -> None:
        seen = int(version) if version.isdecimal() else 0
        ordering.approve(found, by=request.user, version=seen)

    return taken(request, found, approve, "{} is approved.")


@allowed("approve_order")
@told_conflicts
def order_return(request: HtmxRequest, pk: int) -> HttpResponse:
    question = Question(
        "Send back",
        "The order becomes a draft again, and the store reads your reason.",
        "What has to change",
        "Send back",
        is_required=True,
    )
    return asked(request, pk, question, ordering.send_back, "{} was sent back.")


@allowed("send_order")
@told_conflicts
def order_mail(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show the mail before it goes; a second try of it is a person's decision."""
    found = order_of(request, pk)
    mail = last_mail(found)
    again = mail is not None and mail.state in ("uncertain", "failed")
    if request.method == "POST":
        verb = ordering.send_again if again else ordering.send

        def send() -> None:
            verb(found, by=request.user, seen=request.POST.get("seen", ""))

        return taken(request, found, send, "{} is on its way to the vendor.")
    name = "purchasing/order_mail.html" + ("#dialog" if is_fragment(request) else "")
    context = {"order": found, "mail": mail, "again": again, "page": order_page(found)}
    return render(request, name, context)


@allowed("send_order")
@told_conflicts
def order_sent(request: HtmxRequest, pk: int) -> HttpResponse:
    question = Question(
        "Mark as sent",
        "For an order by phone or in the vendor's shop. No mail goes out.",
        "How it was ordered",
        "Mark as sent",
    )
    return asked(
        request, pk, question, ordering.mark_sent, "{} is marked as sent.", "note"
    )


@allowed("send_order")
@told_conflicts
def order_confirmation(request: HtmxRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    form = ConfirmationForm(request.POST or None)
    if not request.POST and found.due_on:
        form.initial = {"confirmed_on": found.due_on}
    if request.method == "POST" and form.is_valid():
        try:
            ordering.confirm(
                found,
                confirmed_on=form.cleaned_data["confirmed_on"],
                by=request.user,
                seen=request.POST.get("seen", ""),
            )
        except Refused as refused:
            form.add_error("confirmed_on", str(refused))
        else:
            return redirect("order", pk)
    question = Question(
        "Confirm delivery",
        "The day counts as incoming from now on; ours is kept beside it.",
        "",
        "Save the day",
    )
    return ask(request, found, question, form)


@told_conflicts
def order_cancellation(request: HtmxRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    if not may_cancel(request, found):
        raise PermissionDenied("Ask a buyer to cancel this order.")
    return asked(
        request, pk, cancel_question(found), ordering.cancel, "{} is cancelled."
    )


def cancel_question(found: PurchaseOrder) -> Question:
    if found.state == PurchaseOrder.State.PARTLY_RECEIVED:
        text = "What was received stays. What is still open is no longer expected."
        return Question("Cancel the rest", text, "Reason", "Cancel the rest")
    text = "Its quantities no longer count as incoming."
    if found.is_on_the_way:
        text += f" {found.vendor} has it already and is not told: call them."
    return Question("Cancel order", text, "Reason", "Cancel order")


@allowed("receive_order")
@told_conflicts
def order_closure(request: HtmxRequest, pk: int) -> HttpResponse:
    question = Question(
        "Close order",
        "Nothing more is expected of it. What is still open is given up.",
        "Reason",
        "Close order",
    )
    return asked(request, pk, question, ordering.close, "{} is closed.")


@require_POST
@allowed("edit_order")
def order_copy(request: HtmxRequest, pk: int) -> HttpResponse:
    copy = ordering.duplicate(order_of(request, pk), by=request.user)
    messages.success(request, f"{copy.number} is a copy at today's terms.")
    return redirect(copy)


@require_POST
@allowed("edit_order")
@told_conflicts
def order_costs(request: HtmxRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)

    def reprice() -> None:
        seen = request.POST.get("seen", "")
        ordering.take_new_costs(found, by=request.user, seen=seen)

    return taken(request, found, reprice, "{} has today's costs.")


def taken(
    request: HtmxRequest, found: PurchaseOrder, step: Callable[[], object], told: str
) -> HttpResponse:
    """Take the step and go on; where the rules forbid it, the page says why."""
    try:
        step()
    except Refused as refused:
        if isinstance(refused, ordering.AboveLimit):
            raise
        return show(request, found, problem=str(refused), status=422)
    messages.success(request, told.format(found.number))
    if request.POST.get("next") == "approvals":
        return redirect("approvals")
    return redirect("order", found.pk)


def asked(
    request: HtmxRequest,
    pk: int,
    question: Question,
    verb: Callable[..., PurchaseOrder],
    told: str,
    word: str = "reason",
) -> HttpResponse:
    """Ask, and take the step with the answer; ``word`` is what the verb calls it."""
    found = order_of(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data, label=question.label, required=question.is_required)
    if not form.is_valid():
        return ask(request, found, question, form)
    answer = {word: form.cleaned_data["reason"]}
    seen = request.POST.get("seen", "")
    return taken(
        request,
        found,
        lambda: verb(found, by=request.user, seen=seen, **answer),
        told,
    )


def ask(
    request: HtmxRequest, found: PurchaseOrder, question: Question, form: object
) -> HttpResponse:
    name = "purchasing/order_step.html" + ("#dialog" if is_fragment(request) else "")
    status = 422 if getattr(form, "errors", None) else 200
    context = {
        "order": found,
        "question": question,
        "form": form,
        "next": request.GET.get("next", request.POST.get("next", "")),
    }
    return render(request, name, context, status=status)
