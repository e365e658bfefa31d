"""Addresses below an order, the buyer's and the shop's."""

from django.urls import path

from storefront.disputes import pages

app_name = "disputes"

urlpatterns = [
    path("orders/<slug:reference>/dispute/", pages.buyers, name="buyers"),
    path("orders/<slug:reference>/dispute/exhibits/<slug:exhibit>/", pages.buyers_exhibit, name="buyers_exhibit"),
    path("orders/<slug:reference>/dispute/<slug:action>/", pages.buyers_act, name="buyers_act"),
    path("sell/<slug:shop>/orders/<slug:reference>/dispute/", pages.sellers, name="sellers"),
    path("sell/<slug:shop>/orders/<slug:reference>/dispute/exhibits/<slug:exhibit>/", pages.sellers_exhibit, name="sellers_exhibit"),
    path("sell/<slug:shop>/orders/<slug:reference>/dispute/<slug:action>/", pages.sellers_act, name="sellers_act"),
]
