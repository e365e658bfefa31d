from django.urls import path

from desk.issues import views

app_name = "issues"

urlpatterns = [
    path("", views.issue_list, name="list"),
    path("<slug:reference>/", views.issue, name="one"),
    path("<slug:reference>/approval/", views.approval, name="approval"),
    path("<slug:reference>/objection/", views.objection, name="objection"),
    path("<slug:reference>/appeal/", views.appeal, name="appeal"),
    path("<slug:reference>/messages/", views.message, name="message"),
    path("<slug:reference>/exhibits/<slug:exhibit>/", views.exhibit, name="exhibit"),
]
