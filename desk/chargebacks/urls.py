from django.urls import path

from desk.chargebacks import views

app_name = "chargebacks"

urlpatterns = [
    path("", views.case_list, name="list"),
    path("<slug:reference>/", views.case, name="one"),
    path("<slug:reference>/evidence/", views.add_evidence, name="evidence"),
    path("<slug:reference>/submission/", views.submission, name="submission"),
    path("<slug:reference>/bearer/", views.bearer, name="bearer"),
]
