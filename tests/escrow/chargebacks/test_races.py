"""The bank, the buyer, the desk, the clock and twenty payouts at once: one end, and never more than there is."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from core import clock
from core.actors import SYSTEM
from core.errors import Busy
from core.money import Money
from core.states import MoveNotAllowed
from escrow.chargebacks.models import Chargeback
from escrow.holds import operations as holds
from escrow.holds import sweep
from escrow.holds.models import Hold
from escrow.ledger import accounts, checks
from escrow.ledger import queries as book
from escrow.payouts import operations as payouts
from escrow.payouts import sending
from escrow.payouts.models import Payout
from tests.escrow.chargebacks.conftest import PARTS, Bank, eur
from tests.escrow.holds.conftest import BUYER, STAFF, Maker
from tests.escrow.holds.test_races import no_deadlocks, together  # noqa: F401 (its fixture)

pytestmark = pytest.mark.slow
ROUNDS = 100 if os.environ.get("SOUK_PROVE") else 6
PAID, NET, FEES, TAKEN = 10_500, 9_540, 960, 12_000
PARTY = "SELLERPARTY1"


def surprises(answers: list[object]) -> list[object]:
    known = (MoveNotAllowed, holds.HoldFrozen, Busy, payouts.MoreThanAvailable, payouts.NothingToPayOut, payouts.SellerOwes)
    return [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, known)]


def lies(name: accounts.AccountName) -> int:
    return book.balance(name)


def test_confirmation_refund_timer_and_chargeback_at_once_have_one_end(maker: Maker) -> None:
    ends: dict[str, int] = {}
    for number in range(ROUNDS):
        hold = maker.delivered(parts=PARTS)
        bank = Bank(hold.payment, PAID, status="lost", withdrawn=eur(TAKEN))
        late = clock.now() + timedelta(days=15)
        answers = together(
            lambda hold=hold: holds.confirm(hold=hold, at=maker.at, actor=BUYER),
            lambda hold=hold: holds.refund(hold=hold, reason="x", at=maker.at, actor=STAFF),
            lambda late=late: sweep.move_due(at=late),
            bank.repeats,
        )
        assert surprises(answers) == []
        case = bank.repeats()  # the provider tells again what we were too busy for
        hold = Hold.objects.get(pk=hold.pk)
        ends[hold.state] = ends.get(hold.state, 0) + 1
        assert (case.state, hold.left_minor, hold.chargeback_open) == ("lost", 0, False), number
        assert hold.events.filter(name__in=("release", "refund", "charge_back")).count() == 1
    # Paid out + refunded + what the banks took + fees, less what the platform lost by it = paid in.
    seller = lies(accounts.seller_payable(PARTY, "EUR")) - lies(accounts.seller_receivable(PARTY, "EUR"))
    fees = lies(accounts.commission("EUR")) + lies(accounts.tax_payable("EUR"))
    refunded, lost = lies(accounts.refund_pending("EUR")), lies(accounts.chargeback_loss("EUR"))
    assert seller + fees + refunded + ROUNDS * PAID - lost == ROUNDS * PAID
    assert (seller, fees, refunded) == (0, 0, lost)  # whoever was first, the buyer's bank has the money in the end
    assert checks.violations() == []


def test_twenty_payouts_a_refund_and_a_chargeback_at_once_never_take_more_than_there_is(maker: Maker) -> None:
    payouts.ensure_account(party=PARTY, currency="EUR", country="DE", at=maker.at, actor=SYSTEM)
    sending.open_account(party=PARTY, at=maker.at)
    for _ in range(max(ROUNDS // 3, 2)):
        sold, held = maker.delivered(parts=PARTS), maker.delivered(parts=PARTS)
        holds.confirm(hold=sold, at=maker.at, actor=BUYER)
        before, asked = lies(accounts.seller_payable(PARTY, "EUR")), lies(accounts.transfer_transit("EUR"))
        bank = Bank(sold.payment, PAID, status="lost", withdrawn=eur(TAKEN))
        answers = together(
            *[lambda: payouts.request(seller=PARTY, currency="EUR", amount=Money(3_000, "EUR"), at=maker.at, actor=SYSTEM)] * 20,
            lambda held=held: holds.refund(hold=held, reason="x", at=maker.at, actor=STAFF),
            bank.repeats,
        )
        assert surprises(answers) == []
        assert bank.repeats().state == "lost"
        made = [answer for answer in answers if isinstance(answer, Payout)]
        assert lies(accounts.transfer_transit("EUR")) - asked == len(made) * 3_000 <= before
        owed, there = lies(accounts.seller_receivable(PARTY, "EUR")), lies(accounts.seller_payable(PARTY, "EUR"))
        assert there - owed == -lies(accounts.transfer_transit("EUR"))
        assert checks.violations() == []
    assert Chargeback.objects.filter(state="lost").count() == max(ROUNDS // 3, 2)
