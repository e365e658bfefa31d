"""Addresses of the ledger explorer."""

from django.urls import path

from desk.ledger import ageing, debts, exceptions, platform, sellers, views

app_name = "ledger"

urlpatterns = [
    path("", views.account_list, name="accounts"),
    path("accounts/<path:code>/", views.account, name="account"),
    path("transfers/", views.transfer_list, name="transfers"),
    path("transfers/<path:key>/", views.transfer, name="transfer"),
    path("ageing/", ageing.on_its_way, name="ageing"),
    path("debts/", debts.debt_list, name="debts"),
    path("debts/<slug:seller>/", debts.write_off, name="write_off"),
    path("sellers/", sellers.seller_list, name="sellers"),
    path("sellers/<slug:party>/", sellers.terms, name="seller_terms"),
    path("platform/", platform.own_money, name="platform"),
    path("exceptions/", exceptions.exception_list, name="exceptions"),
    path("exceptions/<int:number>/resolution/", exceptions.resolution, name="resolution"),
]
