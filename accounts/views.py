"""People and what they may do: pages of the admin."""

import logging
from smtplib import SMTPException

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import people
from accounts.access import allowed, confirmed
from accounts.forms import InvitationForm, PersonForm
from accounts.models import Role, User
from jit_backoffice.http import HtmxRequest

log = logging.getLogger(__name__)


@allowed("edit_people")
def person_list(request: HtmxRequest) -> HttpResponse:
    everybody = User.objects.order_by("-is_active", "name", "pk")
    return render(request, "accounts/person_list.html", {"people": everybody})


@allowed("edit_people")
@confirmed
def person_add(request: HtmxRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = people.invite(**form.cleaned_data)
        invite_by_mail(request, person)
        manager = person.role == Role.MANAGER
        return redirect("person_edit" if manager else "person_invitation", person.pk)
    status = 422 if form.errors else 200
    return render(request, "accounts/person_add.html", {"form": form}, status=status)


@allowed("edit_people")
@confirmed
def person_edit(request: HtmxRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            people.change(person, **form.cleaned_data)
        except people.LastAdmin:
            form.add_error("role", "This is the only admin. Make another one first.")
        else:
            messages.success(request, "Saved. It holds from the next click on.")
            return redirect("person_list")
    context = {"form": form, "person": get_object_or_404(User, pk=pk)}
    status = 422 if form.errors else 200
    return render(request, "accounts/person_edit.html", context, status=status)


@allowed("edit_people")
@confirmed
def person_invitation(request: HtmxRequest, pk: int) -> HttpResponse:
    """The link by which a new person sets a password: shown, and mailed again.

    Whoever has a password asks for a new one at sign-in; no link to it is shown.
    """
    person = get_object_or_404(User, pk=pk, is_active=True)
    if person.has_usable_password():
        return redirect("person_edit", person.pk)
    if request.method == "POST":
        invite_by_mail(request, person)
        return redirect("person_invitation", person.pk)
    link = request.build_absolute_uri(people.invitation_path(person))
    context = {"person": person, "link": link}
    return render(request, "accounts/person_invitation.html", context)


def invite_by_mail(request: HtmxRequest, person: User) -> None:
    link = request.build_absolute_uri(people.invitation_path(person))
    try:
        people.mail_invitation(person, link=link, by=request.user)
    except (OSError, SMTPException):
        log.exception("Invitation to person %s could not be mailed", person.pk)
        messages.warning(
            request, "The mail could not be sent. Hand over the link yourself."
        )
    else:
        messages.success(request, f"A link was mailed to {person.email}.")
