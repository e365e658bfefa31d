"""What a seller owes is called back from a payout that the bank returned, and a reversal that somebody else made is booked once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core import clock, jobs
from core.money import Money
from escrow.holds import operations as holds
from escrow.holds.models import Hold
from escrow.payments.jobs import settle_statements
from escrow.payments.models import ProviderMovement
from escrow.payouts import operations as payouts
from escrow.payouts import origin, sending
from escrow.payouts.models import Payout
from escrow.providers import registry
from escrow.providers.sandbox import sellers, switches
from escrow.providers.sandbox.models import SandboxPayout, SandboxReversal
from tests.escrow.holds.conftest import STAFF, Maker
from tests.escrow.payouts.test_payouts import SELLER, ask, fresh, to_the_bank
from tests.escrow.payouts.test_recovery import lies, take


@pytest.fixture
def returned(seller, at: datetime) -> Payout:  # type: ignore[no-untyped-def]
    """The bank sent all of it back, and the seller owes 30.00."""
    payout = to_the_bank(ask(), at)
    sellers.bounce_payout(payout.payout_ref, at=at)
    sending.ask_bank(payout=payout, at=at)
    take(3_000, at)
    assert (fresh(payout).state, lies()) == ("returned", (0, 3_000))
    return payout


def week_later() -> None:
    clock.travel(timedelta(days=8))
    sending.chase(at=clock.now())
    clock.travel(timedelta(days=8))
    sending.chase(at=clock.now())
    jobs.run_due()


def test_debt_comes_back_from_a_returned_payout_and_the_rest_goes_to_the_bank(returned: Payout) -> None:
    switches.configure(error_after_success=1000)
    clock.travel(timedelta(days=8))
    sending.chase(at=clock.now())
    assert (fresh(returned).recall_minor, lies(), SandboxReversal.objects.count()) == (3_000, (0, 3_000), 1)
    with pytest.raises(payouts.BeingCalledBack):
        payouts.try_again(payout=returned, at=clock.now(), actor=SELLER)
    switches.configure(error_after_success=0)
    week_later()
    now = fresh(returned)
    assert (now.state, now.reversed_minor, now.recall_minor, now.bank_minor, lies()) == ("confirmed", 3_000, 0, 7_000, (0, 0))
    assert (SandboxReversal.objects.count(), SandboxPayout.objects.latest("id").amount_minor) == (1, 7_000)
    settle_statements.func()
    assert ProviderMovement.objects.get(kind="reversal").entry_key.startswith("transfer_reversed:trr_")


def test_payout_that_is_called_back_whole_has_ended(returned: Payout, at: datetime) -> None:
    take(9_000, at)
    week_later()
    assert (fresh(returned).state, fresh(returned).due_at, lies()) == ("reversed", None, (0, 2_000))


def test_provider_that_gives_nothing_back_leaves_the_debt(returned: Payout, monkeypatch: pytest.MonkeyPatch) -> None:
    def empty(**_asked: object) -> None:
        raise sellers.ProviderRejected("not_reversible")

    monkeypatch.setattr(sellers, "reverse_transfer", empty)
    clock.travel(timedelta(days=8))
    sending.chase(at=clock.now())
    assert (fresh(returned).recall_minor, fresh(returned).state, lies()) == (0, "returned", (0, 3_000))


def test_reversal_made_in_the_providers_own_pages_is_booked_once(seller, at: datetime) -> None:  # type: ignore[no-untyped-def]
    payout = ask()
    sending.send(payout=payout, at=at)
    for key in ("a", "b"):
        registry.get("sandbox").reverse(key=key, transfer_ref=fresh(payout).transfer_ref, amount=Money(1_000, "EUR"))
    for _message in range(2):
        jobs.run_due()
    assert (fresh(payout).reversed_minor, lies()) == (2_000, (2_000, 0))


def test_transfer_of_one_sale_is_tied_to_its_charge(seller, at: datetime) -> None:  # type: ignore[no-untyped-def]
    assert origin.only_payment_behind(ask()) is None  # nobody's sale
    hold = Maker(at).delivered()
    holds.release(hold=hold, amount=Money(5_000, "EUR"), reason="half", at=at, actor=STAFF)
    holds.release(hold=Hold.objects.get(pk=hold.pk), reason="the rest", at=at, actor=STAFF)
    both = ask()
    assert origin.only_payment_behind(both) == hold.payment
    holds.release(hold=Maker(at).delivered(), reason="another", at=at, actor=STAFF)
    holds.release(hold=Maker(at).delivered(), reason="and another", at=at, actor=STAFF)
    assert origin.only_payment_behind(ask()) is None
