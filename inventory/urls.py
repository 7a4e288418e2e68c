"""Addresses of inventory. URL name = view name = template name."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
