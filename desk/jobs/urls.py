"""Addresses of the set-aside jobs."""

from django.urls import path

from desk.jobs import views

app_name = "jobs"

urlpatterns = [
    path("", views.job_list, name="list"),
    path("<int:job_id>/replay/", views.replay, name="replay"),
]
