"""Addresses of returns: the buyer's below an order, the shop's below the shop."""

from django.urls import path

from storefront.returns import pages

app_name = "returns"

urlpatterns = [
    path("orders/<slug:reference>/returns/", pages.ask, name="ask"),
    path("orders/<slug:reference>/returns/<slug:asked>/", pages.buyers, name="buyers"),
    *[path(f"orders/<slug:reference>/returns/<slug:asked>/{verb}/", pages.buyers_act, {"action": verb}) for verb in pages.BUYERS],
    path("sell/<slug:shop>/returns/", pages.shop_list, name="list"),
    path("sell/<slug:shop>/returns/<slug:asked>/", pages.sellers, name="sellers"),
    *[path(f"sell/<slug:shop>/returns/<slug:asked>/{verb}/", pages.sellers_act, {"action": verb}) for verb in pages.SELLERS],
]
