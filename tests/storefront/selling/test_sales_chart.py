from datetime import timedelta

import pytest

from core import clock
from marketplace.analytics import queries as analytics
from marketplace.orders.models import Order
from storefront.selling.dashboard.chart import bars
from tests.factories import goods, trade

pytestmark = pytest.mark.django_db


def test_bars_show_what_is_small_and_nothing_for_nothing():
    drawn = bars([0, 1, 1000])
    assert [bar.height for bar in drawn] == [0, 2, 160]
    assert bars([]) == []
    assert [bar.height for bar in bars([0, 0])] == [0, 0]


def test_the_selling_home_draws_what_was_sold(client, settings, tmp_path, django_assert_num_queries):
    settings.MEDIA_ROOT = tmp_path
    owner = goods.person()
    shop = goods.shop(owner)
    trade.method(shop)
    lamp = goods.published(shop, on_hand=9)
    order = trade.orders_of(trade.pay(trade.place(trade.basket(lamp, user=goods.person()))))[0]
    at = clock.now()
    with django_assert_num_queries(1):
        months = analytics.sales_by_month(shop, at=at)
    assert [month.orders for month in months] == [0] * 11 + [1]
    assert months[-1].amount == order.total
    Order.objects.filter(pk=order.pk).update(paid_at=at - timedelta(days=400))
    assert sum(month.orders for month in analytics.sales_by_month(shop, at=at)) == 0
    Order.objects.filter(pk=order.pk).update(paid_at=at)
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/sell/").content.decode()
    assert page.count("<rect") == 12
    assert "As a table" in page
    table = client.get(f"/sell/sales.csv?shop={shop.slug}").content.decode().splitlines()
    assert table[0] == "month,orders,sales,currency"
    assert table[-1].endswith(f",1,{order.total.plain()},EUR")
    client.force_login(goods.person(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/sell/sales.csv?shop={shop.slug}").status_code == 404
