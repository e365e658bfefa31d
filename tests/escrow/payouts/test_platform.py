"""The platform takes out only what covers everybody else; sellers are paid meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.errors import Forbidden
from core.money import Money
from escrow.ledger import accounts, checks
from escrow.ledger import queries as book
from escrow.payments.settlement import operations as settlement
from escrow.payouts import platform
from escrow.providers.sandbox import statement
from tests.escrow.payouts.test_payouts import SELLER, ask
from tests.escrow.payouts.test_recovery import FINN


def line(kind: str, amount_minor: int, at: datetime) -> None:
    statement.write(kind=kind, source_ref=f"{kind}1", gross=Money(amount_minor, "EUR"), at=at)
    settlement.read_statement(provider="sandbox")
    settlement.explain_waiting(at=at)


def free() -> int:
    return platform.coverage("EUR")[0].free.amount_minor


def withdraw(amount_minor: int, at: datetime) -> str:
    return platform.withdraw(amount=Money(amount_minor, "EUR"), reason="rent", at=at, actor=FINN)


def test_platform_takes_only_what_is_its_own(seller, at: datetime) -> None:
    assert free() == 0  # all of it is the seller's
    with pytest.raises(platform.NotCovered):
        withdraw(1, at)
    assert ask(500).amount_minor == 500  # sellers' payouts are never stopped by it
    line("topup", 3_000, at)
    assert free() == 3_000
    with pytest.raises(Forbidden):
        platform.withdraw(amount=Money(1, "EUR"), reason="rent", at=at, actor=SELLER)
    with pytest.raises(platform.NotCovered):
        withdraw(3_001, at)
    withdraw(2_000, at)
    assert (free(), book.balance(accounts.platform_transit("EUR"))) == (1_000, 2_000)
    with pytest.raises(platform.NotCovered):
        withdraw(1_001, at)
    line("payout", -2_000, at)
    assert (free(), book.balance(accounts.platform_transit("EUR")), book.balance(accounts.platform_float("EUR"))) == (1_000, 0, 1_000)


def test_payout_that_nobody_asked_for_waits_for_a_person(seller, at: datetime) -> None:
    line("topup", 100, at)
    line("payout", -50, at)
    assert book.balance(accounts.platform_float("EUR")) == 100
    settlement.explain_waiting(at=at + timedelta(days=2))
    assert book.balance(accounts.suspense("sandbox", "EUR")) == -50
    statement.write(kind="other", source_ref="found", gross=Money(50, "EUR"), at=at)


def test_shortage_is_a_violation_once_the_platform_keeps_money(seller, at: datetime) -> None:
    line("topup", 100, at)
    assert not [each for each in checks.violations() if each.startswith("7 ")]
    line("other", -200, at)
    assert [each for each in checks.violations() if each.startswith("7 others_money_is_covered")]
    line("other", 200, at)
