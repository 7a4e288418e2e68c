"""Live sales: where messages come in, and the pages on which an admin minds feeds."""

import json
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.access import allowed, confirmed
from imports.models import HeldRow
from jit_backoffice.http import HtmxRequest, is_fragment
from jobs.models import Job
from sales.feeds import setting_up, signing
from sales.feeds.forms import FeedForm, NewFeedForm, PlacesForm, SecretForm
from sales.feeds.models import Feed, LiveDay
from sales.feeds.receiving import (
    ENCODINGS,
    HEADERS,
    JOB_KIND,
    MOST_BYTES,
    Refused,
    minute_key,
    receive,
)
from sales.feeds.watching import ago, sign_of, signs

PAGE_ROWS = 25
DAYS_SHOWN = 14
SIGN = {"base64": signing.as_base64, "hex": signing.as_hex}


@csrf_exempt
@login_not_required
@require_POST
def feed_messages(request: HttpRequest, pk: int) -> JsonResponse:
    """A shop sends an order; its signature is all that lets it in."""
    job = Job.objects.filter(kind=JOB_KIND, key=minute_key(pk))
    feed = Feed.objects.filter(pk=pk).annotate(is_being_read=Exists(job)).first()
    if feed is None:
        return JsonResponse({"problem": "There is no such feed."}, status=404)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        problem = "The message is larger than 1 MB."
        return JsonResponse({"problem": problem}, status=413)
    signature = request.headers.get(HEADERS[feed.format], "")
    try:
        receive(feed, request.body, signature)
    except Refused as refused:
        return JsonResponse({"problem": refused.reason}, status=refused.status)
    return JsonResponse({"received": True})


def named(request: HtmxRequest, pk: int) -> Feed:
    visible = Feed.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("source", "location"), pk=pk)


@require_safe
@allowed("import_files")
def feed_list(request: HtmxRequest) -> HttpResponse:
    feeds = Feed.objects.visible_to(request.user).select_related("source", "location")
    return render(request, "sales/feed_list.html", {"signs": signs(feeds)})


@require_safe
@allowed("import_files")
def feed_notices(request: HtmxRequest) -> HttpResponse:
    """Feeds that have gone silent; loaded after the list of imports."""
    feeds = Feed.objects.visible_to(request.user).live()
    silent = [sign for sign in signs(feeds) if sign.state == "silent"]
    page = "sales/feed_notices.html"
    shown = f"{page}#notices" if is_fragment(request) else page
    return render(request, shown, {"silent": silent})


@allowed("import_files")
@confirmed
def feed_add(request: HtmxRequest) -> HttpResponse:
    form = NewFeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        feed = cast(Feed, form.instance)
        feed.secret = form.cleaned_data["secret"] or feed.secret
        try:
            setting_up.open_feed(feed, source_name=form.source_name(), by=request.user)
        except setting_up.NameTaken as name:
            form.add_error("source", f"“{name}” already names sales of another kind.")
        else:
            return show_secret(request, feed)
    status = 422 if form.errors else 200
    return render(request, "sales/feed_add.html", {"form": form}, status=status)


def show_secret(request: HtmxRequest, feed: Feed) -> HttpResponse:
    """The one time that the secret is on a page."""
    context = {"feed": feed, "address": address(request, feed)}
    context["header"] = HEADERS[feed.format]
    return render(request, "sales/feed_secret_shown.html", context)


def address(request: HtmxRequest, feed: Feed) -> str:
    return request.build_absolute_uri(reverse("feed_messages", args=[feed.pk]))


@require_safe
@allowed("import_files")
def feed(request: HtmxRequest, pk: int) -> HttpResponse:
    shop = named(request, pk)
    only_problems = "problems" in request.GET
    sent = shop.messages.with_problem() if only_problems else shop.messages.all()
    held = Q(import_file__held_rows__state__in=HeldRow.WAITING)
    days = LiveDay.objects.filter(feed=shop).select_related("import_file")
    days = days.annotate(waiting=Count("import_file__held_rows", filter=held))
    context = {
        "feed": shop,
        "sign": sign_of(shop),
        "refused_ago": ago(shop.refused_at) if shop.refused_at else "",
        "address": address(request, shop),
        "header": HEADERS[shop.format],
        "page": Paginator(sent, PAGE_ROWS).get_page(request.GET.get("page")),
        "only_problems": only_problems,
        "problem_count": shop.messages.with_problem().count(),
        "waiting": shop.messages.waiting().count(),
        "days": days[:DAYS_SHOWN],
        "places": shop.places.select_related("location"),
    }
    return render(request, "sales/feed.html", context)


@allowed("import_files")
def feed_edit(request: HtmxRequest, pk: int) -> HttpResponse:
    shop = named(request, pk)
    form = FeedForm(request.POST or None, instance=shop)
    places = PlacesForm(shop, request.POST or None)
    if request.method == "POST" and form.is_valid() and places.is_valid():
        setting_up.change(shop, places=places.chosen())
        messages.success(request, f"{shop} is saved. It holds for what comes from now.")
        return redirect("feed", pk)
    status = 422 if form.errors or places.errors else 200
    context = {"form": form, "places": places, "feed": named(request, pk)}
    return render(request, "sales/feed_edit.html", context, status=status)


@allowed("import_files")
@confirmed
def feed_secret(request: HtmxRequest, pk: int) -> HttpResponse:
    """A new secret beside the old one, which counts until it is dropped."""
    shop = named(request, pk)
    form = SecretForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        shop.roll_secret(form.cleaned_data["secret"])
        return show_secret(request, shop)
    status = 422 if form.errors else 200
    context = {"form": form, "feed": shop}
    return render(request, "sales/feed_secret.html", context, status=status)


@require_POST
@allowed("import_files")
def feed_old_secret(request: HtmxRequest, pk: int) -> HttpResponse:
    """Drop the old secret: only the new one counts from here on."""
    if named(request, pk).drop_old_secret():
        messages.success(request, "The old secret no longer counts.")
    return redirect("feed", pk)


@require_POST
@allowed("import_files")
def feed_switch(request: HtmxRequest, pk: int) -> HttpResponse:
    """Stop the feed, or let it go on."""
    shop = named(request, pk)
    on = request.POST.get("to") == "on"
    if shop.switch(on=on):
        done = "takes messages again." if on else "is stopped. Nothing is taken in."
        messages.success(request, f"{shop} {done}")
    return redirect("feed", pk)


@require_POST
@allowed("import_files")
def feed_test(request: HtmxRequest, pk: int) -> HttpResponse:
    """Sign a test message as the shop would and take it in; it sells nothing."""
    shop = named(request, pk)
    body = json.dumps(setting_up.example(shop.format)).encode()
    try:
        receive(shop, body, SIGN[ENCODINGS[shop.format]](body, shop.secret))
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, "The test message came in. Nothing was sold by it.")
    return redirect("feed", pk)


@require_POST
@allowed("import_files")
def feed_orders(request: HtmxRequest, pk: int) -> HttpResponse:
    """Read all remembered orders again, after an undo or a change of locations."""
    orders = named(request, pk).take_up_again()
    messages.success(
        request, f"{orders:,} orders are read again within a minute. None counts twice."
    )
    return redirect("feed", pk)
