"""The page “Same item twice?”: merge two products, keep them apart, separate them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allowed
from inventory import product_merging
from inventory.models import Product, ProductMerge
from jit_backoffice.http import HtmxRequest
from sales.forms import MergeForm
from sales.twins import open_pairs, with_sales

PAGE = 20
RECENT = 20


@allowed("merge_products")
def product_twins(request: HtmxRequest) -> HttpResponse:
    """Pairs that look alike; POST merges two products."""
    form = MergeForm(request.POST if request.method == "POST" else None)
    merged = form.merge(by=request.user) if form.is_valid() else None
    if merged:
        messages.success(
            request, f"{merged.product.sku} now counts as {merged.into} everywhere."
        )
        return redirect("product_twins")
    page = Paginator(open_pairs(), PAGE).get_page(request.GET.get("page"))
    merges = ProductMerge.objects.filter(separated_at=None)
    context = {
        "page": page,
        "pairs": with_sales(list(page.object_list)),
        "form": form,
        "merges": merges.select_related("product", "into", "merged_by")[:RECENT],
    }
    status = 422 if form.errors else 200
    return render(request, "sales/product_twins.html", context, status=status)


@require_POST
@allowed("merge_products")
def product_distinction(request: HtmxRequest, pk: int) -> HttpResponse:
    """Remember that two products are not the same."""
    visible = Product.objects.visible_to(request.user)
    one = get_object_or_404(visible, pk=pk)
    other = get_object_or_404(visible.exclude(pk=pk), sku=request.POST.get("other", ""))
    product_merging.tell_apart(one, other, by=request.user)
    messages.success(request, f"{one.sku} and {other.sku} stay two products.")
    return redirect("product_twins")


@require_POST
@allowed("merge_products")
def product_separation(request: HtmxRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    if product_merging.separate(product, by=request.user):
        messages.success(request, f"{product} is a product of its own again.")
    return redirect(product)
