from django.urls import path

from storefront.selling.orders import pages

app_name = "sales"

urlpatterns = [
    path("", pages.order_list, name="orders"),
    path("<slug:reference>/", pages.order, name="order"),
    path("<slug:reference>/parts/", pages.order_parts, name="order_parts"),
    path("<slug:reference>/packing/", pages.packing, name="packing"),
    path("<slug:reference>/shipment/", pages.shipment, name="shipment"),
    path("<slug:reference>/readiness/", pages.readiness, name="readiness"),
    path("<slug:reference>/hand-over/", pages.hand_over, name="hand_over"),
    path("<slug:reference>/cancellation/", pages.cancellation, name="cancellation"),
    path("<slug:reference>/cancellation/agreement/", pages.cancellation_agreement, name="cancellation_agreement"),
    path("<slug:reference>/partial-cancellation/", pages.partial_cancellation, name="partial_cancellation"),
    path("<slug:reference>/refund/", pages.refund, name="refund"),
]
