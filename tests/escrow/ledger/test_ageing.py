"""What came first leaves first; what is left is as old as its arrival."""

from datetime import timedelta

import pytest
from django.db import transaction

from core import clock
from core.actors import SYSTEM
from escrow.ledger import accounts, ageing
from escrow.ledger import operations as ledger
from escrow.ledger.operations import credit, debit
from tests.factories.escrow import post_fund

pytestmark = pytest.mark.django_db(transaction=True)


def settle(amount_minor: int) -> None:
    lines = [
        debit(accounts.psp_balance("sandbox", "EUR"), amount_minor),
        credit(accounts.psp_clearing("sandbox", "EUR"), amount_minor),
    ]
    with transaction.atomic():
        ledger.post(key=f"settle:{amount_minor}", event="settle", lines=lines, trade="TRADE", actor=SYSTEM, at=clock.now())


def test_what_is_left_is_as_old_as_its_arrival() -> None:
    for days, (key, amount) in zip((2, 3, 5, 0), (("a", 100), ("b", 200), ("c", 400), ("d", 800)), strict=True):
        post_fund(f"fund:{key}", f"HOLD{key}", amount)
        clock.travel(timedelta(days=days))
    settle(250)  # all of a, and most of b
    (aged,) = ageing.by_age(at=clock.now())
    assert (aged.name, aged.total.amount_minor) == ("psp_clearing", 1250)
    assert [money.amount_minor for money in aged.ages] == [800, 0, 400, 50]


def test_unexplained_money_that_left_us_is_negative_and_what_is_empty_is_not_told() -> None:
    lines = [debit(accounts.suspense("sandbox", "EUR"), 70), credit(accounts.psp_balance("sandbox", "EUR"), 70)]
    with transaction.atomic():
        ledger.post(key="out", event="unexplained", lines=lines, trade="", actor=SYSTEM, at=clock.now())
    (aged,) = ageing.by_age(at=clock.now())
    assert (aged.name, [money.amount_minor for money in aged.ages]) == ("suspense", [-70, 0, 0, 0])
