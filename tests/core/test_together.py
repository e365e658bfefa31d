"""Several reads in one question, with the same answers as one by one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Count, Max
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.models import AuditEvent
from core.together import remember, together
from escrow.models import Hold, HoldPart, Posting
from marketplace.orders.models import Order, OrderEvent
from tests.factories import trade

pytestmark = pytest.mark.django_db


def test_every_kind_of_read_answers_as_it_would_alone() -> None:
    trade.paid_order()
    reads = [
        OrderEvent.objects.all(),
        HoldPart.objects.order_by("-id"),
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
        for posting, twin in zip(reads[2], alone[2], strict=True):
            assert (posting.transfer.at, posting.account.code) == (twin.transfer.at, twin.account.code)
    assert len(asked) == 1
    assert alone[0]
    for one, twin in zip([*reads[0], *reads[3]], [*alone[0], *alone[3]], strict=True):
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
        together(Hold.objects.all())
