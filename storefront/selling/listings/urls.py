from django.urls import path

from storefront.selling.listings import changes, comparables, editor, overview, stock

app_name = "listings"

urlpatterns = [
    path("", overview.listings, name="list"),
    path("new/", overview.new, name="new"),
    path("low-stock/", stock.line, name="line"),
    path("changes/", changes.begin, name="changes"),
    path("changes/new/", changes.new, name="new_change"),
    path("changes/<str:reference>/", changes.change, name="change"),
    path("<str:reference>/", editor.edit, name="edit"),
    path("<str:reference>/receiving/", editor.receiving, name="receiving"),
    path("<str:reference>/comparables/", comparables.compared, name="comparables"),
    path("<str:reference>/details/", editor.details, name="details"),
    path("<str:reference>/stock/", stock.history, name="stock"),
    path("<str:reference>/copy/", stock.copy, name="copy"),
    path("<str:reference>/state/", overview.state, name="state"),
    path("<str:reference>/removal/", overview.removal, name="removal"),
]
