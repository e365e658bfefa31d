"""Addresses of the sandbox bank."""

from django.urls import path

from storefront.sandbox_bank import bank

app_name = "sandbox_bank"

urlpatterns = [
    path("<slug:ref>/", bank.payment, name="payment"),
]
