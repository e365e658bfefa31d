"""The steps that every kind of hand-over shares: telling the order that it was shipped, is ready, or was delivered."""

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Kind, Refusal
from marketplace.orders import operations as orders
from marketplace.orders.models import HandOver, Order

Word = Literal["carrier", "code", "buyer", "staff"]


class OtherHandOver(Refusal):
    """The order is handed over in another way than this."""

    code = "other_hand_over"
    kind = Kind.CONFLICT
    sentence = _("This order is handed over in another way.")


def expect(order: Order, kind: HandOver) -> None:
    if order.hand_over != kind:
        raise OtherHandOver


def shipped(*, order: Order, actor: Actor, at: datetime, facts: dict[str, Any]) -> Order:
    return orders.mark_shipped(order=order, actor=actor, at=at, facts=facts)


def delivered(*, order: Order, by: Word, actor: Actor, at: datetime) -> Order:
    return orders.deliver(order=order, by=by, actor=actor, at=at)


def note(*, order: Order, event: str, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    orders.note(order=order, event=event, actor=actor, at=at, facts=facts)
