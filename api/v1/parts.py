"""The parts in which an order is paid: what an answer says of them, and the bodies that name one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api import serializers
from api.serializers import moment
from escrow.plans.operations import LONGEST_EXTENSION
from escrow.plans.states import Kind, PartState, PlanState
from marketplace.checkout.quotes import SellerQuote
from marketplace.orders import parts
from marketplace.orders.models import Order
from marketplace.orders.parts import Viewer


class PartSerializer(serializers.Serializer[Any]):
    """One part: its own payment, its own held money."""

    reference = serializers.CharField()
    position = serializers.IntegerField()
    title = serializers.CharField()
    amount_minor = serializers.IntegerField()
    state = serializers.ChoiceField(choices=PartState.choices)
    due_at = serializers.DateTimeField()
    next_action = serializers.CharField()
    who = serializers.CharField()
    decides_at = serializers.DateTimeField(allow_null=True, help_text="When silence decides.")
    what_happens_if_silent = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField(), help_text="What the caller may do with this part now.")


class PlanSerializer(serializers.Serializer[Any]):
    """How the order is paid in parts."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    state = serializers.ChoiceField(choices=PlanState.choices)
    parts = PartSerializer(many=True)


class DueSerializer(serializers.Serializer[Any]):
    """One part as it would be agreed."""

    title = serializers.CharField()
    amount_minor = serializers.IntegerField()
    due_at = serializers.DateTimeField()


class PartNamedSerializer(serializers.Serializer[Any]):
    """Which part."""

    part = serializers.CharField(max_length=12, help_text="The part's reference.")


class PartExtensionSerializer(PartNamedSerializer):
    """How many days more the buyer has for it."""

    days = serializers.IntegerField(min_value=1, max_value=LONGEST_EXTENSION)


class PartPaymentSerializer(serializers.Serializer[Any]):
    """Where to pay it."""

    payment = serializers.CharField()
    amount_minor = serializers.IntegerField()
    hosted_url = serializers.CharField()


def plan_of(order: Order, viewer: Viewer, at: datetime) -> dict[str, Any] | None:
    """The order's plan in the words of whoever looks; None when it is paid at once."""
    if order.plan is None:
        return None
    rows = [
        {
            "reference": row.reference,
            "position": row.position,
            "title": row.title,
            "amount_minor": row.amount.amount_minor,
            "state": row.state,
            "due_at": moment(row.due_at),
            "next_action": row.next_action,
            "who": row.who,
            "decides_at": moment(row.decides_at),
            "what_happens_if_silent": row.what_happens_if_silent,
            "actions": list(row.actions),
        }
        for row in parts.rows(order, viewer, at)
    ]
    return {"kind": order.plan.kind, "state": order.plan.state, "parts": rows}


def schedule_of(seller: SellerQuote, at: datetime) -> list[dict[str, Any]]:
    """The parts that this seller offers for what is in the basket."""
    dues = seller.schedule(at)
    kind = seller.offers.kind if seller.offers else ""
    titles = [parts.title_of(kind, due.position, len(dues), due.name) for due in dues]
    return [{"title": title, "amount_minor": due.amount_minor, "due_at": moment(due.due_at)} for title, due in zip(titles, dues, strict=True)]
