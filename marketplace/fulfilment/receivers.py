"""How fulfilment reacts to orders."""

from typing import Any

from django.dispatch import receiver

from marketplace.fulfilment import operations as fulfilment
from marketplace.orders.models import Order
from marketplace.orders.signals import order_paid


@receiver(order_paid)
def start_fulfilment_when_order_paid(order: Order, **_kwargs: Any) -> None:
    fulfilment.start(order=order)
