"""All addresses. URL name = view name = template name."""

from django.urls import include, path

urlpatterns = [path("accounts/", include("allauth.urls"))]
