"""Addresses under /sell/<shop>/chargebacks/."""

from django.urls import path

from storefront.selling.chargebacks import pages

app_name = "chargebacks"

urlpatterns = [
    path("<slug:slug>/chargebacks/", pages.case_list, name="list"),
    path("<slug:slug>/chargebacks/<slug:reference>/", pages.case, name="one"),
]
