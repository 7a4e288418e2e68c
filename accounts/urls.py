"""Addresses of accounts. URL name = view name = template name.

Of allauth's addresses only those are here that people need: nobody signs up, and
nobody but an admin changes an e-mail address.
"""

from allauth.account import views as account
from allauth.usersessions.views import list_usersessions
from django.urls import include, path, re_path

from accounts import mailbox_views, signing_in, views

urlpatterns = [
    path("welcome/", signing_in.welcome, name="welcome"),
    path("demo-sign-in/", signing_in.demo_sign_in, name="demo_sign_in"),
    path("mailbox/", mailbox_views.mailbox, name="mailbox"),
    path("mailbox/<int:pk>/", mailbox_views.mailbox_message, name="mailbox_message"),
    path(
        "mailbox/<int:pk>/attachments/<int:number>/",
        mailbox_views.mailbox_attachment,
        name="mailbox_attachment",
    ),
    path("people/", views.person_list, name="person_list"),
    path("people/add/", views.person_add, name="person_add"),
    path("people/<int:pk>/", views.person_edit, name="person_edit"),
    path(
        "people/<int:pk>/invitation/",
        views.person_invitation,
        name="person_invitation",
    ),
    path("accounts/login/", signing_in.account_login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path(
        "accounts/reauthenticate/",
        account.reauthenticate,
        name="account_reauthenticate",
    ),
    path(
        "accounts/password/change/",
        account.password_change,
        name="account_change_password",
    ),
    path(
        "accounts/password/reset/",
        account.password_reset,
        name="account_reset_password",
    ),
    path(
        "accounts/password/reset/done/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "accounts/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", list_usersessions, name="usersessions_list"),
]
