"""Before the hand-over: the buyer asks to cancel what is packed, and the seller cancels by the piece what cannot be delivered."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from django.test import Client
from rest_framework.test import APIClient

from core import clock, jobs
from core.actors import Actor
from core.errors import Invalid, Refusal
from core.states import MoveNotAllowed
from escrow.holds.operations import HoldFrozen
from escrow.models import Hold
from marketplace.cart import operations as carts
from marketplace.catalog.stock import queries as stock
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.orders import operations, queries
from marketplace.orders.cancelling import CancellationNotAsked, PaidInParts
from marketplace.orders.models import Order, OrderLine
from marketplace.orders.states import ANSWER_WITHIN, OrderState
from marketplace.papers.models import Paper
from marketplace.returns import queries as returns
from marketplace.returns.operations import AlreadyReturning, ask
from messaging.notifications.models import Notification
from tests.factories.goods import person, published, shop
from tests.factories.trade import basket, buyer_of, method, orders_of, paid_order, pay, pay_part, place, planned_order, seller_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _books_are_right():
    yield
    call_command("check_ledger")


def fresh(order: Order) -> Order:
    return Order.objects.with_everything().get(pk=order.pk)


def packed() -> Order:
    order = paid_order()
    return operations.pack(order=order, actor=seller_of(order)[1], at=clock.now())


def asked() -> Order:
    order = packed()
    return operations.cancel_by_buyer(order=order, reason="I found my old one", actor=buyer_of(order), at=clock.now())


def later(by: timedelta) -> None:
    """What the jobs do then; the clock of the other rooms stays."""
    clock.travel(by)
    jobs.run_due()
    clock.travel(-by)


def send(order: Order) -> None:
    shipping.send(order=fresh(order), carrier="sandbox", tracking_number="", actor=seller_of(order)[1], at=clock.now())


def three_and_one() -> Order:
    """Three cups at 9.99 and a lamp, in one parcel."""
    vendor = shop()
    method(vendor)
    cups, lamp = published(vendor, title="Cup", price_minor=999, on_hand=3), published(vendor)
    cart = basket(lamp, user=person())
    carts.add(cart=cart, variant=cups.variants.offered().get(), quantity=3, at=clock.now())
    return orders_of(pay(place(cart)))[0]


def without(order: Order, *, restock: bool = False, **counts: int) -> Order:
    titles = {line.title.split()[0]: line.reference for line in order.lines.all()}
    quantities = {titles[title]: count for title, count in counts.items()}
    return operations.cancel_part(
        order=order, quantities=quantities, reason="One is cracked", restock=restock, actor=seller_of(order)[1], at=clock.now()
    )


# ── the buyer asks ────────────────────────────────────────────────────────────────────────────────
def test_what_is_packed_is_cancelled_when_the_seller_agrees() -> None:
    order = asked()
    assert (order.state, order.hold.refunded_minor) == (OrderState.PACKED, 0)
    again = operations.cancel_by_buyer(order=order, reason="Please", actor=buyer_of(order), at=clock.now() + timedelta(hours=5))
    assert again.cancel_due_at == order.cancel_due_at
    step = queries.next_step(order, "seller", clock.now())
    assert (step.next_action, step.due_at, "agree_to_cancellation" in step.actions) == ("answer_cancellation", order.cancel_due_at, True)
    assert Notification.objects.filter(user=seller_of(order)[0], title__contains="asks to cancel").count() == 1
    order = operations.agree_to_cancellation(order=order, actor=seller_of(order)[1], at=clock.now())
    assert (order.state, order.hold.refunded_minor, order.cancel_due_at) == (OrderState.CANCELLED, order.total_minor, None)
    variant = order.lines.get().variant_id
    assert stock.available([variant])[variant] == 1
    with pytest.raises(CancellationNotAsked):
        operations.agree_to_cancellation(order=order, actor=seller_of(order)[1], at=clock.now())


def test_silence_agrees_after_two_days_from_the_last_wish() -> None:
    order = asked()
    operations.withdraw_cancellation(order=order, actor=buyer_of(order), at=clock.now())
    operations.cancel_by_buyer(order=order, reason="No, cancel it", actor=buyer_of(order), at=clock.now() + timedelta(hours=1))
    later(ANSWER_WITHIN + timedelta(minutes=30))  # the clock of the first wish decides nothing
    assert fresh(order).state == OrderState.PACKED
    later(ANSWER_WITHIN + timedelta(hours=2))
    order = fresh(order)
    assert (order.state, order.hold.refunded_minor) == (OrderState.CANCELLED, order.total_minor)
    assert order.events.last().facts["by"] == "system"


@pytest.mark.parametrize("answer", ["sent", "withdrawn"])
def test_who_sends_it_or_wants_it_after_all_ends_the_wish(answer: str) -> None:
    order = asked()
    if answer == "sent":
        send(order)
    else:
        operations.withdraw_cancellation(order=order, actor=buyer_of(order), at=clock.now())
    later(ANSWER_WITHIN + timedelta(hours=1))
    order = fresh(order)
    assert order.state in (OrderState.SHIPPED, OrderState.PACKED, OrderState.DELIVERED)
    assert (order.cancel_due_at, order.hold.refunded_minor) == (None, 0)
    with pytest.raises(CancellationNotAsked):
        operations.withdraw_cancellation(order=order, actor=buyer_of(order), at=clock.now())


def test_nothing_is_cancelled_while_a_bank_examines_it() -> None:
    order = asked()
    Hold.objects.filter(pk=order.hold_id).update(chargeback_open=True)
    later(ANSWER_WITHIN + timedelta(hours=1))
    order = fresh(order)
    assert order.state == OrderState.PACKED
    assert order.cancel_due_at > clock.now() + ANSWER_WITHIN
    with pytest.raises(HoldFrozen):
        operations.agree_to_cancellation(order=order, actor=seller_of(order)[1], at=clock.now())
    Hold.objects.filter(pk=order.hold_id).update(chargeback_open=False)
    later(ANSWER_WITHIN + timedelta(days=1, hours=2))
    assert fresh(order).state == OrderState.CANCELLED


def test_a_plan_is_cancelled_whole_when_silence_agrees() -> None:
    order = planned_order()
    order = pay_part(order)
    order = operations.pack(order=order, actor=seller_of(order)[1], at=clock.now())
    with pytest.raises(PaidInParts):
        operations.cancel_part(
            order=order, quantities={order.lines.get().reference: 1}, reason="x", restock=False, actor=seller_of(order)[1], at=clock.now()
        )
    operations.cancel_by_buyer(order=order, reason="", actor=buyer_of(order), at=clock.now())
    operations.decide_unanswered_cancellation(order=order, at=clock.now() + ANSWER_WITHIN)
    order = fresh(order)
    assert (order.state, order.plan.state) == (OrderState.CANCELLED, "cancelled")
    assert sum(part.hold.refunded_minor for part in order.plan.parts.all()) == order.total_minor


def test_sending_and_agreeing_at_once_has_one_winner() -> None:
    for _round in range(3):
        order = asked()
        seller = seller_of(order)[1]

        def agree(order: Order = order, seller: Actor = seller) -> None:
            operations.agree_to_cancellation(order=order, actor=seller, at=clock.now())

        def won(act: Callable[[], None]) -> bool:
            try:
                act()
            except Refusal:
                return False
            finally:
                connections.close_all()
            return True

        with ThreadPoolExecutor(2) as pool:
            winners = list(pool.map(won, (agree, lambda order=order: send(order))))
        order = fresh(order)
        assert sum(winners) == 1
        assert (order.state, order.hold.refunded_minor) in ((OrderState.CANCELLED, order.total_minor), (OrderState.SHIPPED, 0))


# ── the seller cannot deliver all of it ───────────────────────────────────────────────────────────
def test_missing_pieces_go_back_to_the_cent_and_the_rest_is_delivered_and_paid() -> None:
    order = without(three_and_one(), Cup=1)
    assert (order.state, order.hold.refunded_minor) == (OrderState.PAID, 999)
    order = without(order, restock=True, Cup=1)
    cups = order.lines.get(title="Cup")
    assert (cups.cancelled, cups.left, stock.available([cups.variant_id])[cups.variant_id]) == (2, 1, 1)
    for counts, refusal in (({"Cup": 2}, Invalid), ({"Cup": -1}, Invalid), ({"Cup": 0}, Invalid)):
        with pytest.raises(refusal):
            without(order, **counts)
    send(order)
    with pytest.raises(MoveNotAllowed):
        without(fresh(order), Cup=1)
    order = operations.deliver(order=fresh(order), by="carrier", actor=Actor("carrier"), at=clock.now())
    assert [choice.left for choice in returns.choices_of(order)] == [1, 1]
    with pytest.raises(AlreadyReturning):
        ask(order=order, quantities={cups.reference: 2}, reason="changed_mind", at=clock.now(), actor=buyer_of(order))
    order = operations.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now())
    assert (order.state, order.hold.refunded_minor, order.hold.released_minor) == (OrderState.COMPLETED, 1998, order.total_minor - 1998)
    jobs.run_due()
    assert Paper.objects.get(order=order, kind="invoice").total_minor in (order.total_minor, order.total_minor - 1998)
    assert Notification.objects.filter(user=order.user, body__contains="1 × Cup").count() == 2


def test_what_is_left_is_a_cancellation_and_broken_pieces_stay_off_the_shelf() -> None:
    order = without(three_and_one(), Cup=2)
    cups = order.lines.get(title="Cup").variant_id
    order = without(order, restock=True, Cup=1, Jointed=1)
    assert (order.state, order.hold.refunded_minor) == (OrderState.CANCELLED, order.total_minor)
    assert stock.available([cups])[cups] == 1


def test_the_count_of_a_line_only_grows_and_nothing_else_of_it_changes() -> None:
    line = without(three_and_one(), Cup=1).lines.get(title="Cup")
    for change in ({"cancelled": 0}, {"quantity": 2, "total_minor": 1998}, {"cancelled": 4}):
        with pytest.raises(DatabaseError), transaction.atomic():
            OrderLine.objects.filter(pk=line.pk).update(**change)


# ── doors ─────────────────────────────────────────────────────────────────────────────────────────
def test_pages_ask_agree_and_cancel_by_the_piece() -> None:
    order = three_and_one()
    buyer, seller = Client(), Client()
    buyer.force_login(order.user)
    seller.force_login(seller_of(order)[0])
    mine, theirs = f"/orders/{order.reference}/", f"/sell/{order.vendor.slug}/orders/{order.reference}/"
    page = seller.get(f"{theirs}partial-cancellation/")
    cup = order.lines.get(title="Cup").reference
    assert f"quantity-{cup}" in page.content.decode()
    assert seller.post(f"{theirs}partial-cancellation/", {f"quantity-{cup}": "0", "reason": "x"}).status_code == 422
    assert seller.post(f"{theirs}partial-cancellation/", {f"quantity-{cup}": "1", "reason": "Cracked"}).status_code == 302
    seller.post(f"{theirs}packing/")
    assert "1 of it is cancelled" in buyer.get(mine).content.decode()
    assert "is asked" in buyer.get(f"{mine}cancellation/").content.decode()
    assert "The seller is asked." in buyer.post(f"{mine}cancellation/", {"reason": "No"}, follow=True).content.decode()
    assert "Agree and cancel" in seller.get(theirs).content.decode()
    assert buyer.post(f"{mine}cancellation/withdrawal/").status_code == 302
    buyer.post(f"{mine}cancellation/", {"reason": "Or no"})
    assert seller.post(f"{theirs}cancellation/agreement/").status_code == 302
    assert seller.post(f"{theirs}cancellation/agreement/").status_code == 409
    assert fresh(order).state == OrderState.CANCELLED


def test_the_api_asks_agrees_and_cancels_by_the_piece() -> None:
    order = three_and_one()
    buyer, seller = APIClient(), APIClient()
    buyer.force_authenticate(order.user)
    seller.force_authenticate(seller_of(order)[0])
    mine, theirs = f"/api/v1/orders/{order.reference}/", f"/api/v1/sales/{order.reference}/"
    cup = order.lines.get(title="Cup").reference
    body = {"lines": [{"line": cup, "quantity": 1}, {"line": cup, "quantity": 1}], "reason": "Cracked", "restock": True}
    done = seller.post(f"{theirs}partial_cancellation/", body, format="json")
    assert (done.status_code, done.data["refunded_minor"], [line["cancelled"] for line in done.data["lines"]]) == (200, 1998, [0, 2])
    unknown = {"lines": [{"line": "X" * 12, "quantity": 1}], "reason": "x"}
    assert seller.post(f"{theirs}partial_cancellation/", unknown, format="json").status_code == 400
    seller.post(f"{theirs}packing/")
    told = buyer.post(f"{mine}cancellation/", {"reason": "No"}, format="json").data
    assert (told["state"], told["cancel_due_at"] is not None, told["next_step"]["who"]) == ("packed", True, "seller")
    assert buyer.post(f"{mine}cancellation_withdrawal/").data["cancel_due_at"] is None
    assert buyer.post(f"{mine}cancellation_withdrawal/").status_code == 409
    buyer.post(f"{mine}cancellation/", {"reason": "No"}, format="json")
    assert seller.post(f"{theirs}cancellation_agreement/").data["state"] == "cancelled"
