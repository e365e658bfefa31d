"""Never more than there is, never paid because a call returned, never lost because an answer was."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from core import clock
from core.actors import SYSTEM, Actor
from core.errors import Invalid
from core.money import Money
from core.states import check
from escrow.ledger import accounts
from escrow.ledger import queries as ledger
from escrow.payments.jobs import settle_statements
from escrow.payments.models import ProviderMovement
from escrow.payments.signals import provider_event
from escrow.payouts import daily, queries, sending
from escrow.payouts import operations as payouts
from escrow.payouts.models import Payout
from escrow.payouts.states import FLOW
from escrow.providers import registry
from escrow.providers.sandbox import sellers, switches
from escrow.providers.sandbox.models import SandboxPayout, SandboxTransfer

SELLER = Actor("user", "SELLERUSER01")
PARTY = "SELLERPARTY1"


def ask(amount_minor: int | None = None, at: datetime | None = None) -> Payout:
    amount = None if amount_minor is None else Money(amount_minor, "EUR")
    return payouts.request(seller=PARTY, currency="EUR", amount=amount, at=at or clock.now(), actor=SELLER)


def fresh(payout: Payout) -> Payout:
    return Payout.objects.select_related("account").get(pk=payout.pk)


def transit() -> int:
    return ledger.balance(accounts.transfer_transit("EUR"))


def to_the_bank(payout: Payout, at: datetime) -> Payout:
    sending.send(payout=payout, at=at)
    sending.ask_bank(payout=payout, at=at)
    return fresh(payout)


def test_flow_is_whole() -> None:
    assert check(FLOW) == []


def test_request_moves_everything_available(seller, at: datetime) -> None:
    payout = ask()
    balance = queries.balance_of(PARTY, "EUR")
    assert (payout.amount_minor, balance.available.amount_minor, balance.in_transit.amount_minor) == (10_000, 0, 10_000)
    assert transit() == 10_000


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        (Money(10_001, "EUR"), payouts.MoreThanAvailable),
        (Money(0, "EUR"), Invalid),
        (Money(-1, "EUR"), Invalid),
        (Money(5, "USD"), Invalid),
        (Money(10**11, "EUR"), payouts.MoreThanAvailable),
    ],
)
def test_request_refuses_impossible_amounts(seller, at: datetime, amount: Money, error) -> None:
    with pytest.raises(error):
        payouts.request(seller=PARTY, currency="EUR", amount=amount, at=at, actor=SELLER)
    assert Payout.objects.count() == 0
    assert ledger.balance(accounts.seller_payable(PARTY, "EUR")) == 10_000


def test_request_needs_an_account(at: datetime, earned) -> None:
    earned("SELLERPARTY2", 500)
    with pytest.raises(payouts.AccountNotReady):
        payouts.request(seller="SELLERPARTY2", currency="EUR", at=at, actor=SELLER)


def test_request_refuses_an_empty_balance(seller, at: datetime) -> None:
    ask()
    with pytest.raises(payouts.NothingToPayOut):
        ask()


def test_the_whole_way(seller, at: datetime) -> None:
    payout = to_the_bank(ask(), at)
    assert (payout.state, transit()) == ("confirmed", 0)
    assert payout.paid_at is None  # the call returned, the bank did not speak yet
    assert ledger.balance(accounts.psp_balance("sandbox", "EUR")) == 0
    sellers.land_due_payouts(at + timedelta(days=1))
    sending.ask_bank(payout=payout, at=at)
    assert fresh(payout).state == "paid"
    balance = queries.balance_of(PARTY, "EUR")
    assert (balance.in_transit.amount_minor, balance.paid_out.amount_minor) == (0, 10_000)
    assert ledger.balance(accounts.memo_connected(PARTY, "EUR")) == 0


def test_lost_answers_never_pay_twice(seller, at: datetime) -> None:
    payout = ask()
    switches.configure(error_after_success=1000)
    for _ in range(3):
        sending.send(payout=payout, at=at)
    assert (fresh(payout).state, transit(), SandboxTransfer.objects.count()) == ("sent", 10_000, 1)
    switches.configure(error_after_success=0)
    sending.send(payout=payout, at=at)
    assert (fresh(payout).state, transit(), SandboxTransfer.objects.count()) == ("confirmed", 0, 1)
    switches.configure(error_after_success=1000)
    sending.ask_bank(payout=payout, at=at)
    assert (fresh(payout).payout_ref, SandboxPayout.objects.count()) == ("", 1)
    switches.configure(error_after_success=0)
    assert sending.chase(at=at + timedelta(hours=1)) == 1
    assert (fresh(payout).payout_ref, SandboxPayout.objects.count()) == (SandboxPayout.objects.get().ref, 1)


def test_old_line_of_a_lost_transfer_waits_for_its_payout_and_is_booked_once(seller, at: datetime) -> None:
    payout = ask()
    switches.configure(error_after_success=1000)
    sending.send(payout=payout, at=at)
    clock.travel(timedelta(hours=25))
    settle_statements.func()
    before = ledger.balance(accounts.suspense("sandbox", "EUR"))
    assert (fresh(payout).state, ProviderMovement.objects.get(kind="transfer").entry_key, transit()) == ("sent", "", 10_000)
    switches.configure(error_after_success=0)
    sending.send(payout=payout, at=clock.now())
    settle_statements.func()
    assert ProviderMovement.objects.get(kind="transfer").entry_key == f"transfer_confirmed:{fresh(payout).transfer_ref}"
    assert (fresh(payout).state, transit(), ledger.balance(accounts.suspense("sandbox", "EUR"))) == ("confirmed", 0, before)


def test_refused_transfer_gives_the_money_back(seller, at: datetime) -> None:
    payout = ask()
    from escrow.providers.sandbox.models import SandboxAccount

    SandboxAccount.objects.update(ready=False)
    sending.send(payout=payout, at=at)
    assert (fresh(payout).state, fresh(payout).failure, transit()) == ("failed", "account_not_ready", 0)
    assert ledger.balance(accounts.seller_payable(PARTY, "EUR")) == 10_000
    sending.send(payout=payout, at=at)
    assert SandboxTransfer.objects.count() == 0


def test_money_that_has_not_settled_waits(seller, at: datetime) -> None:
    from escrow.providers.sandbox.models import SandboxMovement

    later = at + timedelta(days=2)
    SandboxMovement.objects.update(available_at=later)
    payout = ask()
    sending.send(payout=payout, at=at)
    assert fresh(payout).state == "sent"
    SandboxMovement.objects.update(available_at=at)
    sending.chase(at=at + timedelta(hours=3))
    assert fresh(payout).state == "confirmed"


def test_bank_returns_a_payout_after_it_was_paid(seller, at: datetime) -> None:
    payout = to_the_bank(ask(), at)
    sellers.land_due_payouts(at + timedelta(days=1))
    sending.ask_bank(payout=payout, at=at)
    sellers.bounce_payout(fresh(payout).payout_ref, at=at)
    sending.ask_bank(payout=payout, at=at)
    payout = fresh(payout)
    assert (payout.state, payout.failure, payout.arrives_at) == ("returned", "account_closed", None)
    assert ledger.balance(accounts.memo_connected(PARTY, "EUR")) == 10_000
    assert queries.balance_of(PARTY, "EUR").in_transit.amount_minor == 10_000
    payout = payouts.try_again(payout=payout, at=at, actor=SELLER)
    assert (payout.state, payout.arrives_at) == ("confirmed", None)  # the bank of the new try did not say a day yet
    sending.ask_bank(payout=payout, at=at)
    assert fresh(payout).arrives_at is not None
    sellers.land_due_payouts(at + timedelta(days=2))
    sending.ask_bank(payout=payout, at=at)
    assert (fresh(payout).state, fresh(payout).attempt) == ("paid", 2)
    assert ledger.balance(accounts.memo_connected(PARTY, "EUR")) == 0


def test_paid_settles_only_on_the_providers_word(seller, at: datetime) -> None:
    payout = to_the_bank(ask(), at)
    sellers.land_due_payouts(at + timedelta(days=1))
    sending.ask_bank(payout=payout, at=at)
    sending.chase(at=at + timedelta(days=9))
    assert fresh(payout).state == "paid"
    sending.chase(at=at + timedelta(days=11))
    assert fresh(payout).state == "settled"


def test_news_moves_a_payout_and_repeats_do_nothing(seller, at: datetime) -> None:
    payout = to_the_bank(ask(), at)
    sellers.land_due_payouts(at + timedelta(days=1))
    said = registry.get("sandbox").retrieve_payout(payout.payout_ref)
    for _ in range(5):
        answers = provider_event.send(None, kind="payout", provider="sandbox", object=said, at=at)
        assert True in [answer for _receiver, answer in answers]
    assert fresh(payout).state == "paid"


def test_daily_run_pays_above_the_threshold_once(seller, at: datetime, earned) -> None:
    payouts.ensure_account(party="SELLERPARTY3", currency="EUR", country="DE", at=at, actor=SYSTEM)
    sending.open_account(party="SELLERPARTY3", at=clock.now())
    earned("SELLERPARTY3", 1_999)
    assert [payout.seller for payout in daily.pay_out_due(at=at)] == [PARTY]
    assert daily.pay_out_due(at=at) == []
    earned("SELLERPARTY3", 1)
    assert [payout.amount_minor for payout in daily.pay_out_due(at=at)] == [2_000]


def test_twenty_requests_at_once_never_exceed_the_balance(seller, at: datetime) -> None:
    gate, refused, made = threading.Barrier(20), [], []

    def work() -> None:
        try:
            gate.wait(20)
            made.append(ask(3_000, at))
        except Exception as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(made), len(refused)) == (3, 17)
    assert {type(error) for error in refused} == {payouts.MoreThanAvailable}
    assert (transit(), ledger.balance(accounts.seller_payable(PARTY, "EUR"))) == (9_000, 1_000)


def test_workers_at_once_send_one_transfer(seller, at: datetime) -> None:
    payout = ask()
    threads = [threading.Thread(target=lambda: (sending.send(payout=payout, at=at), connection.close())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (fresh(payout).state, SandboxTransfer.objects.count(), transit()) == ("confirmed", 1, 0)
