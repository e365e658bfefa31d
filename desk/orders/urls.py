from django.urls import path

from desk.orders import views

app_name = "orders"

urlpatterns = [
    path("", views.order_list, name="list"),
    path("<slug:reference>/", views.order, name="one"),
    path("<slug:reference>/delivery/", views.delivery, name="delivery"),
]
