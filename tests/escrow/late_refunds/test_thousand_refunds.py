"""A thousand partial refunds in any order, before and after release, over cash, coupon and points: each source gets back what it paid."""

from __future__ import annotations

import os
import random
from datetime import datetime

import pytest

from accounts.parties.operations import PLATFORM_KEY
from core.actors import SYSTEM
from core.money import Money
from escrow.holds import operations as holds
from escrow.holds.models import Hold
from escrow.holds.operations import PartDraft
from escrow.late_refunds import operations as late_refunds
from escrow.ledger import accounts
from escrow.ledger import queries as book
from escrow.payments.models import Refund
from escrow.points import operations as points
from tests.escrow.holds.conftest import SELLER, STAFF, Maker

REFUNDS = 1_000 if os.environ.get("SOUK_PROVE") else 40
TRADES = 10 if os.environ.get("SOUK_PROVE") else 2
BUYER = "BUYERPARTY01"


def drafts(chance: random.Random) -> list[PartDraft]:
    """Lines with all three sources, sized so that the refunds of one trade can be many."""
    made = []
    for line in range(3):
        cash, coupon, used = chance.randrange(900, 4_000), chance.choice([0, 333, 701]), chance.choice([0, 77, 412])
        gross = cash + coupon + used
        commission = gross * chance.randrange(0, 160) // 1_000
        made.append(PartDraft(
            line=f"LINE{line}", gross_minor=gross, commission_minor=commission, tax_minor=commission // 5, coupon_minor=coupon,
            coupon_funder=PLATFORM_KEY if coupon else "", points_minor=used,
        ))  # fmt: skip
    return made


def lies(name: accounts.AccountName) -> int:
    return book.balance(name)


def given_back(maker: Maker, hold: Hold, chance: random.Random, at: datetime) -> int:
    """So many refunds of random lines or amounts, a piece released in between; what is left is refunded at the end. How many they were."""
    each, done = REFUNDS // TRADES, 0
    size = max(hold.gross_minor // each, 2)
    while True:
        hold = maker.fresh(hold)
        parts = list(hold.parts.order_by("id"))
        held, paid = hold.left_minor, sum(part.with_seller.amount_minor for part in parts)
        if not held + paid:
            return done
        if held and chance.random() < 0.1:
            holds.release(hold=hold, amount=Money(chance.randint(1, min(held, size)), "EUR"), at=at, actor=STAFF)
            continue
        early = held and (not paid or chance.random() < 0.5)
        left = {part.line: (part.left if early else part.with_seller).amount_minor for part in parts}
        some = chance.choice([line for line, there in left.items() if there])
        last = done >= each - 2
        asked = sum(left.values()) if last else min(chance.randint(1, 2 * size), left[some])
        amount = {"amount": Money(asked, "EUR")} if last or chance.random() < 0.3 else {"parts": {some: asked}}
        if early:
            holds.refund(hold=hold, reason="x", at=at, actor=SELLER, **amount)  # type: ignore[arg-type]
        else:
            lines = amount.get("parts")
            late_refunds.give_back(
                hold=hold, amount=amount.get("amount"), parts={line: (lines or {}).get(line, 0) for line in left} if lines else None,  # type: ignore[arg-type]
                reason="x", at=at, actor=SELLER, by="seller",
            )  # fmt: skip
        done += 1


@pytest.mark.parametrize("seed", [7])
def test_random_refunds_before_and_after_release_sum_to_what_was_paid(maker: Maker, at: datetime, seed: int) -> None:
    chance, count = random.Random(seed), 0
    cash = coupon = used = 0
    for number in range(TRADES):
        parts = drafts(chance)
        worth = sum(part.points_minor for part in parts)
        if worth:
            points.earn(party=BUYER, amount=Money(worth, "EUR"), fact=f"order:{number}", at=at, actor=SYSTEM)
        hold = maker.funded(parts=parts)
        count += given_back(maker, hold, chance, at)
        cash, used = cash + hold.cash_minor, used + worth
        coupon += sum(part.coupon_minor for part in parts)
        assert sum(Refund.objects.filter(hold=hold.reference).values_list("amount_minor", flat=True)) == hold.cash_minor
    assert count >= REFUNDS * 0.9
    assert coupon > 0 < used
    assert lies(accounts.refund_pending("EUR")) == cash
    assert lies(accounts.promotion_expense("EUR")) == 0  # every coupon is the platform's again
    assert lies(accounts.points_liability(BUYER, "EUR")) == lies(accounts.points_of(BUYER)) == used
    assert (lies(accounts.commission("EUR")), lies(accounts.tax_payable("EUR"))) == (0, 0)
    assert lies(accounts.seller_payable("SELLERPARTY1", "EUR")) == lies(accounts.seller_receivable("SELLERPARTY1", "EUR"))
