from django.urls import path

from storefront.selling.delivery import pages

app_name = "delivery"

urlpatterns = [
    path("", pages.overview, name="overview"),
    path("methods/", pages.add_method, name="add_method"),
    path("methods/<slug:reference>/", pages.method, name="method"),
    path("methods/<slug:reference>/removal/", pages.remove_method, name="remove_method"),
    path("places/", pages.add_place, name="add_place"),
    path("places/<slug:reference>/", pages.place, name="place"),
    path("places/<slug:reference>/removal/", pages.remove_place, name="remove_place"),
]
