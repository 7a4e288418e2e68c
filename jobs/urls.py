"""Addresses of jobs. URL name = view name = template name."""

from django.urls import URLPattern, path

from jobs import views

urlpatterns: list[URLPattern] = [
    path("jobs/<int:pk>/", views.job, name="job"),
    path(
        "jobs/<int:pk>/cancellation/", views.job_cancellation, name="job_cancellation"
    ),
    path("jobs/<int:pk>/retry/", views.job_retry, name="job_retry"),
]
