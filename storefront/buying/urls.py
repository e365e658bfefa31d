"""Addresses of buying."""

from django.urls import path

from storefront.buying import cart, checkout, orders

app_name = "buying"

urlpatterns = [
    path("basket/", cart.basket, name="basket"),
    path("basket/lines/", cart.add, name="add"),
    path("basket/checkout/", cart.check_out, name="check_out"),
    path("checkout/<slug:reference>/", checkout.checkout, name="checkout"),
    path("checkout/<slug:reference>/done/", checkout.done, name="checkout_done"),
    path("checkout/<slug:reference>/payment/", checkout.payment, name="checkout_payment"),
    path("checkout/<slug:reference>/end/", checkout.end, name="checkout_end"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<slug:reference>/", orders.order, name="order"),
    path("orders/<slug:reference>/receipt/", orders.receipt, name="receipt"),
    path("orders/<slug:reference>/parts/", orders.order_parts, name="order_parts"),
    path("orders/<slug:reference>/proof/", orders.proof, name="proof"),
    path("orders/<slug:reference>/papers/<slug:paper>.pdf", orders.paper, name="paper"),
    path("orders/<slug:reference>/issue/", orders.issue, name="issue"),
    path("orders/<slug:reference>/issue/withdrawal/", orders.withdrawal, name="withdrawal"),
    path("orders/<slug:reference>/more-time/", orders.more_time, name="more_time"),
    path("orders/<slug:reference>/cancellation/", orders.cancellation, name="cancellation"),
    path("orders/<slug:reference>/cancellation/withdrawal/", orders.cancellation_withdrawal, name="cancellation_withdrawal"),
    path("orders/<slug:reference>/code/", orders.code, name="code"),
]
