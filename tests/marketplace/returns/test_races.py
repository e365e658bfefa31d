"""Both sides and the clock at the same moment: one end, the money given back once."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from core import clock
from core.errors import Refusal
from escrow.holds import sweep as timers
from marketplace.orders import operations as orders
from marketplace.returns import operations, sweep
from marketplace.returns.models import Return
from tests.escrow.holds.test_races import together
from tests.factories.trade import buyer_of
from tests.marketplace.returns.steps import arrived, asked, hold_of, seller, sent

pytestmark = pytest.mark.django_db(transaction=True)


def refused_politely(answers: list[object]) -> bool:
    return all(isinstance(answer, Refusal) or not isinstance(answer, Exception) for answer in answers)


def test_two_acceptances_and_the_clock_pay_once() -> None:
    for _ in range(3):
        found = sent(arrived())
        late = clock.now() + timedelta(days=22)
        answers = together(
            lambda: operations.accept(asked=found, at=clock.now(), actor=seller(found)),  # noqa: B023
            lambda: operations.accept(asked=found, at=clock.now(), actor=seller(found)),  # noqa: B023
            lambda: sweep.move_due(at=late),  # noqa: B023
        )
        assert refused_politely(answers), answers
        found.refresh_from_db()
        assert (found.state, hold_of(found.order).refunded_minor) == ("refunded", found.amount_minor)
    call_command("check_ledger")


def test_asking_confirming_and_the_clock_leave_nothing_half_done() -> None:
    for _ in range(3):
        order = arrived()
        due = hold_of(order).due_at
        assert due is not None
        answers = together(
            lambda: asked(order),  # noqa: B023
            lambda: asked(order, 3),  # noqa: B023
            lambda: orders.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now()),  # noqa: B023
            lambda: timers.move_due(at=due + timedelta(hours=1)),  # noqa: B023
        )
        assert refused_politely(answers), answers
        order.refresh_from_db()
        assert order.state in ("delivered", "completed")
        assert hold_of(order).return_left is None or Return.objects.open().filter(order=order).exists()
    call_command("check_ledger")
