"""The sandbox's hosted page and its switches, for the door that plays the bank, for tests and for simulations."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.compiled import compiled
from core.errors import Kind, NotHere, Refusal
from core.money import Money
from escrow.providers import registry
from escrow.providers.base import ProviderDispute, ProviderRejected
from escrow.providers.sandbox import charges, disputes, events, sellers, switches
from escrow.providers.sandbox.hindered import HinderedSandbox
from escrow.providers.sandbox.models import SandboxDispute, SandboxPayment

Manner = Literal["", "duplicate", "delay", "drop"]
Outcome = Literal["pay", "decline", "duplicate", "delay", "drop", "error_after_success", "refund_delay", "late", "challenge", "dispute"]
Verdict = Literal["win", "lose", "withdraw", "escalate"]
Answer = Literal["confirm_identity", "fail_identity", "dispute_won", "dispute_lost"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
ANSWERS: tuple[Answer, ...] = get_args(Answer)  # where the bank has asked something
WISHES: dict[str, str] = {"decline": "decline", "refund_delay": "slow_refunds", "challenge": "challenge", "dispute": "regret"}
METHODS = ("card", "alipay", "wechat_pay", "unionpay", "bank_transfer")


class AnswerLost(Refusal):
    """The bank acted, and then said nothing: whoever asks again finds it done."""

    code = "answer_lost"
    kind = Kind.BUSY
    sentence = _("The bank took the money, and then its answer got lost. Nothing is taken twice: go back to the shop, or ask again.")
    retry_after_seconds = 2


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
    method: str  # that was chosen in the shop, or that was used
    challenged: bool = False  # the payer's bank asks whether it is really them
    dispute: str = ""  # what the payer's bank thinks of a payment that its payer regrets


def page(ref: str) -> BankPage:
    row = next(iter(_by_ref(ref)), None)
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
        method=row.method,
        challenged=row.challenged,
        dispute=next((status for (status,) in _disputes_of(row.pk)), "") if row.status == "paid" else "",
    )


@compiled
def _by_ref(ref: str) -> QuerySet[SandboxPayment]:
    return SandboxPayment.objects.filter(ref=ref)


@compiled
def _disputes_of(payment_id: int) -> QuerySet[SandboxDispute, tuple[str]]:
    return SandboxDispute.objects.filter(payment_id=payment_id).order_by("-id").values_list("status")


def press(ref: str, *, method: str, outcome: Outcome | Answer, at: datetime) -> BankPage:
    """The button of the hosted page, with what this rehearsal should do."""
    if outcome in ("confirm_identity", "fail_identity"):
        return authenticate(ref, passed=outcome == "confirm_identity", at=at)
    if outcome in ("dispute_won", "dispute_lost"):
        return decide(ref, "win" if outcome == "dispute_won" else "lose", at=at)
    if outcome == "late":
        return _send_too_late(ref, at=at)
    was_open = page(ref).status == "open"
    manner: Manner = outcome if outcome in ("duplicate", "delay", "drop") else ""
    done = _pay(ref, method=method, at=at, manner=manner, wish=WISHES.get(outcome, ""))
    if outcome == "error_after_success" and was_open and done.status == "paid":
        raise AnswerLost
    return done


def _send_too_late(ref: str, *, at: datetime) -> BankPage:
    try:
        charges.send_too_late(ref, at=at)
    except ProviderRejected as unknown:
        raise NotHere from unknown
    return page(ref)


def pay(ref: str, *, method: str, at: datetime, decline: bool = False, manner: Manner = "", slow_refunds: bool = False) -> BankPage:
    """The payer pays or is declined; `manner` decides what happens to the webhook ('' leaves it to the switches)."""
    return _pay(ref, method=method, at=at, manner=manner, wish="decline" if decline else "slow_refunds" if slow_refunds else "")


def authenticate(ref: str, *, passed: bool, at: datetime) -> BankPage:
    """The payer confirms at their bank that it is them, or cannot."""
    try:
        charges.authenticate(ref, passed=passed, at=at)
    except ProviderRejected as unknown:
        raise NotHere from unknown
    return page(ref)


def _pay(ref: str, *, method: str, at: datetime, manner: Manner, wish: str) -> BankPage:
    try:
        charges.pay(ref, method=method, at=at, manner=manner, wish=wish)
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


def bounce_payout(ref: str) -> None:
    """The seller's bank sends a payout back, also when it had arrived."""
    sellers.bounce_payout(ref, at=clock.now())


def doubt_seller(account_ref: str, *, ready: bool = False) -> None:
    """The provider wants to see papers before it takes money for this seller; `ready` when it has seen them."""
    sellers.doubt(account_ref, ready=ready)


def dispute(payment_ref: str, *, at: datetime, amount: Money | None = None, reason: str = "fraudulent", inquiry: bool = False) -> ProviderDispute:
    """The payer asks their bank for the money back; an inquiry takes nothing yet."""
    return disputes.open_case(payment_ref, at=at, amount=amount, reason=reason, inquiry=inquiry)


def judge(dispute_ref: str, verdict: Verdict, *, at: datetime) -> ProviderDispute:
    """The payer's bank decides: for us (`win`, also after it was lost), for the payer (`lose`), the payer takes it back (`withdraw`), or an
    inquiry becomes a chargeback (`escalate`)."""
    verdicts = {"win": disputes.win, "withdraw": disputes.win, "lose": disputes.lose, "escalate": disputes.escalate}
    return verdicts[verdict](dispute_ref, at=at)


def decide(payment_ref: str, verdict: Verdict, *, at: datetime) -> BankPage:
    """The same, for whoever has only the payment's page: its newest case."""
    found = SandboxDispute.objects.filter(payment__ref=payment_ref).order_by("-id").first()
    if found is None:
        raise NotHere
    judge(found.ref, verdict, at=at)
    return page(payment_ref)


@contextmanager
def hindered(strikes: Callable[[str], bool]) -> Iterator[None]:
    """Within, `strikes` says for each question whether the sandbox refuses it before doing anything (429, 500)."""
    with registry.sandbox_made_by(lambda: HinderedSandbox(strikes)):
        yield
