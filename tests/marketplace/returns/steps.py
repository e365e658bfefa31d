"""Orders that arrived, and returns at each of their steps."""

from __future__ import annotations

from core import clock
from core.actors import Actor
from escrow.holds.models import Hold
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.orders import operations as orders
from marketplace.orders.models import Order
from marketplace.returns import operations
from marketplace.returns.models import Return
from tests.factories.goods import person
from tests.factories.trade import basket, buyer_of, goods, orders_of, pay, place, seller_of

NUMBER = "RETURN-1"


def arrived(quantity: int = 3) -> Order:
    """Sent and brought; three of one thing and their delivery."""
    order = orders_of(pay(place(basket(goods(on_hand=quantity), user=person(), quantity=quantity))))[0]
    return brought(order)


def brought(order: Order) -> Order:
    shipping.send(order=order, carrier="sandbox", tracking_number="", actor=seller_of(order)[1], at=clock.now())
    orders.deliver(order=order, by="carrier", actor=Actor("carrier"), at=clock.now())
    return Order.objects.with_everything().get(pk=order.pk)


def asked(order: Order, quantity: int = 1, **said: object) -> Return:
    line = order.lines.get()
    given = {"reason": "changed_mind", **said}
    return operations.ask(order=order, quantities={line.reference: quantity}, at=clock.now(), actor=buyer_of(order), **given)  # type: ignore[arg-type]


def seller(asked_for: Return) -> Actor:
    return seller_of(asked_for.order)[1]


def sent(order: Order, quantity: int = 1) -> Return:
    found = asked(order, quantity)
    found = operations.approve(asked=found, send_to="3 quai Perrache, Lyon", at=clock.now(), actor=seller(found))
    return operations.send(asked=found, carrier="", tracking_number=NUMBER, at=clock.now(), actor=buyer_of(order))


def hold_of(order: Order) -> Hold:
    return Hold.objects.get(pk=order.hold_id)
