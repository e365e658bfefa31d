"""Addresses under /sell/<shop>/papers/ and /sell/<shop>/statements/."""

from django.urls import path

from storefront.selling.papers import pages

app_name = "papers"

urlpatterns = [
    path("<slug:slug>/papers/", pages.paper_list, name="list"),
    path("<slug:slug>/papers/<slug:reference>.pdf", pages.paper, name="paper"),
    path("<slug:slug>/statements/", pages.statement_list, name="statements"),
    path("<slug:slug>/statements/<slug:month>/", pages.statement, name="statement"),
    path("<slug:slug>/statements/<slug:month>.<slug:kind>", pages.statement_file, name="statement_file"),
]
