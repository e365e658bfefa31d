"""Six messages in any order end in one state, and thirty of each at once are one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import permutations
from random import Random

import pytest

from escrow.providers import registry
from tests.escrow.chargebacks.world import MESSAGES, DisputingBank, live

EVERY = list(permutations(MESSAGES))
ORDERS = EVERY if os.environ.get("SOUK_PROVE") else [MESSAGES, MESSAGES[::-1], *Random(5).sample(EVERY, 6)]


@pytest.fixture
def bank(transactional_db: None) -> Iterator[DisputingBank]:
    bank = DisputingBank()
    with registry.sandbox_made_by(lambda: bank):
        yield bank


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_every_order_of_messages_ends_in_one_state(bank: DisputingBank, outcome: str) -> None:
    expected = live(bank, MESSAGES, outcome=outcome)
    assert [state for _name, state in expected["messages"]] == ["done"] * 6
    assert (expected["cases"][0][0], expected["refunds"], expected["payout"][0]) == (outcome, [("confirmed", 1_000)], "paid")
    for order in ORDERS:
        assert live(bank, order, outcome=outcome) == expected, order


def test_thirty_of_each_at_once_are_one(bank: DisputingBank) -> None:
    assert live(bank, MESSAGES, outcome="lost", times=30) == live(bank, MESSAGES, outcome="lost")
