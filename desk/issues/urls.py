from django.urls import path

from desk.issues import views

app_name = "issues"

urlpatterns = [
    path("", views.issue_list, name="list"),
    path("<slug:reference>/", views.issue, name="one"),
]
