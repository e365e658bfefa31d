"""Money goes back after release: to whoever paid it, from whoever has it, never twice."""

import random
from collections.abc import Callable
from dataclasses import astuple
from datetime import datetime, timedelta

import pytest

from accounts.parties.operations import PLATFORM_KEY
from core.actors import SYSTEM
from core.errors import Forbidden, Invalid
from core.money import Money
from escrow.holds import operations as holds
from escrow.holds import split
from escrow.holds.models import Hold, HoldPart
from escrow.holds.moves import HoldFrozen
from escrow.holds.operations import PartDraft
from escrow.late_refunds import operations as late
from escrow.ledger import accounts
from escrow.payments.models import Payment, Refund
from escrow.payments.refunds.operations import RefundWindowOver
from escrow.points import operations as points
from tests.escrow.chargebacks.conftest import Bank
from tests.escrow.holds.conftest import BUYER, SELLER, STAFF, Maker

Book = Callable[..., int]
PARTY = "BUYERPARTY01"
MIXED = [
    PartDraft(line="LINE1", gross_minor=9_000, commission_minor=720, coupon_minor=1_501, coupon_funder=PLATFORM_KEY, points_minor=333),
    PartDraft(line="LINE2", gross_minor=3_333, commission_minor=267, tax_minor=53, points_minor=667),
    PartDraft(line="delivery", gross_minor=490),
]


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def mixed(maker: Maker, at: datetime) -> Hold:
    """Delivered, and paid with cash, a coupon and points."""
    points.earn(party=PARTY, amount=eur(1_000), fact="order:1", at=at, actor=SYSTEM)
    return maker.delivered(parts=MIXED)


def test_seller_pays_first_from_earnings_then_as_debt(maker: Maker, at: datetime, book: Book) -> None:
    hold = holds.release(hold=maker.delivered(), at=at, actor=STAFF)
    payable, debt = accounts.seller_payable(hold.seller, "EUR"), accounts.seller_receivable(hold.seller, "EUR")
    assert book(payable) == 13_823 - 1_280
    late.give_back(hold=hold, amount=eur(823), reason="A scratch", at=at, actor=SELLER, by="seller")
    assert Refund.objects.get().amount_minor == 823
    late.give_back(hold=hold, reason="Sorry", at=at, actor=STAFF, by="staff")
    assert (book(payable), book(debt), book(accounts.commission("EUR")), book(accounts.tax_payable("EUR"))) == (0, 0, 0, 0)
    with pytest.raises(late.MoreThanReleased):
        late.give_back(hold=hold, amount=eur(1), reason="Again", at=at, actor=STAFF, by="staff")


@pytest.mark.parametrize("seed", range(3))
def test_refunds_before_and_after_release_return_each_source_exactly(mixed: Hold, at: datetime, book: Book, seed: int) -> None:
    chance, hold = random.Random(seed), mixed
    while True:
        hold.refresh_from_db()
        parts = list(hold.parts.all())
        held = [part for part in parts if part.left.amount_minor]
        paid = [part for part in parts if part.with_seller.amount_minor]
        if not held and not paid:
            break
        part, verb = chance.choice([(part, verb) for verb, some in (("refund", held), ("release", held), ("late", paid)) for part in some])
        there = part.with_seller.amount_minor if verb == "late" else part.left.amount_minor
        some = {part.line: chance.randint(1, there) if chance.random() < 0.4 else there}
        if verb == "refund":
            holds.refund(hold=hold, parts=some, reason="x", at=at, actor=STAFF)
        elif verb == "release":
            holds.release(hold=hold, parts=some, at=at, actor=STAFF)
        else:
            late.give_back(hold=hold, parts=some, reason="x", at=at, actor=STAFF, by="staff")
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == hold.cash_minor
    gone = [accounts.promotion_expense("EUR"), accounts.commission("EUR"), accounts.tax_payable("EUR"), accounts.seller_payable(hold.seller, "EUR")]
    assert [book(account) for account in gone] == [0, 0, 0, 0]
    assert (book(accounts.points_of(PARTY)), book(accounts.seller_receivable(hold.seller, "EUR"))) == (1_000, 0)


