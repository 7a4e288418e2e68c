"""Signing in: by invitation only, with limits, and never into a table cell."""

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from accounts import people as verbs
from accounts.models import Role, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client, email="buyer@example.com", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def test_a_person_signs_in_and_goes_where_they_wanted(client, people):
    answer = client.post(
        LOGIN, {"login": "Buyer@Example.com", "password": PASSWORD, "next": "/orders/"}
    )
    assert answer.headers["Location"] == "/orders/"


def test_a_wrong_password_is_said_in_plain_words(client, people):
    answer = sign_in(client, password="wrong")
    assert "The e-mail address or the password is wrong." in answer.content.decode()


def test_an_unknown_address_gets_the_same_answer_as_a_wrong_password(client, people):
    known = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, "nobody@example.com", "wrong").content.decode()
    said = "The e-mail address or the password is wrong."
    assert known.count(said) == unknown.count(said) == 1


def test_five_wrong_passwords_lock_the_address_for_fifteen_minutes(client, people):
    with time_machine.travel("2026-11-23 08:00Z") as clock:
        for _ in range(5):
            sign_in(client, password="wrong")
        assert "Too many wrong passwords" in sign_in(client).content.decode()
        assert sign_in(client, "viewer@example.com").status_code == 302
        clock.shift(15 * 60 + 1)
        client.logout()
        assert sign_in(client).status_code == 302


def test_thirty_wrong_passwords_from_one_place_lock_that_place(client, people):
    for number in range(30):
        sign_in(client, f"person{number}@example.com", "wrong")
    answer = sign_in(client)
    assert answer.status_code == 429 or "Too many" in answer.content.decode()
    assert sign_in(client, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_nobody_signs_up(client, people):
    assert client.get("/accounts/signup/").status_code == 404


def test_a_person_who_left_cannot_sign_in(client, people):
    User.objects.filter(pk=people.buyer.pk).update(is_active=False)
    sign_in(client)
    assert client.get(reverse("person_list")).status_code == 302


def test_leaving_ends_the_session_at_the_next_click(client, people):
    client.force_login(people.admin)
    assert client.get(reverse("person_list")).status_code == 200
    User.objects.filter(pk=people.admin.pk).update(is_active=False)
    assert client.get(reverse("person_list")).headers["Location"].startswith(LOGIN)


def test_a_fragment_without_sign_in_sends_the_whole_page_to_sign_in(client, people):
    answer = client.get(
        "/people/",
        headers={
            "HX-Request": "true",
            "HX-Current-URL": "http://testserver/low-stock/?page=2",
        },
    )
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["HX-Redirect"] == f"{LOGIN}?next=%2Flow-stock%2F%3Fpage%3D2"


def test_the_way_back_never_leads_to_another_site(client, people):
    answer = client.get(
        "/people/",
        headers={"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/"},
    )
    assert answer.headers["HX-Redirect"] == f"{LOGIN}?next=%2F"


def test_a_forgotten_password_is_set_anew_by_mail(client, people):
    client.post("/accounts/password/reset/", {"email": "buyer@example.com"})
    (message,) = mail.outbox
    link = next(word for word in message.body.split() if word.startswith("http"))
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    new = "quite another passphrase"
    client.post(form, {"password1": new, "password2": new})
    client.logout()
    assert sign_in(client, password=new).status_code == 302
    client.logout()
    assert "no longer valid" in client.get(link).content.decode()


def test_asking_for_an_unknown_address_mails_nothing_and_says_the_same(client, people):
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert answer.headers["Location"] == reverse("account_reset_password_done")
    assert mail.outbox == []


def test_the_first_start_asks_for_an_admin(client, db):
    assert client.get(LOGIN).headers["Location"] == "/welcome/"
    answer = client.post(
        "/welcome/",
        {"name": "Ann", "email": "ann@shop.example", "password": "a long passphrase"},
    )
    assert answer.status_code == 302
    ann = User.objects.get()
    assert (ann.role, ann.check_password("a long passphrase")) == (Role.ADMIN, True)
    assert client.get(reverse("person_list")).status_code == 200


def test_the_first_admin_needs_a_good_password(client, db):
    answer = client.post(
        "/welcome/", {"name": "Ann", "email": "ann@shop.example", "password": "short"}
    )
    assert answer.status_code == 422
    assert "at least 12 characters" in answer.content.decode()
    assert not User.objects.exists()


def test_the_first_admin_is_made_once(client, people):
    assert client.get("/welcome/").status_code == 302
    client.post(
        "/welcome/",
        {"name": "Eve", "email": "eve@else.example", "password": "a long passphrase"},
    )
    assert not User.objects.filter(email="eve@else.example").exists()


def test_two_first_admins_are_refused_by_the_verb(people):
    with pytest.raises(verbs.AlreadyBegun):
        verbs.create_first_admin("eve@x.example", name="Eve", password=PASSWORD)


@pytest.fixture
def demo_buyer(db):
    return User.objects.create_user(
        "buyer@demo.example", PASSWORD, name="Buyer", role=Role.BUYER
    )


def test_demo_people_are_played_with_one_click(client, demo_buyer):
    assert "As buyer" in client.get(LOGIN).content.decode()
    answer = client.post("/demo-sign-in/", {"email": "buyer@demo.example"})
    assert answer.headers["Location"] == reverse("dashboard")
    assert int(client.session["_auth_user_id"]) == demo_buyer.pk


def test_only_demo_people_are_played(client, people, demo_buyer):
    answer = client.post("/demo-sign-in/", {"email": "admin@example.com"})
    assert answer.status_code == 404


def test_in_production_nobody_is_played(client, demo_buyer, settings):
    settings.PRODUCTION = True
    answer = client.post("/demo-sign-in/", {"email": "buyer@demo.example"})
    assert answer.status_code == 404
    assert "As buyer" not in client.get(LOGIN).content.decode()


def test_the_second_step_is_switched_on_and_asked(client, people):
    sign_in(client)
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert page.redirect_chain[0][0].startswith("/accounts/reauthenticate/")
    page = client.post(page.redirect_chain[0][0], {"password": PASSWORD}, follow=True)
    assert "Scan this with an authenticator app" in page.content.decode()
    assert 'alt="Picture of the secret' in page.content.decode()
