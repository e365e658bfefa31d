"""Things travel back: asked for, approved, sent, received, paid back; before the seller is paid and after; and what silence does."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command

from core import clock, jobs
from core.actors import Actor
from core.errors import Invalid
from core.money import Money
from escrow.holds import sweep as timers
from escrow.payouts import queries as payouts
from marketplace.orders import money
from marketplace.orders import operations as orders
from marketplace.orders.models import Order
from marketplace.returns import clocks, operations, queries, sweep
from marketplace.returns.models import Return
from messaging.notifications.models import Notification
from tests.factories.trade import buyer_of, pay_part, planned_order
from tests.marketplace.returns.steps import arrived, asked, brought, hold_of, seller, sent

pytestmark = pytest.mark.django_db(transaction=True)


def by_right(yes: bool) -> None:
    """What was promised at the sale."""
    Return.objects.update(of_right=yes)


def test_a_return_before_the_release_gives_back_its_share_and_the_money_waits_meanwhile() -> None:
    order = arrived()
    due_before = hold_of(order).due_at
    found = sent(order, 2)
    waiting = hold_of(order)
    assert (waiting.state, waiting.due_at > due_before) == ("delivered", True)  # type: ignore[operator]
    assert due_before is not None
    timers.move_due(at=due_before + timedelta(hours=1))
    assert hold_of(order).state == "delivered"  # the clock would have paid the seller
    found = operations.accept(asked=found, restock=True, at=clock.now(), actor=seller(found))
    assert (found.state, found.refunded, found.due_at) == ("refunded", found.amount, None)
    resumed = hold_of(order)
    assert (resumed.return_left, resumed.refunded_minor) == (None, found.amount_minor)
    jobs.run_due()
    order.refresh_from_db()
    assert order.state == "delivered"
    orders.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now())
    jobs.run_due()
    assert money.with_seller(Order.objects.get(pk=order.pk)) == order.total - found.amount
    call_command("check_ledger")


def test_a_return_after_the_release_comes_from_the_seller() -> None:
    order = arrived()
    orders.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now())
    order = Order.objects.with_everything().get(pk=order.pk)
    found = sent(order, 1)
    before = payouts.balance_of(order.vendor.party.key, order.currency).available
    found = operations.accept(asked=found, at=clock.now(), actor=seller(found))
    jobs.run_due()
    assert found.refunded == found.amount
    assert payouts.balance_of(order.vendor.party.key, order.currency).available < before
    told = set(Notification.objects.filter(user=order.user).values_list("title", flat=True))
    assert any("Your return arrived" in title for title in told)
    call_command("check_ledger")


def test_more_than_was_bought_never_comes_back_whatever_the_steps() -> None:
    order = arrived(3)
    first, second = asked(order, 1), asked(order, 2)
    with pytest.raises(operations.AlreadyReturning):
        asked(order, 1)
    operations.withdraw(asked=first, at=clock.now(), actor=buyer_of(order))
    third = asked(order, 1)
    for found in (second, third):
        operations.waive(asked=found, at=clock.now(), actor=seller(found))
    order.refresh_from_db()
    assert sum(Return.objects.values_list("refunded_minor", flat=True)) <= order.total_minor
    assert queries.choices_of(order) == []
    call_command("check_ledger")


@pytest.mark.parametrize("quantity", [0, -1, 4, True])
def test_rubbish_is_refused_by_name(quantity: int) -> None:
    order = arrived(3)
    with pytest.raises((Invalid, operations.AlreadyReturning)):
        asked(order, quantity)
    with pytest.raises(Invalid):
        operations.ask(order=order, quantities={"NOTALINE": 1}, reason="changed_mind", at=clock.now(), actor=buyer_of(order))
    with pytest.raises(Invalid):
        asked(order, 1, reason="other")  # needs words
    assert not Return.objects.exists()


def test_only_a_right_binds_the_seller() -> None:
    found = asked(arrived())
    by_right(True)
    with pytest.raises(operations.CannotRefuse):
        operations.decline(asked=found, words="No", at=clock.now(), actor=seller(found))
    by_right(False)
    found = operations.decline(asked=found, words="Worn", at=clock.now(), actor=seller(found))
    assert (found.state, found.answer, hold_of(found.order).return_left) == ("refused", "Worn", None)


@pytest.mark.parametrize(("of_right", "ends"), [(True, ["approve", "lapse"]), (False, ["decline"])])
def test_silence_ends_every_return_that_nobody_sent(of_right: bool, ends: list[str]) -> None:
    found = asked(arrived())
    move = "approve" if of_right else "decline"
    Return.objects.update(of_right=of_right, due_move=move)
    found.order.vendor.address = {"name": "Shop", "street": "3 quai", "postcode": "69002", "city": "Lyon", "country": "FR"}
    found.order.vendor.save(update_fields=["address"])
    done = []
    at = clock.now()
    for _step in range(3):
        at += timedelta(days=22)
        done += list(sweep.move_due(at=at))
    assert done == ends
    found.refresh_from_db()
    assert not found.is_open
    assert hold_of(found.order).return_left is None
    call_command("check_ledger")


@pytest.mark.parametrize("state", ["sent", "arrived", "deducted", "objected"])
def test_silence_after_the_parcel_left_pays_the_buyer(state: str) -> None:
    order = arrived()
    if state == "objected":
        orders.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now())
        order = Order.objects.with_everything().get(pk=order.pk)
    found, buyer = sent(order), buyer_of(order)
    at = clock.now()
    if state == "arrived":
        operations.arrive(asked=found, at=at, actor=buyer)
    if state in ("deducted", "objected"):
        found = operations.deduct(asked=found, deduction=Money(100, "EUR"), words="Scratched", at=at, actor=seller(found))
    if state == "objected":
        operations.protest(asked=found, words="It was like that", at=at, actor=buyer)
    sweep.move_due(at=at + clocks.SILENCE[state][0] - timedelta(minutes=1))
    assert Return.objects.get().state == state
    sweep.move_due(at=at + clocks.SILENCE[state][0] + timedelta(minutes=1))
    found = Return.objects.get()
    assert (found.state, found.refunded) == ("refunded", found.amount - found.deduction)
    call_command("check_ledger")


def test_a_deduction_that_the_buyer_refuses_becomes_a_dispute_while_the_money_is_held() -> None:
    order = arrived()
    found = sent(order)
    found = operations.deduct(asked=found, deduction=Money(100, "EUR"), words="Scratched", at=clock.now(), actor=seller(found))
    operations.protest(asked=found, words="It was like that", at=clock.now(), actor=buyer_of(order))
    found.refresh_from_db()
    assert (found.state, hold_of(order).state) == ("disputed", "disputed")
    with pytest.raises(Exception, match=r"dispute|frozen|bank|issue"):
        asked(order)


def test_the_desk_decides_after_the_release() -> None:
    order = arrived()
    orders.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now())
    found = sent(Order.objects.with_everything().get(pk=order.pk))
    found = operations.deduct(asked=found, deduction=found.amount, words="Came back empty", at=clock.now(), actor=seller(found))
    found = operations.protest(asked=found, words="It was inside", at=clock.now(), actor=buyer_of(order))
    assert found.state == "objected"
    with pytest.raises(Invalid):
        operations.rule(asked=found, deduction=found.amount + Money(1, "EUR"), words="No", at=clock.now(), actor=Actor("staff"))
    found = operations.rule(asked=found, deduction=Money(100, "EUR"), words="Half", at=clock.now(), actor=Actor("staff"))
    assert (found.state, found.refunded) == ("refunded", found.amount - Money(100, "EUR"))
    call_command("check_ledger")


def test_parts_of_a_plan_give_back_together() -> None:
    order = pay_part(planned_order())
    order = brought(order)
    found = sent(order)
    found = operations.accept(asked=found, at=clock.now(), actor=seller(found))
    jobs.run_due()
    assert found.refunded == found.amount
    call_command("check_ledger")


def test_the_time_to_send_back_ends() -> None:
    order = arrived()
    late: datetime = order.delivered_at + timedelta(days=31)  # type: ignore[operator]
    with pytest.raises(operations.ReturnWindowOver):
        operations.ask(order=order, quantities={order.lines.get().reference: 1}, reason="changed_mind", at=late, actor=buyer_of(order))
