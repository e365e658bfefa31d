from django.urls import path

from storefront.showroom import page

app_name = "showroom"

urlpatterns = [path("", page.showroom, name="showroom")]
