from django.urls import path

from storefront.selling.imports import pages

app_name = "imports"

urlpatterns = [
    path("", pages.imports, name="list"),
    path("listings.<slug:kind>", pages.export, name="export"),
    path("<str:reference>/", pages.one, name="import"),
    path("<str:reference>/cancellation/", pages.cancellation, name="cancellation"),
    path("<str:reference>/problems.csv", pages.problems, name="problems"),
]
