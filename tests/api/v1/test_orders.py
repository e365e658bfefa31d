"""What is written by hand for an order says what the schema says."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.v1 import orders
from core import clock
from marketplace.orders import money_story, queries, reads
from tests.factories import trade

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_the_answer_is_what_the_serializers_would_say(zone: str) -> None:
    order, at = reads.by_reference(trade.delivered_order().reference), clock.now()
    assert order
    order.shipment.events.create(carrier_event="1", state="in_transit", words="Sorted", place="Lyon", occurred_at=at, received_at=at)
    with timezone.override(ZoneInfo(zone)), CaptureQueriesContext(connection) as asked:
        said = orders.shown(order, "buyer", at)
    assert len(asked) == 1
    with timezone.override(ZoneInfo(zone)):
        fresh = reads.by_reference(order.reference)
        assert fresh
        assert {name: said[name] for name in orders.OrderRowSerializer().fields} == orders.OrderRowSerializer(fresh).data
        assert said["next_step"] == orders.NextStepSerializer(queries.next_step(fresh, "buyer", at)).data
        assert said["timeline"] == orders.TimelineStepSerializer(queries.timeline(fresh, at), many=True).data
        assert said["money"] == orders.MoneyRowSerializer(money_story.money_table(fresh, at), many=True).data
        assert said["parcel"] == orders.ParcelSerializer(fresh.shipment).data
    assert set(said) == set(orders.OrderSerializer().fields)
    bare = reads.bare(order.reference)
    assert bare
    assert orders.shown(bare, "buyer", at)["lines"] == said["lines"]
    assert said["money"]
    assert said["parcel"]["events"]
