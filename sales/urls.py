"""Addresses of sales. URL name = view name = template name."""

from django.urls import path

from sales import matching_views, twin_views, views
from sales.feeds import views as feeds

urlpatterns = [
    path(
        "imports/<int:pk>/products/",
        matching_views.product_matching,
        name="product_matching",
    ),
    path("products/twins/", twin_views.product_twins, name="product_twins"),
    path(
        "products/<int:pk>/distinctions/",
        twin_views.product_distinction,
        name="product_distinction",
    ),
    path(
        "products/<int:pk>/separation/",
        twin_views.product_separation,
        name="product_separation",
    ),
    path("imports/left-out/", views.left_out_list, name="left_out_list"),
    path(
        "imports/left-out/<int:pk>/removal/",
        views.left_out_removal,
        name="left_out_removal",
    ),
    path(
        "imports/<int:pk>/unpaired/",
        views.unpaired_cancellations,
        name="unpaired_cancellations",
    ),
    path(
        "imports/<int:pk>/unpaired/export/",
        views.unpaired_cancellations_export,
        name="unpaired_cancellations_export",
    ),
    path("sales/feeds/<int:pk>/", feeds.feed_messages, name="feed_messages"),
    path("imports/feeds/", feeds.feed_list, name="feed_list"),
    path("imports/feeds/notices/", feeds.feed_notices, name="feed_notices"),
    path("imports/feeds/add/", feeds.feed_add, name="feed_add"),
    path("imports/feeds/<int:pk>/", feeds.feed, name="feed"),
    path("imports/feeds/<int:pk>/edit/", feeds.feed_edit, name="feed_edit"),
    path("imports/feeds/<int:pk>/secret/", feeds.feed_secret, name="feed_secret"),
    path(
        "imports/feeds/<int:pk>/old-secret/",
        feeds.feed_old_secret,
        name="feed_old_secret",
    ),
    path("imports/feeds/<int:pk>/switch/", feeds.feed_switch, name="feed_switch"),
    path("imports/feeds/<int:pk>/test/", feeds.feed_test, name="feed_test"),
    path("imports/feeds/<int:pk>/orders/", feeds.feed_orders, name="feed_orders"),
]
