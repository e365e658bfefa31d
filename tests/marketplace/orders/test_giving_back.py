"""After the seller was paid, some of it goes back: by operation, page and API, from one hold and from the parts of a plan."""

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from core import clock, jobs
from core.money import Money
from escrow.late_refunds.operations import MoreThanReleased
from escrow.payouts import queries as payouts
from marketplace.orders import money
from marketplace.orders import operations as orders
from marketplace.orders.models import Order
from marketplace.papers.models import Paper
from messaging.notifications.models import Notification
from tests.factories.trade import buyer_of, delivered_order, seller_of

pytestmark = pytest.mark.django_db(transaction=True)


def completed() -> Order:
    order = delivered_order()
    return orders.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now())


def test_a_seller_gives_back_after_being_paid_and_never_more_than_that() -> None:
    order = completed()
    _user, seller = seller_of(order)
    before = money.with_seller(order)
    assert before == order.total
    orders.give_back(order=order, amount=Money(300, order.currency), reason="A scratch", actor=seller, at=clock.now())
    jobs.run_due()
    assert money.with_seller(order) == order.total - Money(300, order.currency)
    with pytest.raises(MoreThanReleased):
        orders.give_back(order=order, amount=order.total, reason="All of it", actor=seller, at=clock.now())
    orders.give_back(order=order, amount=order.total - Money(300, order.currency), reason="The rest", actor=seller, at=clock.now())
    assert money.with_seller(order).is_zero
    jobs.run_due()
    assert payouts.balance_of(order.vendor.party.key, order.currency).available.is_zero
    order.refresh_from_db()
    assert order.state == "completed"
    told = Notification.objects.filter(user=order.user, title__contains="gives you").count()
    assert told == (2 if order.user else 0)
    invoice, *notes = Paper.objects.filter(order=order).order_by("id")
    assert (invoice.total, sum(note.total_minor for note in notes), len(notes)) == (order.total, order.total_minor, 2)
    call_command("check_ledger")


def test_page_and_api_give_back_alike() -> None:
    order = completed()
    user, _seller = seller_of(order)
    browser, api = Client(), APIClient()
    browser.force_login(user)
    api.force_authenticate(user)
    page = f"/sell/{order.vendor.slug}/orders/{order.reference}/refund/"
    assert "becomes a debt" in browser.get(page).content.decode()
    assert browser.post(page, {"amount": "2.50", "reason": "For the wait"}).status_code == 302
    assert browser.post(page, {"amount": "999999", "reason": "Too much"}).status_code in (409, 422)
    answer = api.post(f"/api/v1/sales/{order.reference}/refund/", {"amount_minor": 150, "reason": "And the paper"}, format="json")
    assert answer.status_code == 200, answer.content
    assert money.with_seller(order) == order.total - Money(400, order.currency)
    assert api.post(f"/api/v1/sales/{order.reference}/refund/", {"amount_minor": 10**9, "reason": "x"}, format="json").status_code == 409
    assert "For the wait" in browser.get(f"/sell/{order.vendor.slug}/orders/{order.reference}/").content.decode()
