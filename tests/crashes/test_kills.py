"""`kill -9` between cart and payout: the processes come back, the customer asks again, and a minute later everything is whole.

The suite dies at two points, one in the web process and one in the worker; SOUK_PROVE=1 (`./souk prove`) at every one of core/crashes.py.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from core import crashes
from tests.crashes import market, stories, truth
from tests.crashes.customer import Customer

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HEALED_SECONDS = 60.0
A_FEW = ["checkout.placed", "payout.transferred"]
ALL = [*crashes.POINTS, *(f"door.answer_lost:{number}" for number in (2, 3, 4, 5, 6))]
# Points on roads that no story of an order takes; each has its own proof.
ELSEWHERE = {name for name in crashes.POINTS if name.startswith(("import.", "chargeback.", "plan."))}
WISHES = [wish for wish in (ALL if os.environ.get("SOUK_PROVE") else A_FEW) if wish not in ELSEWHERE]


@pytest.mark.parametrize("wish", WISHES)
def test_everything_is_whole_after_a_kill(wish: str, tmp_path: Path, record_property: object) -> None:
    people = market.settle()
    story = stories.OF_POINT.get(wish, stories.from_cart_to_payout)
    with market.opened(tmp_path, wish=wish) as here:
        buyer, seller = Customer(here.address, people.buyer), Customer(here.address, people.seller)
        try:
            story(here, people, buyer, seller)
            _died(here, wish)
            problems = _whole(here)
        except AssertionError as problem:
            raise AssertionError(f"{problem}\n{here.died} {here.last_words()}") from None
    assert problems == [], here.last_words()
    assert "-9" in here.died


def _died(here: market.Market, wish: str) -> None:
    """The story may end before the worker comes past the point."""
    deadline = time.monotonic() + HEALED_SECONDS
    while not here.back_at:
        assert time.monotonic() < deadline, f"nobody came past {wish}"
        time.sleep(0.1)


def _whole(here: market.Market) -> list[str]:
    """Empty when everything is; the last problems when it is not within a minute after the processes are back."""
    deadline = max(here.back_at, here.died_at) + HEALED_SECONDS
    while (problems := truth.untrue()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return problems
