"""The page of an order: its lines, and what it looks like for the vendor."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allowed
from accounts.policy import can
from inventory.context import chosen_location
from inventory.models import Shop
from jit_backoffice.http import HtmxRequest, is_fragment
from purchasing import ordering
from purchasing.forms import AddLineForm, LinesForm, StartForm
from purchasing.order_document import OrderDocument, as_csv, as_pdf
from purchasing.order_page import OrderPage, last_mail, order_page, receipts, timeline
from purchasing.orders import PurchaseOrder, Refused
from purchasing.views.answers import order_of, told_conflicts


def order(request: HtmxRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    if request.GET.get("seen", found.stamp) != found.stamp and is_fragment(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    if is_fragment(request):
        context = context_of(request, order_page(found))
        return render(request, "purchasing/_order_head.html", context)
    return show(request, found)


def show(
    request: HtmxRequest, found: PurchaseOrder, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The whole page; with a problem on top where a step was refused."""
    context = context_of(request, order_page(found, problem))
    context |= {
        "timeline": timeline(found),
        "receipts": receipts(found),
    }
    return render(request, "purchasing/order.html", context, status=status)


def context_of(request: HtmxRequest, page: OrderPage) -> dict[str, object]:
    user, found = request.user, page.order
    mail = last_mail(found)
    is_gone = mail is not None and mail.state in ("sending", "uncertain")
    return {
        "page": page,
        "order": found,
        "mail": mail,
        "may_edit": found.is_editable and not is_gone and can(user, "edit_order"),
        "may_approve": can(user, "approve_order"),
        "may_send": can(user, "send_order"),
        "may_receive": can(user, "receive_order"),
        "may_cancel": may_cancel(request, found),
    }


def may_cancel(request: HtmxRequest, found: PurchaseOrder) -> bool:
    """Who may order may also throw a draft away."""
    states = PurchaseOrder.State
    if found.state not in PurchaseOrder.INCOMING:
        return False
    is_ours = found.state in (states.DRAFT, states.SUBMITTED)
    return can(request.user, "edit_order" if is_ours else "cancel_order")


@require_POST
@allowed("edit_order")
@told_conflicts
def order_lines(request: HtmxRequest, pk: int) -> HttpResponse:
    """Save what was typed: one cell, or the whole grid without JavaScript."""
    found = order_of(request, pk)
    form = LinesForm(request.POST, found.lines.select_related("product"))
    if not form.is_valid():
        return not_saved(request, found, form)
    try:
        ordering.change_lines(
            found,
            changes=form.changes(),
            by=request.user,
            seen=request.POST.get("seen", ""),
        )
    except Refused as refused:
        return show(request, found, problem=str(refused), status=422)
    if is_fragment(request):
        return saved(request, order_of(request, pk), form)
    return redirect("order", pk)


def saved(request: HtmxRequest, found: PurchaseOrder, form: LinesForm) -> HttpResponse:
    """The row that was typed in, and what its figures changed around it."""
    page = order_page(found)
    typed = {line.pk for line in form.lines}
    row = next(row for row in page.rows if row.line.pk in typed)
    group = next(group for group in page.groups if row in group.rows)
    context = context_of(request, page) | {"row": row, "group": group, "saved": True}
    return render(request, "purchasing/order_line_saved.html", context)


def not_saved(
    request: HtmxRequest, found: PurchaseOrder, form: LinesForm
) -> HttpResponse:
    """The typed value stays, with what is wrong about it."""
    errors = {int(name.split("-")[1]): text[0] for name, text in form.errors.items()}
    page = order_page(found)
    if not is_fragment(request):
        problem = "; ".join(
            f"{form.fields[n].label}: {t[0]}" for n, t in form.errors.items()
        )
        return show(request, found, problem=problem, status=422)
    row = next(row for row in page.rows if row.line.pk in errors)
    context = context_of(request, page) | {
        "row": row,
        "error": errors[row.line.pk],
        "typed": request.POST.get(f"packs-{row.line.pk}", ""),
    }
    return render(request, "purchasing/_order_row.html", context, status=422)


@allowed("edit_order")
@told_conflicts
def order_line_add(request: HtmxRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    form = AddLineForm(request.POST or None, found)
    if request.method == "POST" and form.is_valid():
        try:
            ordering.add_line(
                found,
                product=form.cleaned_data["offer"].product,
                quantity=form.quantity,
                reason=form.cleaned_data["reason"],
                by=request.user,
                seen=request.POST.get("seen", ""),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("order", pk)
    return form_page(request, "purchasing/order_line_add.html", form, order=found)


@allowed("edit_order")
def order_add(request: HtmxRequest) -> HttpResponse:
    chosen = {
        "location": chosen_location(request),
        "vendor": request.GET.get("vendor"),
    }
    form = StartForm(request.POST or None, user=request.user, initial=chosen)
    if request.method == "POST" and form.is_valid():
        started = ordering.start(
            form.cleaned_data["vendor"],
            location=form.cleaned_data["location"],
            by=request.user,
        )
        return redirect(started)
    return form_page(request, "purchasing/order_add.html", form)


def form_page(
    request: HtmxRequest, template: str, form: object, **context: object
) -> HttpResponse:
    name = f"{template}#dialog" if is_fragment(request) else template
    status = 422 if getattr(form, "errors", None) else 200
    return render(request, name, {"form": form, **context}, status=status)


def order_pdf(request: HtmxRequest, pk: int) -> HttpResponse:
    return document(request, pk, "pdf", "application/pdf")


def order_csv(request: HtmxRequest, pk: int) -> HttpResponse:
    return document(request, pk, "csv", "text/csv; charset=utf-8")


def document(
    request: HtmxRequest, pk: int, ending: str, content_type: str
) -> HttpResponse:
    """What the vendor got; before that, what it would be."""
    found = order_of(request, pk)
    mail = found.mails.filter(state="sent").order_by("-pk").first()
    if mail:
        content = bytes(getattr(mail, ending))
    else:
        made = OrderDocument.of(found, Shop.load())
        content = as_pdf(made) if ending == "pdf" else as_csv(made)
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{found.number}.{ending}"'
        },
    )
