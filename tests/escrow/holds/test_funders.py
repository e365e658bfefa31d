"""Coupons and points beside cash: whoever paid gets back exactly what they paid, in any order of refunds."""

import random
from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.parties.operations import PLATFORM_KEY
from core.actors import SYSTEM
from core.errors import Invalid
from core.money import Money
from escrow.holds import operations as holds
from escrow.holds import queries
from escrow.holds.operations import PartDraft
from escrow.ledger import accounts
from escrow.ledger.operations import InsufficientBalance
from escrow.points import operations as points
from escrow.points import queries as kept_points

Book = Callable[..., int]
BUYER = "BUYERPARTY01"
MIXED = [
    PartDraft(
        line="LINE1", gross_minor=9_000, commission_minor=720, coupon_minor=1_501, coupon_funder=PLATFORM_KEY, points_minor=333, discount_minor=1_000
    ),
    PartDraft(line="LINE2", gross_minor=3_333, commission_minor=267, tax_minor=53, points_minor=667),
    PartDraft(line="delivery", gross_minor=490),
]


@pytest.fixture
def rich(at: datetime) -> None:
    points.earn(party=BUYER, amount=Money(1_200, "EUR"), fact="order:1", at=at, actor=SYSTEM)


def test_points_are_earned_once_and_expire_to_breakage(at: datetime, book: Book) -> None:
    for _twice in range(2):
        points.earn(party=BUYER, amount=Money(300, "EUR"), fact="order:1", at=at, actor=SYSTEM)
    points.earn(party=BUYER, amount=Money(50, "JPY"), fact="order:2", at=at, actor=SYSTEM)
    assert book(accounts.points_expense("EUR")) == 300
    assert book(accounts.points_of(BUYER)) == 350
    gone = points.expire(party=BUYER, amount=Money(1_000, "EUR"), fact="year:1", at=at, actor=SYSTEM)
    assert (gone, book(accounts.breakage("EUR")), book(accounts.points_of(BUYER))) == (Money(300, "EUR"), 300, 50)


def test_open_payment_sets_points_aside_and_its_end_brings_them_back(maker, rich: None, book: Book) -> None:
    hold = maker.pending(parts=MIXED)
    assert kept_points.worth(BUYER, "EUR") == Money(200, "EUR")
    with pytest.raises(InsufficientBalance):
        maker.pending(parts=MIXED)
    maker.expire(hold.payment)
    assert (kept_points.worth(BUYER, "EUR").amount_minor, book(accounts.points_of(BUYER))) == (1_200, 1_200)


def test_fund_books_every_source(maker, rich: None, book: Book) -> None:
    hold = maker.funded(parts=MIXED)
    assert book(accounts.hold(hold.reference, "EUR")) == 12_823
    assert book(accounts.promotion_expense("EUR")) == 1_501
    assert book(accounts.points_set_aside(hold.reference, "EUR")) == 0
    assert book(accounts.psp_clearing("sandbox", "EUR")) == hold.cash_minor == 12_823 - 1_501 - 1_000


@pytest.mark.parametrize("seed", range(4))
def test_refunds_in_any_order_return_each_source_exactly(maker, rich: None, at: datetime, book: Book, seed: int) -> None:
    chance, hold = random.Random(seed), maker.funded(parts=MIXED)
    while hold.left_minor:
        line = chance.choice([part for part in hold.parts.all() if part.left.amount_minor])
        amount = chance.randint(1, line.left.amount_minor) if chance.random() < 0.8 else line.left.amount_minor
        if chance.random() < 0.2:
            hold = holds.refund(hold=hold, amount=Money(min(amount, hold.left_minor), "EUR"), reason="some", at=at, actor=maker.staff)
        else:
            hold = holds.refund(hold=hold, parts={line.line: amount}, reason="some", at=at, actor=maker.staff)
        hold = maker.fresh(hold)
    assert queries.given_back_by_funder(hold) == {"buyer": 10_322, "platform": 1_501, "points": 1_000, "seller": 1_000}
    assert book(accounts.promotion_expense("EUR")) == book(accounts.hold(hold.reference, "EUR")) == 0
    assert book(accounts.refund_pending("EUR")) == 10_322
    assert (kept_points.worth(BUYER, "EUR").amount_minor, book(accounts.points_of(BUYER))) == (1_200, 1_200)


def test_released_seller_is_paid_what_coupons_and_points_added(maker, rich: None, at: datetime, book: Book) -> None:
    hold = maker.funded(parts=MIXED)
    holds.refund(hold=hold, parts={"LINE2": 3_333}, reason="missing", at=at, actor=maker.staff)
    holds.release(hold=hold, at=at, actor=maker.staff)
    assert book(accounts.seller_payable("SELLERPARTY1", "EUR")) == 9_000 - 720 + 490
    assert (book(accounts.promotion_expense("EUR")), kept_points.worth(BUYER, "EUR").amount_minor) == (1_501, 867)
    assert {move.amount.currency for move in queries.money_story(maker.fresh(hold))} == {"EUR"}


def test_open_refuses_a_coupon_that_the_platform_does_not_pay(maker) -> None:
    with pytest.raises(Invalid):
        maker.pending(parts=[PartDraft(line="LINE1", gross_minor=500, coupon_minor=100, coupon_funder="SELLERPARTY1")])
