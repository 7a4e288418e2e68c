"""The page where a person says which products the unknown items of a file are."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allowed
from imports.answering import begin_check
from imports.models import Import
from imports.staging import Stage
from inventory.models import Product
from jit_backoffice.figures import counted
from jit_backoffice.http import HtmxRequest
from sales import settling_items
from sales.forms import ItemForm
from sales.matching import suggest, suggest_near
from sales.settling_items import Decisions
from sales.unknown_items import UnknownItem, unknown_items

PAGE = 50
OPEN = (Import.State.UPLOADED, Import.State.CHECKED)


@allowed("import_files")
def product_matching(request: HtmxRequest, pk: int) -> HttpResponse:
    """Unknown items with what they may be; POST remembers and checks anew."""
    imported = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    stage = Stage.of(imported) if imported.kind else None
    if stage is None or imported.state not in OPEN or not stage.is_filled():
        return redirect(imported.page, pk)
    if request.method == "POST" and not request.POST.get("save"):
        return decide_for_all(request, imported)
    items = unknown_items(stage)
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    forms = item_forms(request, stage, items_sent(request, items) or numbered(page))
    if request.method == "POST" and all_valid(forms):
        return save(request, imported, forms)
    context = {
        "import": imported,
        "page": page,
        "forms": forms,
        "units": sum(item.units or 0 for item in items),
        "row_count": sum(item.rows for item in items),
        "sure": len(settling_items.sure_decisions(stage, items)),
        "created": len(imported.options.get("create_identities", [])),
        "may_create": stage.kind.group == "sales",
    }
    status = 422 if any(form.errors for form in forms) else 200
    return render(request, "sales/product_matching.html", context, status=status)


def numbered(page: Page[UnknownItem]) -> dict[int, UnknownItem]:
    return dict(enumerate(page.object_list))


def items_sent(
    request: HtmxRequest, items: Sequence[UnknownItem]
) -> dict[int, UnknownItem]:
    """The items of a form by their number in it, those that are still unknown."""
    unknown = {item.identity: item for item in items}
    sent = {n: request.POST.get(f"item-{n}-identity", "") for n in range(PAGE)}
    return {n: unknown[text] for n, text in sent.items() if text in unknown}


def item_forms(
    request: HtmxRequest, stage: Stage, by_number: dict[int, UnknownItem]
) -> list[ItemForm]:
    known = settling_items.known_to(stage)
    items = list(by_number.values())
    near = suggest_near(items, known)
    suggested = [
        suggest(item, known) or alike for item, alike in zip(items, near, strict=True)
    ]
    names = product_names({one.product_id for own in suggested for one in own})
    return [
        ItemForm(
            request.POST or None,
            item=item,
            suggestions=own,
            names=names,
            may_create=stage.kind.group == "sales",
            prefix=f"item-{number}",
        )
        for (number, item), own in zip(by_number.items(), suggested, strict=True)
    ]


def product_names(products: set[int]) -> dict[int, str]:
    rows = Product.objects.filter(pk__in=products).values_list("pk", "name", "sku")
    return {pk: f"{name} ({sku})" for pk, name, sku in rows}


def decide_for_all(request: HtmxRequest, imported: Import) -> HttpResponse:
    """One decision for the items of all pages."""
    if request.POST.get("accept"):
        accepted = settling_items.accept_suggestions(imported, by=request.user)
        matched = counted(accepted, "item is,items are")
        messages.success(request, f"{matched} matched and remembered.")
    elif request.POST.get("create_none"):
        settling_items.create_none(imported)
    return check_again(request, imported)


def save(request: HtmxRequest, imported: Import, forms: list[ItemForm]) -> HttpResponse:
    decisions = Decisions()
    for form in forms:
        form.add_to(decisions)
    settling_items.settle(imported, decisions, by=request.user)
    decided = counted(len(decisions), "item is,items are")
    messages.success(request, f"{decided} decided and remembered.")
    return check_again(request, imported)


def all_valid(forms: Sequence[ItemForm]) -> bool:
    """Every form is checked, so that the page tells all that is wrong."""
    return sum(not form.is_valid() for form in forms) == 0


def check_again(request: HtmxRequest, imported: Import) -> HttpResponse:
    begin_check(imported, by=request.user)
    if request.POST.get("save") == "next":
        return redirect("product_matching", imported.pk)
    return redirect("import_check", imported.pk)
