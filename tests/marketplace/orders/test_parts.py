"""Orders that are paid in parts: what ships when, who sees which step, and how they end."""

from datetime import timedelta

import pytest

from core import clock, jobs
from core.actors import Actor
from escrow.holds import sweep as hold_clock
from escrow.ledger import checks
from escrow.plans import queries as plans
from escrow.plans import sweep as plan_clock
from escrow.plans.following import BalanceDue
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.orders import money_story, operations, parts, paying, queries
from marketplace.orders.models import Order
from messaging.models import Notification
from tests.factories import trade

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = [{"name": "Design", "percent": 40}, {"name": "Built", "percent": 60}]


def now(order: Order) -> Order:
    return Order.objects.with_everything().get(pk=order.pk)


def send(order: Order) -> Order:
    shipping.send(order=now(order), carrier="sandbox", tracking_number="", actor=trade.seller_of(order)[1], at=clock.now())
    return now(order)


def delivered(order: Order) -> Order:
    return operations.deliver(order=send(order), by="carrier", actor=Actor("carrier"), at=clock.now())


def sound() -> list[str]:
    return [line for line in checks.violations() if not line.startswith("8 ")]


def test_deposit_and_balance_from_basket_to_release() -> None:
    order, at = trade.planned_order(), clock.now()
    assert (order.state, order.total_minor, order.hold.gross_minor) == ("paid", 100_690, 30_207)
    mine, theirs = (queries.next_step(order, side, at) for side in ("buyer", "seller"))
    assert (mine.next_action, mine.who, "700" in mine.headline or "704" in mine.headline) == ("pay", "buyer", True)
    assert mine.due_at == theirs.due_at
    assert mine.what_happens_if_silent
    assert "ship" not in theirs.actions
    with pytest.raises(BalanceDue):
        send(order)
    order = trade.pay_part(order)
    assert "ship" in queries.next_step(now(order), "seller", at).actions
    order = delivered(order)
    assert order.state == "delivered"
    order = operations.confirm_receipt(order=order, actor=trade.buyer_of(order), at=clock.now())
    assert (order.state, order.plan.state) == ("completed", "finished")
    assert [row.state for row in parts.rows(now(order), "buyer", at)] == ["released", "released"]
    table = money_story.money_table(now(order), at)
    assert sum(row.buyer.amount_minor for row in table) == -100_690
    assert sum(row.held.amount_minor for row in table) == 0
    assert sound() == []


def test_balance_that_never_comes_cancels_the_order_and_puts_the_goods_back() -> None:
    order, at = trade.planned_order(), clock.now()
    plan_clock.move_due(at=at + timedelta(days=12))
    plan_clock.move_due(at=at + timedelta(days=22))
    order = now(order)
    assert (order.state, order.plan.state, order.hold.state) == ("cancelled", "missed", "refunded")
    assert order.lines.first().variant.reserved == 0
    titles = set(Notification.objects.filter(user=order.user).values_list("title", flat=True))
    assert any("Due soon" in title for title in titles)
    assert any("was not paid" in title for title in titles)
    assert not queries.next_step(order, "buyer", at).actions
    assert sound() == []


def test_monthly_parts_ship_at_once_and_the_order_ends_with_the_last() -> None:
    order = trade.planned_order(kind="parts", count=3)
    order = delivered(order)
    order = operations.confirm_receipt(order=order, actor=trade.buyer_of(order), at=clock.now())
    assert (order.state, order.plan.state) == ("delivered", "running")
    assert "confirm" not in queries.next_step(order, "buyer", clock.now()).actions
    trade.pay_part(order, 2)
    order = trade.pay_part(order, 3)
    assert (order.state, order.plan.state) == ("completed", "finished")
    assert sound() == []


def test_milestones_are_confirmed_one_by_one() -> None:
    order = trade.planned_order(kind="milestones", days=10, steps=STEPS)
    buyer, seller = trade.buyer_of(order), trade.seller_of(order)[1]
    for position in (1, 2):
        if position == 2:
            order = trade.pay_part(order, 2)
        part = plans.parts_of(order.plan).get(position=position).reference
        assert "hand_over" in parts.rows(now(order), "seller", clock.now())[position - 1].actions
        paying.hand_over_part(order=order, part=part, actor=seller, at=clock.now())
        paying.confirm_part(order=order, part=part, actor=buyer, at=clock.now())
    order = now(order)
    assert (order.state, order.plan.state) == ("completed", "finished")
    assert [step.name for step in queries.timeline(order, clock.now())].count("part_released") == 2


def test_buyer_cancels_before_the_goods_leave_and_gets_every_part_back() -> None:
    order = trade.pay_part(trade.planned_order())
    order = operations.cancel_by_buyer(order=order, reason="", actor=trade.buyer_of(order), at=clock.now())
    assert (order.state, order.plan.state, money_story.refunded_of(now(order)).amount_minor) == ("cancelled", "cancelled", 100_690)
    jobs.run_due()
    assert sound() == []


def test_issue_freezes_every_part_and_its_end_resumes_the_order() -> None:
    order = delivered(trade.pay_part(trade.planned_order()))
    buyer = trade.buyer_of(order)
    order = operations.report_issue(order=order, reason="damaged", words="Broken", actor=buyer, at=clock.now())
    assert order.state == "issue"
    hold_clock.move_due(at=clock.now() + timedelta(days=20))
    assert [row.state for row in parts.rows(now(order), "buyer", clock.now())] == ["held", "held"]
    order = operations.withdraw_issue(order=now(order), actor=buyer, at=clock.now())
    assert order.state == "delivered"
    hold_clock.move_due(at=clock.now() + timedelta(days=20))
    assert now(order).state == "completed"
    assert sound() == []


def test_seller_who_sends_nothing_loses_every_part() -> None:
    order = trade.pay_part(trade.planned_order())
    hold_clock.move_due(at=clock.now() + timedelta(days=25))
    order = now(order)
    assert (order.state, order.plan.state) == ("cancelled", "cancelled")
    assert money_story.refunded_of(order).amount_minor == 100_690
    assert sound() == []
