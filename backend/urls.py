from django.contrib import admin
from django.urls import include, path

from backend import health
from backend.media import media
from backend.metrics.views import metrics

urlpatterns = [
    path("api/v1/", include("api.v1.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("media/<path:path>", media, name="media"),
    path("accounts/", include("allauth.account.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("webhooks/", include("api.webhooks.urls")),
    path("desk/admin/", admin.site.urls),
    path("desk/", include("desk.urls")),
    path("", include("storefront.urls")),
]

handler400 = "backend.refusals.bad_request"
handler403 = "backend.refusals.forbidden"
handler404 = "backend.refusals.not_found"
handler500 = "backend.refusals.server_error"
