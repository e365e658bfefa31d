from django.urls import path

from desk.returns import views

app_name = "returns"

urlpatterns = [
    path("", views.return_list, name="list"),
    path("<slug:reference>/", views.one, name="one"),
    path("<slug:reference>/ruling/", views.ruling, name="ruling"),
]
