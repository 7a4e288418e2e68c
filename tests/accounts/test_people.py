"""The admin invites people and sets what they may do; it holds at once."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts import people as verbs
from accounts.models import Role, User
from inventory.models import Location
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, people):
    client.post(
        "/accounts/login/", {"login": "admin@example.com", "password": PASSWORD}
    )
    return client


def saved(client, person, **changes):
    values = {
        "name": person.name,
        "role": person.role,
        "approval_limit": person.approval_limit or "",
        "is_active": "on",
    }
    return client.post(reverse("person_edit", args=[person.pk]), values | changes)


def invited(client, **changes):
    values = {"name": "Nora", "email": "Nora@Shop.example", "role": Role.MANAGER}
    return client.post(reverse("person_add"), values | changes)


def test_an_invited_person_sets_a_password_by_the_mailed_link(admin, client, people):
    invited(admin)
    nora = User.objects.get(email="nora@shop.example")
    assert not nora.has_usable_password()
    (message,) = mail.outbox
    assert message.to == ["nora@shop.example"]
    link = next(word for word in message.body.split() if word.startswith("http"))
    client.logout()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    new = "a long passphrase"
    client.post(form, {"password1": new, "password2": new})
    nora.refresh_from_db()
    assert nora.check_password(new)
    assert int(client.session["_auth_user_id"]) == nora.pk


def test_the_link_is_shown_until_there_is_a_password(admin, people):
    invited(admin)
    nora = User.objects.get(email="nora@shop.example")
    page = reverse("person_invitation", args=[nora.pk])
    assert "/accounts/password/reset/key/" in admin.get(page).content.decode()
    nora.set_password(PASSWORD)
    nora.save()
    assert admin.get(page).status_code == 302


def test_an_address_is_invited_once(admin, people):
    answer = invited(admin, email="BUYER@example.com")
    assert answer.status_code == 422
    assert "Somebody with this address is here already." in answer.content.decode()
    assert "BUYER@example.com" in answer.content.decode()


def test_a_mail_server_that_is_down_leaves_the_link(admin, people, settings):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9},
        }
    }
    page = invited(admin).headers["Location"]
    assert User.objects.filter(email="nora@shop.example").exists()
    assert "The mail could not be sent" in admin.get(page).content.decode()


def test_a_role_change_holds_from_the_next_click(admin, client, people):
    other = client.__class__()
    other.force_login(people.buyer)
    assert other.get(reverse("person_list")).status_code == 403
    saved(admin, people.buyer, role=Role.ADMIN)
    assert other.get(reverse("person_list")).status_code == 200
    saved(admin, people.buyer, role=Role.VIEWER)
    assert other.get(reverse("person_list")).status_code == 403


def test_the_approval_limit_is_kept_and_may_not_be_negative(admin, people):
    saved(admin, people.buyer, approval_limit="2500")
    people.buyer.refresh_from_db()
    assert people.buyer.approval_limit == 2500
    answer = saved(admin, people.buyer, approval_limit="-1")
    assert answer.status_code == 422


@pytest.mark.parametrize("change", [{"role": Role.BUYER}, {"is_active": ""}])
def test_the_last_admin_stays(admin, people, change):
    answer = saved(admin, people.admin, **change)
    assert answer.status_code == 422
    assert "This is the only admin" in answer.content.decode()
    people.admin.refresh_from_db()
    assert (people.admin.role, people.admin.is_active) == (Role.ADMIN, True)


def test_an_admin_may_go_when_another_stays(admin, people):
    saved(admin, people.buyer, role=Role.ADMIN)
    saved(admin, people.admin, role=Role.BUYER)
    people.admin.refresh_from_db()
    assert people.admin.role == Role.BUYER


def test_an_inactive_admin_does_not_count(people):
    User.objects.create_user("old@x.example", None, role=Role.ADMIN, is_active=False)
    with pytest.raises(verbs.LastAdmin):
        verbs.change(
            people.admin,
            name="Admin",
            role=Role.VIEWER,
            approval_limit=None,
            is_active=True,
        )


def test_a_change_long_after_sign_in_asks_for_the_password_first(client, people):
    client.force_login(people.admin)
    answer = saved(client, people.buyer, approval_limit="9999")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    people.buyer.refresh_from_db()
    assert people.buyer.approval_limit == 1000
    client.post(answer.headers["Location"], {"password": PASSWORD})
    people.buyer.refresh_from_db()
    assert people.buyer.approval_limit == 9999


def test_a_fragment_form_sends_the_whole_page_to_the_password(client, people):
    client.force_login(people.admin)
    page = reverse("person_locations", args=[people.manager.pk])
    answer = client.post(page, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/accounts/reauthenticate/")


def test_own_locations_decide_what_a_manager_sees(admin, people, old_town, harbour):
    page = reverse("person_locations", args=[people.manager.pk])
    assert (
        "Old Town" in admin.get(page, headers={"HX-Request": "true"}).content.decode()
    )
    admin.post(page, {"locations": [harbour.pk]})
    assert list(Location.objects.visible_to(people.manager)) == [harbour]
    admin.post(page, {})
    assert not Location.objects.visible_to(people.manager).exists()


def test_the_list_says_who_may_approve_how_much(admin, people):
    page = admin.get(reverse("person_list")).content.decode()
    assert "€1,000.00" in page
    assert "any amount" in page
