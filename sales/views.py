"""What imports of sales left behind: unpaired cancellations, items left out."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import allowed
from imports.models import Import
from inventory.models import SaleLine
from jit_backoffice.http import HtmxRequest, is_fragment
from sales.models import IgnoredIdentity
from sales.pairing import unpaired_cancellations as unpaired
from sales.unpaired import csv_lines

PAGE_ROWS = 50


def cancellations_of(imported: Import) -> QuerySet[SaleLine]:
    lines = unpaired(imported).select_related("product", "location")
    return lines.order_by("sold_at", "pk")


@require_safe
@allowed("import_files")
@vary_on_headers("HX-Request")
def unpaired_cancellations(request: HtmxRequest, pk: int) -> HttpResponse:
    """Cancellations that no sale fits: how many (in the import's result), and which."""
    imported = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    page = Paginator(cancellations_of(imported), PAGE_ROWS).get_page(
        request.GET.get("page")
    )
    name = "sales/unpaired_cancellations.html"
    context = {"import": imported, "page": page}
    return render(request, f"{name}#told" if is_fragment(request) else name, context)


@require_safe
@allowed("import_files")
def unpaired_cancellations_export(
    request: HtmxRequest, pk: int
) -> StreamingHttpResponse:
    imported = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    lines = csv_lines(cancellations_of(imported).iterator(chunk_size=1000))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="import-{pk}-cancellations.csv"'
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@allowed("import_files")
def left_out_list(request: HtmxRequest) -> HttpResponse:
    """Items of sales files that a person leaves out, from now on."""
    items = IgnoredIdentity.objects.visible_to(request.user)
    page = Paginator(items.select_related("source", "created_by"), PAGE_ROWS).get_page(
        request.GET.get("page")
    )
    return render(request, "sales/left_out_list.html", {"page": page})


@require_POST
@allowed("import_files")
def left_out_removal(request: HtmxRequest, pk: int) -> HttpResponse:
    items = IgnoredIdentity.objects.visible_to(request.user)
    item = get_object_or_404(items, pk=pk)
    item.delete()
    messages.success(request, f"{item} is no longer left out. Import its file again.")
    return redirect("left_out_list")
