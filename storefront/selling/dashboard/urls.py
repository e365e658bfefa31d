from django.urls import path

from storefront.selling.dashboard import today

app_name = "dashboard"

urlpatterns = [path("", today.dashboard, name="today"), path("sales.csv", today.sales, name="sales")]
