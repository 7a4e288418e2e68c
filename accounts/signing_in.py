"""Pages of signing in that allauth does not have: first start and demo shop."""

from typing import cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import people
from accounts.forms import FirstAdminForm
from accounts.models import User

DEMO_ADDRESSES = (
    "manager@demo.example",
    "buyer@demo.example",
    "admin@demo.example",
    "viewer@demo.example",
)


def demo_people() -> list[User]:
    """People of the demo shop who may be played with one click; none in production."""
    if settings.PRODUCTION:
        return []
    known = User.objects.filter(email__in=DEMO_ADDRESSES, is_active=True)
    return sorted(known, key=lambda person: DEMO_ADDRESSES.index(person.email))


@login_not_required
def account_login(request: HttpRequest) -> HttpResponseBase:
    if not User.objects.exists():
        return redirect("welcome")
    page = LoginView.as_view(extra_context={"demo_people": demo_people()})
    return cast(HttpResponseBase, page(request))


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    if settings.PRODUCTION or request.POST.get("email") not in DEMO_ADDRESSES:
        raise Http404
    person = get_object_or_404(User, email=request.POST["email"], is_active=True)
    login(request, person)
    record_authentication(request, person, method="demo")
    return redirect("dashboard")


@login_not_required
@sensitive_post_parameters("password")
def welcome(request: HttpRequest) -> HttpResponse:
    """The first person of a new shop makes an account; later nobody can."""
    if User.objects.exists():
        return redirect("dashboard")
    form = FirstAdminForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = people.create_first_admin(**form.cleaned_data)
        except people.AlreadyBegun:
            return redirect("account_login")
        login(request, person)
        record_authentication(request, person, method="password")
        messages.success(request, "You are the admin of this shop.")
        return redirect("dashboard")
    status = 422 if form.errors else 200
    return render(request, "accounts/welcome.html", {"form": form}, status=status)
