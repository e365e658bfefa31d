"""Addresses of returns: the buyer's below an order, the shop's below the shop."""

from django.urls import path

from storefront.returns import pages

app_name = "returns"

urlpatterns = [
    path("orders/<slug:reference>/returns/", pages.ask, name="ask"),
    path("orders/<slug:reference>/returns/<slug:asked>/", pages.buyers, name="buyers"),
    path("orders/<slug:reference>/returns/<slug:asked>/<slug:action>/", pages.buyers_act, name="buyers_act"),
    path("sell/<slug:shop>/returns/", pages.shop_list, name="list"),
    path("sell/<slug:shop>/returns/<slug:asked>/", pages.sellers, name="sellers"),
    path("sell/<slug:shop>/returns/<slug:asked>/<slug:action>/", pages.sellers_act, name="sellers_act"),
]
