"""Told early, late, twice or out of order: one end, and nobody recovers the same money twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from core import clock
from core.actors import SYSTEM
from core.money import Money
from core.states import check
from escrow.chargebacks import operations as chargebacks
from escrow.chargebacks.models import Chargeback, ChargebackShare
from escrow.chargebacks.states import FLOW
from escrow.holds import operations as holds
from escrow.holds import sweep
from escrow.holds.models import Hold
from escrow.holds.moves import HoldFrozen
from escrow.ledger import accounts, checks
from escrow.ledger import queries as book
from escrow.payments import operations as payments
from escrow.payments.jobs import settle_statements
from escrow.payments.matching import metadata_of
from escrow.payments.models import Payment, ProviderMovement, Refund
from escrow.payments.refunds import operations as refunds
from escrow.payouts import queries as payouts
from escrow.providers.base import ProviderPayment
from escrow.providers.sandbox import statement
from tests.escrow.chargebacks.conftest import PARTS, Bank, eur, several
from tests.escrow.holds.conftest import STAFF, Maker

PARTY = "SELLERPARTY1"


def fresh(hold: Hold) -> Hold:
    return Hold.objects.get(pk=hold.pk)


def lies(account: accounts.AccountName) -> int:
    return book.balance(account)


def seller() -> tuple[int, int]:
    return lies(accounts.seller_payable(PARTY, "EUR")), lies(accounts.seller_receivable(PARTY, "EUR"))


def test_flow_is_whole() -> None:
    assert check(FLOW) == []


def test_chargeback_stops_the_clock_and_every_other_verb(maker: Maker, at: datetime) -> None:
    hold = maker.delivered(parts=PARTS)
    case = Bank(hold.payment, 10_500).takes()
    frozen = accounts.hold_frozen(hold.reference, "EUR")
    assert (case.state, case.fee_minor, lies(case.account), lies(frozen)) == ("open", 1_500, 10_500, 10_500)
    assert sweep.move_due(at=at + timedelta(days=60)).total() == 0
    for verb in (
        lambda: holds.release(hold=hold, at=at, actor=STAFF),
        lambda: holds.confirm(hold=hold, at=at, actor=maker.buyer),
        lambda: holds.refund(hold=hold, reason="x", at=at, actor=STAFF),
        lambda: holds.open_issue(hold=hold, reason="damaged", at=at, actor=maker.buyer),
    ):
        with pytest.raises(HoldFrozen):
            verb()


def test_won_gives_the_hold_its_clock_back(maker: Maker, at: datetime) -> None:
    hold = maker.delivered(parts=PARTS)
    bank = Bank(hold.payment, 10_500)
    bank.takes()
    case = bank.wins()
    assert (case.state, lies(case.account), lies(accounts.dispute_fees("EUR"))) == ("won", 0, 1_500)
    hold = fresh(hold)
    assert (hold.chargeback_open, hold.left_minor, hold.charged_back_minor) == (False, 10_500, 0)
    bank.repeats()
    assert sweep.move_due(at=hold.due_at + timedelta(minutes=1))["release"] == 1


def test_lost_while_held_ends_the_hold(maker: Maker, at: datetime) -> None:
    hold = maker.shipped(parts=PARTS)
    bank = Bank(hold.payment, 10_500)
    bank.takes()
    case = bank.says("lost")
    hold = fresh(hold)
    assert (case.state, hold.state, hold.left_minor, hold.charged_back_minor, hold.chargeback_open) == ("lost", "refunded", 0, 10_500, False)
    assert (seller(), Refund.objects.count(), lies(accounts.refund_pending("EUR"))) == ((0, 0), 0, 0)
    with transaction.atomic(), pytest.raises(refunds.MoreThanPaid):
        refunds.refund(payment=hold.payment, hold_ref="", amount=eur(1), key="twice", reason="", at=at, actor=STAFF)


def test_lost_after_the_release_is_a_debt_of_the_seller_less_the_commission(maker: Maker, at: datetime) -> None:
    hold = maker.delivered(parts=PARTS)
    holds.confirm(hold=hold, at=at, actor=maker.buyer)
    earned = seller()[0]
    bank = Bank(hold.payment, 10_500)
    bank.takes()
    assert seller() == (earned, 0)  # still in dispute: nothing is taken yet
    bank.says("lost")
    assert (seller(), lies(accounts.commission("EUR")), lies(accounts.tax_payable("EUR"))) == ((0, 0), 0, 0)
    part = hold.parts.get(line="LINE1")
    assert (part.returned_cash_minor, part.returned_commission_minor, part.returned_tax_minor) == (10_000, 800, 160)
    back = bank.says("won", returned=12_000)  # funds_reinstated, with the fee
    assert (back.state, seller(), lies(accounts.commission("EUR")), lies(accounts.dispute_fees("EUR"))) == ("won", (earned, 0), 800, 0)


def test_partial_loss_leaves_the_rest_held(maker: Maker, at: datetime) -> None:
    hold = maker.shipped(parts=PARTS)
    bank = Bank(hold.payment, 4_001)
    bank.takes()
    bank.says("lost")
    hold = fresh(hold)
    assert (hold.state, hold.left_minor, hold.charged_back_minor) == ("shipped", 6_499, 4_001)
    holds.release(hold=hold, at=at, actor=STAFF)
    assert fresh(hold).state == "released"


def test_events_out_of_order_and_again_end_the_same(maker: Maker, at: datetime) -> None:
    hold = maker.shipped(parts=PARTS)
    bank = Bank(hold.payment, 10_500, status="lost", withdrawn=eur(12_000))
    assert bank.repeats().state == "lost"  # the first word we hear is the last one
    assert bank.says("needs_response").state == "lost"  # an old message, but the object is what it is
    assert Bank(hold.payment, 10_500, status="lost", withdrawn=eur(12_000)).repeats().state == "lost"
    assert (Chargeback.objects.count(), ChargebackShare.objects.count(), fresh(hold).charged_back_minor) == (1, 1, 10_500)


def test_won_waits_for_its_money(maker: Maker) -> None:
    hold = maker.shipped(parts=PARTS)
    bank = Bank(hold.payment, 10_500)
    bank.takes()
    assert (bank.says("won").state, fresh(hold).chargeback_open) == ("open", True)
    assert (bank.says(returned=10_500).state, fresh(hold).chargeback_open) == ("won", False)


def test_inquiry_takes_nothing_and_lets_go(maker: Maker) -> None:
    hold = maker.shipped(parts=PARTS)
    bank = Bank(hold.payment, 10_500)
    case = bank.says("inquiry")
    assert (case.state, lies(case.account), fresh(hold).chargeback_open) == ("inquiry", 0, True)
    assert (bank.says("inquiry_closed").state, fresh(hold).chargeback_open, fresh(hold).state) == ("closed", False, "shipped")
    assert Payment.objects.get(pk=hold.payment_id).charged_back_minor == 0


def test_shared_over_holds_by_remaining_cash_and_refunds_excluded(maker: Maker, at: datetime) -> None:
    first, second, third = several(maker, 3_333, 3_333, 3_334)
    holds.refund(hold=third, reason="gone", at=at, actor=STAFF)
    bank = Bank(first.payment, 5_001)
    bank.takes()
    shares = dict(ChargebackShare.objects.values_list("hold_id", "amount_minor"))
    assert shares == {first.pk: 2_501, second.pk: 2_500}
    assert fresh(third).chargeback_open is False


def test_refund_on_its_way_is_not_paid_again(maker: Maker, at: datetime) -> None:
    """The buyer got the whole payment from the bank while our refund was on its way; the provider then refuses it."""
    hold = maker.shipped(parts=PARTS)
    holds.refund(hold=hold, reason="late", at=at, actor=STAFF)
    bank = Bank(hold.payment, 10_500)
    case = bank.takes()
    assert case.excess_minor == 10_500
    bank.says("lost")
    assert lies(accounts.chargeback_loss("EUR")) == 10_500
    refunds._apply(Refund.objects.get().reference, None, failure="charge_disputed")
    assert (lies(accounts.chargeback_loss("EUR")), lies(accounts.buyer_owed("EUR"))) == (0, 0)


def test_refund_that_came_back_first_pays_the_bank(maker: Maker, at: datetime) -> None:
    hold = maker.shipped(parts=PARTS)
    holds.refund(hold=hold, reason="late", at=at, actor=STAFF)
    refunds._apply(Refund.objects.get().reference, None, failure="charge_disputed")
    bank = Bank(hold.payment, 10_500)
    bank.takes()
    bank.says("lost")
    assert (lies(accounts.chargeback_loss("EUR")), lies(accounts.buyer_owed("EUR"))) == (0, 0)


def test_platform_bears_what_was_sent(maker: Maker, at: datetime) -> None:
    hold = maker.shipped(parts=PARTS)
    bank = Bank(hold.payment, 10_500)
    chargebacks.make_bear(case=bank.takes(), bearer="platform", reason="Delivered, signed.", at=at, actor=STAFF)
    bank.says("lost")
    assert (fresh(hold).state, seller(), lies(accounts.chargeback_loss("EUR"))) == ("released", (9_540, 0), 10_500)


def test_platform_takes_over_what_the_seller_paid(maker: Maker, at: datetime) -> None:
    hold = maker.delivered(parts=PARTS)
    holds.confirm(hold=hold, at=at, actor=maker.buyer)
    bank = Bank(hold.payment, 10_500)
    bank.takes()
    case = bank.says("lost")
    chargebacks.make_bear(case=case, bearer="platform", reason="Our mistake.", at=at, actor=STAFF)
    assert (seller(), lies(accounts.chargeback_loss("EUR"))) == ((9_540, 0), 9_540)
    with pytest.raises(chargebacks.NotLost):
        chargebacks.make_bear(case=case, bearer="platform", reason="Again.", at=at, actor=STAFF)
    bank.says("won", returned=10_500)
    assert (seller(), lies(accounts.chargeback_loss("EUR")), lies(accounts.commission("EUR"))) == ((9_540, 0), 0, 800)


def test_won_after_loss_of_a_parcel_never_sent_is_owed_to_the_buyer(maker: Maker) -> None:
    hold = maker.funded(parts=PARTS)
    bank = Bank(hold.payment, 10_500)
    bank.takes()
    bank.says("lost")
    bank.says("won", returned=10_500)
    assert (lies(accounts.buyer_owed("EUR")), seller()) == (10_500, (0, 0))


def test_chargeback_during_an_issue_ends_it(maker: Maker) -> None:
    hold = maker.disputed(parts=PARTS)
    bank = Bank(hold.payment, 10_500)
    bank.takes()
    bank.says("lost")
    assert (fresh(hold).state, hold.issues.get().outcome) == ("refunded", "refund")


def test_silence_decides(maker: Maker, at: datetime) -> None:
    hold = maker.shipped(parts=PARTS)
    bank = Bank(hold.payment, 10_500, answer_by=at + timedelta(days=9))
    case = bank.takes()
    assert chargebacks.pass_time(case=case, at=at + timedelta(days=8), actor=SYSTEM).state == "open"
    assert chargebacks.pass_time(case=case, at=at + timedelta(days=9, minutes=1), actor=SYSTEM).state == "evidence"
    case = bank.says("lost")
    assert chargebacks.pass_time(case=case, at=clock.now() + timedelta(days=121), actor=SYSTEM).state == "closed"


def test_debt_shows_on_the_balance(maker: Maker, at: datetime) -> None:
    hold = maker.delivered(parts=PARTS)
    holds.confirm(hold=hold, at=at, actor=maker.buyer)
    with transaction.atomic():  # a payout took it
        from escrow.ledger import operations as ledger

        lines = [ledger.debit(accounts.seller_payable(PARTY, "EUR"), 9_540), ledger.credit(accounts.tax_payable("EUR"), 9_540)]
        ledger.post(key="elsewhere", event="elsewhere", lines=lines, trade="", actor=SYSTEM, at=at)
    bank = Bank(hold.payment, 10_500)
    bank.takes()
    bank.says("lost")
    assert payouts.balance_of(PARTY, "EUR").owed == Money(9_540, "EUR")


def test_what_a_bank_takes_of_money_that_came_too_late_is_never_taken_from_holds(maker: Maker, at: datetime) -> None:
    hold = maker.pending(parts=PARTS)
    maker.expire(hold.payment)
    Payment.objects.filter(pk=hold.payment_id).update(state="expired", ended_at=at, provider_ref="pay_1")
    payment = Payment.objects.get(pk=hold.payment_id)
    money = Money(payment.amount_minor, payment.currency)
    seen = ProviderPayment(ref="pay_1", status="paid", amount=money, livemode=False, metadata=metadata_of(payment), hosted_url="", method="card")
    payments._move_toward(payment, seen)
    bank = Bank(payment, 10_500)
    bank.takes()
    case = bank.says("lost")
    assert (case.state, case.excess_minor, case.shares.count()) == ("lost", 10_500, 0)
    assert (lies(accounts.chargeback_loss("EUR")), lies(accounts.refund_pending("EUR"))) == (10_500, 10_500)


def test_a_line_that_came_a_day_before_its_case_leaves_suspense_again(maker: Maker) -> None:
    hold = maker.shipped(parts=PARTS)
    bank = Bank(hold.payment, 10_500)
    statement.write(kind="payment", source_ref=hold.payment.reference, gross=eur(10_500), at=clock.now())
    statement.write(kind="dispute", source_ref=bank.said.ref, gross=eur(-10_500), fee_minor=1_500, at=clock.now())
    clock.travel(timedelta(hours=25))
    settle_statements.func()
    suspense, balance = accounts.suspense("sandbox", "EUR"), accounts.psp_balance("sandbox", "EUR")
    before = lies(balance)
    assert lies(suspense) == -10_500
    bank.takes()
    for _again in range(2):
        settle_statements.func()
    assert (lies(suspense), lies(balance), lies(accounts.dispute_fees("EUR"))) == (0, before, 1_500)
    assert ProviderMovement.objects.get(kind="dispute").entry_key == f"chargeback_opened:{bank.said.ref}"
    clock.travel(timedelta(hours=25))
    assert checks.violations() == []
