from django.urls import path

from storefront.shop import home, listing, search

app_name = "shop"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("c/<slug:slug>/", search.category, name="category"),
    path("listing/<slug:reference>/", listing.listing, name="listing_short"),
    path("listing/<slug:reference>/similar/", listing.similar, name="similar"),
    path("listing/<slug:reference>/<str:title>/", listing.listing, name="listing"),
]
