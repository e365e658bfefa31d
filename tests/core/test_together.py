"""Several reads in one question, with the same answers as one by one."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection
from django.db.models import Count, Max, TimeField, Value
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import clock
from core.models import AuditEvent
from core.together import remember, together
from escrow.models import Hold, HoldPart, Posting
from marketplace.orders import operations as orders
from marketplace.orders.models import Order, OrderEvent
from tests.factories import trade

pytestmark = pytest.mark.django_db


def test_every_kind_of_read_answers_as_it_would_alone() -> None:
    order = trade.paid_order()
    orders.report_issue(order=order, reason="not_received", words="Where?", actor=trade.buyer_of(order), at=clock.now() + timedelta(seconds=1))
    reads = [
        OrderEvent.objects.all(),
        HoldPart.objects.order_by("-id"),
        Hold.objects.all(),
        Posting.objects.select_related("transfer", "account"),
        AuditEvent.objects.order_by("id"),
        Order.objects.values("vendor").annotate(found=Count("pk"), last=Max("placed_at")),
        Order.objects.values_list("total_minor", flat=True),
        User.objects.none(),
    ]
    alone = [list(read.all()) for read in reads]
    with CaptureQueriesContext(connection) as asked:
        together(*reads)
        assert [list(read) for read in reads] == alone
        for event in reads[0]:
            assert isinstance(event.facts, dict)
        for posting, twin in zip(reads[3], alone[3], strict=True):
            assert (posting.transfer.at, posting.account.code) == (twin.transfer.at, twin.account.code)
    assert len(asked) == 1
    assert alone[0]
    assert alone[2][0].frozen_left is not None
    for one, twin in zip([*reads[0], *reads[2], *reads[4]], [*alone[0], *alone[2], *alone[4]], strict=True):
        assert {**one.__dict__, "_state": 0} == {**twin.__dict__, "_state": 0}


def test_children_that_were_read_are_not_asked_for_again() -> None:
    order = trade.paid_order()
    events = OrderEvent.objects.filter(order=order)
    together(events)
    remember(order, "events", events)
    with CaptureQueriesContext(connection) as asked:
        assert len(order.events.all()) == len(events)
    assert len(asked) == 0


def test_a_kind_of_value_that_json_would_bend_is_refused() -> None:
    trade.paid_order()
    with pytest.raises(TypeError):
        together(Hold.objects.annotate(noon=Value(time(12), output_field=TimeField())))
