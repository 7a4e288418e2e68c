"""Pages of vendors and of what each of them sells."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allowed
from inventory.models import Product, Shop
from jit_backoffice.http import HtmxRequest, is_fragment
from vendors.forms import NewOfferForm, OfferForm, VendorForm
from vendors.models import Vendor, VendorProduct

PAGE = 50


@allowed("view")
def vendor_list(request: HtmxRequest) -> HttpResponse:
    in_range = Q(products__product__is_active=True)
    vendors = Vendor.objects.visible_to(request.user).annotate(
        product_count=Count("products", filter=in_range)
    )
    context = {"vendors": vendors.order_by("-is_active", "name")}
    return render(request, "vendors/vendor_list.html", context)


@allowed("view")
def vendor(request: HtmxRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Vendor.objects.visible_to(request.user), pk=pk)
    text = request.GET.get("q", "").strip()
    offers = found.products.select_related("product")
    if text:
        offers = offers.filter(
            Q(product__name__icontains=text)
            | Q(product__sku__icontains=text)
            | Q(vendor_sku__icontains=text)
        )
    pages = Paginator(offers.order_by("product__name", "pk"), PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"vendor": found, "page": page, "search_text": text}
    name = "vendors/vendor.html"
    return render(request, f"{name}#offers" if is_fragment(request) else name, context)


@allowed("edit_vendor")
def vendor_add(request: HtmxRequest) -> HttpResponse:
    return vendor_form(request, Vendor(currency=Shop.load().currency))


@allowed("edit_vendor")
def vendor_edit(request: HtmxRequest, pk: int) -> HttpResponse:
    visible = Vendor.objects.visible_to(request.user)
    return vendor_form(request, get_object_or_404(visible, pk=pk))


def vendor_form(request: HtmxRequest, instance: Vendor) -> HttpResponse:
    form = VendorForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, f"{saved} is saved.")
        return redirect(saved)
    page = "vendor_edit" if instance.pk else "vendor_add"
    status = 422 if form.errors else 200
    context = {"form": form, "vendor": instance}
    return render(request, f"vendors/{page}.html", context, status=status)


@allowed("edit_vendor")
def offer_add(request: HtmxRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("vendor", "product")}
    form = NewOfferForm(request.POST or None, initial=asked)
    if request.method == "POST" and form.is_valid():
        offer = form.save()
        messages.success(request, f"{offer} is added.")
        return redirect(offer.vendor)
    status = 422 if form.errors else 200
    return render(request, "vendors/offer_add.html", {"form": form}, status=status)


@allowed("edit_vendor")
def offer_edit(request: HtmxRequest, pk: int) -> HttpResponse:
    offers = VendorProduct.objects.select_related("vendor", "product")
    offer = get_object_or_404(offers, pk=pk)
    form = OfferForm(request.POST or None, instance=offer)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"{offer} is saved.")
        return redirect(offer.vendor)
    status = 422 if form.errors else 200
    context = {"form": form, "offer": offer}
    return render(request, "vendors/offer_edit.html", context, status=status)


@allowed("edit_vendor")
@require_POST
def offer_removal(request: HtmxRequest, pk: int) -> HttpResponse:
    """Orders keep what they say; the vendor is no longer suggested for it."""
    offer = get_object_or_404(VendorProduct.objects.select_related("vendor"), pk=pk)
    offer.delete()
    messages.success(request, f"{offer.vendor} no longer sells this to you.")
    return redirect(offer.vendor)


@allowed("view")
def product_offers(request: HtmxRequest, pk: int) -> HttpResponse:
    """Card of the product page: who sells it, first choice on top."""
    found = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    offers = found.vendor_products.select_related("vendor")
    context = {"product": found, "offers": offers.order_by("rank", "cost", "pk")}
    name = "vendors/product_offers.html"
    return render(request, f"{name}#card" if is_fragment(request) else name, context)
