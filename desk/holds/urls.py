from django.urls import path

from desk.holds import views

app_name = "holds"

urlpatterns = [
    path("", views.hold_list, name="list"),
    path("<slug:reference>/", views.hold, name="one"),
    path("<slug:reference>/late_refund/", views.late_refund, name="late_refund"),
    path("<slug:reference>/late_refund/approval/", views.late_refund_approval, name="late_refund_approval"),
    path("<slug:reference>/late_refund/refusal/", views.late_refund_refusal, name="late_refund_refusal"),
]
