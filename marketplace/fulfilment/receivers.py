"""How fulfilment reacts to orders."""

from typing import Any

from django.dispatch import receiver

from escrow.chargebacks.signals import evidence_wanted
from escrow.disputes.signals import facts_wanted
from escrow.models import Dispute, Hold
from marketplace.fulfilment import operations as fulfilment
from marketplace.fulfilment import proofs
from marketplace.orders.models import Order
from marketplace.orders.signals import order_paid


@receiver(order_paid)
def start_fulfilment_when_order_paid(order: Order, **_kwargs: Any) -> None:
    fulfilment.start(order=order)


@receiver(evidence_wanted)
def say_what_was_sent_when_evidence_wanted(hold: Hold, **_kwargs: Any) -> dict[str, str]:
    return proofs.of_delivery(hold)


@receiver(facts_wanted)
def say_what_is_known_when_facts_wanted(dispute: Dispute, **_kwargs: Any) -> list[tuple[str, str]]:
    return proofs.facts_of(dispute.hold)