@pytest.mark.parametrize("seed", range(40))
def test_thousand_cuts_before_and_after_release_sum_to_what_was_paid(seed: int) -> None:
    """25 parts of random sources each; no database."""
    chance = random.Random(seed)
    for _each in range(25):
        cash, coupon, spent = (chance.choice([0, chance.randint(0, 5_000)]) for _source in range(3))
        gross = cash + coupon + spent
        if not gross:
            continue
        commission = chance.randint(0, gross // 2)
        part = HoldPart(gross_minor=gross, cash_minor=cash, coupon_minor=coupon, points_minor=spent, commission_minor=commission,
                        tax_minor=chance.randint(0, gross - commission))  # fmt: skip
        while part.left.amount_minor or part.with_seller.amount_minor:
            if part.left.amount_minor and chance.random() < 0.6:
                piece = split.cut(part.left, chance.randint(1, part.left.amount_minor))
                (part.add_released if chance.random() < 0.7 else part.add_refunded)(piece)
            elif part.with_seller.amount_minor:
                piece = split.cut_returned(part.with_seller, chance.randint(1, part.with_seller.amount_minor))
                assert min(piece.net_minor, *astuple(piece)) >= 0
                part.add_returned(piece)
        back = [getattr(part, f"refunded_{source}_minor") + getattr(part, f"returned_{source}_minor") for source in ("cash", "coupon", "points")]
        assert back == [cash, coupon, spent]
        assert (part.returned_commission_minor, part.returned_tax_minor) == (part.charged_commission_minor, part.charged_tax_minor)


def test_refused_without_words_by_strangers_and_over_the_amount(maker: Maker, at: datetime) -> None:
    hold = holds.release(hold=maker.delivered(), parts=["LINE1"], at=at, actor=STAFF)
    for refusal, options in (
        (Invalid, {"reason": " "}),
        (Forbidden, {"actor": BUYER, "by": "staff"}),
        (Invalid, {"amount": eur(0)}),
        (Invalid, {"amount": Money(5, "USD")}),
        (Invalid, {"parts": ["LINE9"]}),
        (Invalid, {"parts": {"LINE1": -1}}),
        (late.MoreThanReleased, {"parts": ["LINE2"]}),
        (late.MoreThanReleased, {"parts": {"LINE1": 10_001}}),
        (late.MoreThanReleased, {"amount": eur(10_001)}),
    ):
        with pytest.raises(refusal):
            late.give_back(**{"hold": hold, "reason": "x", "at": at, "actor": STAFF, "by": "staff"} | options)
    holds.open_issue(hold=hold, reason="damaged", words="Broken", at=at, actor=BUYER)
    with pytest.raises(HoldFrozen):
        late.give_back(hold=hold, reason="x", at=at, actor=STAFF, by="staff")
    assert not Refund.objects.exists()


def test_refund_names_the_end_of_the_way_it_was_paid(maker: Maker, at: datetime) -> None:
    hold = holds.release(hold=maker.delivered(), at=at, actor=STAFF)
    Payment.objects.filter(pk=hold.payment_id).update(method="alipay")
    late.give_back(hold=hold, amount=eur(5), reason="x", at=at + timedelta(days=89), actor=STAFF, by="staff")
    with pytest.raises(RefundWindowOver):
        late.give_back(hold=hold, amount=eur(5), reason="x", at=at + timedelta(days=91), actor=STAFF, by="staff")


def test_late_refund_and_bank_never_give_the_same_money(maker: Maker, at: datetime) -> None:
    hold = holds.release(hold=maker.delivered(), at=at, actor=STAFF)
    late.give_back(hold=hold, amount=eur(3_000), reason="x", at=at, actor=STAFF, by="staff")
    bank = Bank(hold.payment, 5_000)
    bank.takes()
    with pytest.raises(HoldFrozen):
        late.give_back(hold=hold, amount=eur(1), reason="x", at=at, actor=STAFF, by="staff")
    bank.says("lost")
    with pytest.raises(late.MoreThanReleased):
        late.give_back(hold=hold, amount=eur(5_824), reason="x", at=at, actor=STAFF, by="staff")
    late.give_back(hold=hold, reason="x", at=at, actor=STAFF, by="staff")
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == 8_823
