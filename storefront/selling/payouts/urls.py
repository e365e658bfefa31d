"""Addresses under /sell/<shop>/payouts/."""

from django.urls import path

from storefront.selling.payouts import views

app_name = "payouts"

urlpatterns = [
    path("<slug:slug>/payouts/", views.payouts, name="list"),
    path("<slug:slug>/payouts/rules/", views.rules, name="rules"),
    path("<slug:slug>/payouts/account/", views.account, name="account"),
    path("<slug:slug>/payouts/onboarding/", views.onboarding, name="onboarding"),
    path("<slug:slug>/payouts/returned/", views.returned, name="returned"),
    path("<slug:slug>/payouts/dashboard/", views.dashboard, name="dashboard"),
    path("<slug:slug>/payouts/<slug:reference>/retry/", views.retry, name="retry"),
]
