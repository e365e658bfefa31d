"""The sandbox's hosted page and its switches, for the door that plays the bank, for tests and for simulations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core import clock
from core.errors import NotHere
from core.money import Money
from escrow.providers.base import ProviderRejected
from escrow.providers.sandbox import charges, events, sellers, switches
from escrow.providers.sandbox.models import SandboxPayment

Manner = Literal["", "duplicate", "delay", "drop"]
METHODS = ("card", "alipay", "wechat_pay", "unionpay", "bank_transfer")


@dataclass(frozen=True, slots=True)
class BankPage:
    """What the hosted page shows."""

    ref: str
    amount: Money
    description: str
    expires_at: datetime
    status: str
    return_url: str
    tries_failed: int


def page(ref: str) -> BankPage:
    row = SandboxPayment.objects.filter(ref=ref).first()
    if row is None:
        raise NotHere
    return BankPage(
        ref=row.ref,
        amount=Money(row.amount_minor, row.currency),
        description=row.description,
        expires_at=row.expires_at,
        status=row.status,
        return_url=row.return_url,
        tries_failed=row.tries_failed,
    )


def pay(ref: str, *, method: str, at: datetime, decline: bool = False, manner: Manner = "") -> BankPage:
    """The payer pays or is declined; `manner` decides what happens to the webhook ('' leaves it to the switches)."""
    try:
        charges.pay(ref, method=method, at=at, decline=decline, manner=manner)
    except ProviderRejected as unknown:
        raise NotHere from unknown
    return page(ref)


def pay_after_the_end(ref: str, *, at: datetime) -> BankPage:
    """A bank transfer that was already on its way arrives although the session is closed."""
    charges.pay_after_the_end(ref, at=at)
    return page(ref)


def leave(ref: str) -> BankPage:
    """The payer goes back to the shop. The session stays open: the shop closes it."""
    return page(ref)


def configure(**values: int) -> None:
    """Set the switches (chances in per mille), the seed, the delays and the fees."""
    switches.configure(**values)


def deliver_due_webhooks() -> int:
    """Deliver every webhook whose time has come; how many."""
    refs = events.due(clock.now())
    return sum(events.deliver(ref) for ref in refs)


def land_due_payouts() -> int:
    return sellers.land_due_payouts(clock.now())
