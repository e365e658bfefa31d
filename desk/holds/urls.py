from django.urls import path

from desk.holds import views

app_name = "holds"

urlpatterns = [
    path("", views.hold_list, name="list"),
    path("<slug:reference>/", views.hold, name="one"),
]
