from django.urls import path

from storefront.selling.listings import editor, overview

app_name = "listings"

urlpatterns = [
    path("", overview.listings, name="list"),
    path("new/", overview.new, name="new"),
    path("<str:reference>/", editor.edit, name="edit"),
    path("<str:reference>/receiving/", editor.receiving, name="receiving"),
    path("<str:reference>/details/", editor.details, name="details"),
    path("<str:reference>/state/", overview.state, name="state"),
    path("<str:reference>/removal/", overview.removal, name="removal"),
]
