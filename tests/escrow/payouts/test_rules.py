"""When a seller is paid without asking, what is kept back, and how long payouts wait after a change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from core import clock, references
from core.actors import SYSTEM
from core.errors import Forbidden, Invalid
from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger import queries as book
from escrow.ledger.entries import credit, debit
from escrow.payouts import daily, queries, recovery, reserves, schedule, sending
from escrow.payouts import operations as payouts
from escrow.payouts.models import Reserve, SellerAccount
from escrow.providers.sandbox import sellers
from tests.escrow.payouts.test_payouts import PARTY, SELLER, ask
from tests.escrow.payouts.test_recovery import FINN, take


def release(amount_minor: int, at: datetime) -> None:
    """A sale that ended well: what a hold's release books, paid by what our statement has."""
    from tests.escrow.payouts.conftest import earn

    earn("ELSEWHERE001", amount_minor, at)
    with transaction.atomic():
        lines = [
            debit(accounts.seller_payable("ELSEWHERE001", "EUR"), amount_minor),
            credit(accounts.seller_payable(PARTY, "EUR"), amount_minor),
        ]
        ledger.post(key=f"sale:{references.new()}", event="release", lines=lines, trade="", actor=SYSTEM, at=at)


def test_periods_begin_on_mondays_and_firsts() -> None:
    wednesday = datetime(2026, 11, 25, 6, tzinfo=UTC)
    starts = [schedule.period_start(each, wednesday).day for each in schedule.AUTOMATIC]
    assert starts == [25, 23, 1]


def test_weekly_seller_is_paid_once_a_week(seller, at: datetime, earned) -> None:
    payouts.choose(party=PARTY, schedule="weekly", minimum=None, at=at, actor=SELLER)
    assert len(daily.pay_out_due(at=at)) == 1
    earned(PARTY, 5_000)
    assert daily.pay_out_due(at=at) == []
    assert len(daily.pay_out_due(at=at + timedelta(days=7))) == 1


def test_manual_seller_and_own_minimum_wait(seller, at: datetime) -> None:
    payouts.choose(party=PARTY, schedule="manual", minimum=None, at=at, actor=SELLER)
    assert daily.pay_out_due(at=at) == []
    payouts.choose(party=PARTY, schedule="daily", minimum=Money(10_001, "EUR"), at=at, actor=SELLER)
    assert daily.pay_out_due(at=at) == []
    for wrong in ({"schedule": "hourly", "minimum": None}, {"schedule": "daily", "minimum": Money(1, "USD")}):
        with pytest.raises(Invalid):
            payouts.choose(party=PARTY, at=at, actor=SELLER, **wrong)  # type: ignore[arg-type]


def test_change_of_the_bank_account_stops_payouts_for_72_hours(seller, at: datetime) -> None:
    sellers.change_bank(seller.account_ref, bank="ba_1", at=at)
    sending.open_account(party=PARTY, at=at)
    assert SellerAccount.objects.get().frozen_until is None  # the first one is no change
    sellers.change_bank(seller.account_ref, bank="ba_2", at=at)
    sending.open_account(party=PARTY, at=at)
    with pytest.raises(payouts.PayoutsFrozen):
        ask()
    assert daily.pay_out_due(at=at + timedelta(hours=71)) == []
    assert len(daily.pay_out_due(at=at + timedelta(hours=73))) == 1


def test_reserve_keeps_back_a_part_of_what_is_earned_from_now_on(seller, at: datetime) -> None:
    with pytest.raises(Forbidden):
        reserves.set_terms(party=PARTY, reserve_bp=0, reserve_days=0, reason="me", at=at, actor=SELLER)
    reserves.set_terms(party=PARTY, reserve_bp=1_000, reserve_days=30, reason="New shop.", at=at, actor=FINN)
    release(5_005, at)
    assert ask().amount_minor == 10_000 + 5_005 - 500
    balance = queries.balance_of(PARTY, "EUR")
    assert (balance.reserved.amount_minor, balance.available.amount_minor) == (500, 0)
    with pytest.raises(payouts.NothingToPayOut):
        ask()
    assert reserves.free_due(at=at + timedelta(days=29)) == 0
    assert reserves.free_due(at=at + timedelta(days=31)) == 1
    assert (reserves.free_due(at=at + timedelta(days=31)), queries.balance_of(PARTY, "EUR").available.amount_minor) == (0, 500)


def test_reserve_pays_a_debt(seller, at: datetime) -> None:
    reserves.set_terms(party=PARTY, reserve_bp=2_000, reserve_days=30, reason="New shop.", at=at, actor=FINN)
    release(5_000, at)
    reserves.keep_back_everywhere(at=at)
    ask()
    take(300, at)
    assert recovery.net_everybody(at=clock.now()) == 1
    lies = [book.balance(account(PARTY, "EUR")) for account in (accounts.reserve, accounts.seller_receivable, accounts.seller_payable)]
    assert (lies, Reserve.objects.get().left_minor) == ([700, 0, 0], 700)


def test_a_new_address_stops_the_payouts_of_its_shops(at: datetime) -> None:
    from allauth.account.signals import email_changed

    from tests.factories.people import make_shop, make_user

    owner = make_user()
    shop = make_shop(owner)
    email_changed.send(sender=type(owner), request=None, user=owner, from_email_address=None, to_email_address=None)
    account = queries.account_of(shop.party.key)
    assert account is not None
    assert (account.is_frozen(clock.now()), account.frozen_by) == (True, "email")
