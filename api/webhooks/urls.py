from django.urls import URLPattern, URLResolver, path

from api.webhooks import sandbox, stripe

app_name = "webhooks"

urlpatterns: list[URLPattern | URLResolver] = [
    path("sandbox/", sandbox.receive, name="sandbox"),
    path("stripe/", stripe.receive, name="stripe"),
]
