"""Every way an order can go, with the money where it belongs at each end."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core import clock
from core.actors import Actor
from core.errors import Invalid, NotHere
from core.jobs import run_due
from core.money import Money
from core.states import MoveNotAllowed
from escrow.holds import operations as holds
from escrow.holds import sweep
from escrow.holds.operations import AlreadyExtended, MoreThanHeld
from marketplace.catalog.stock import queries as stock
from marketplace.fulfilment.kinds.pickup import operations as pickup
from marketplace.fulfilment.kinds.pickup.operations import CodeBlocked, WrongCode
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.fulfilment.kinds.shipping.models import Shipment
from marketplace.orders import access, guest_links, operations, queries
from marketplace.orders.models import Order, OrderLine
from marketplace.orders.states import OrderState
from messaging.notifications.models import Notification
from tests.factories.goods import offer, person, published, shop
from tests.factories.trade import buyer_of, guest_order, method, paid_order, place_to_pick_up, seller_of

pytestmark = pytest.mark.django_db(transaction=True)
STAFF = Actor("staff", "STAFF0000000")


@pytest.fixture(autouse=True)
def _books_are_right():
    yield
    call_command("check_ledger")


def ship(order: Order, number: str = "") -> Shipment:
    _owner, seller = seller_of(order)
    return shipping.send(order=order, carrier="sandbox", tracking_number=number, actor=seller, at=clock.now())


def delivered(order: Order) -> Order:
    ship(order)
    return operations.deliver(order=fresh(order), by="carrier", actor=Actor("carrier"), at=clock.now())


def fresh(order: Order) -> Order:
    return Order.objects.with_everything().get(pk=order.pk)


def names(order: Order) -> list[str]:
    return [event.name for event in order.events.all()]


def test_buyer_confirms_and_the_seller_is_paid() -> None:
    order = delivered(paid_order())
    assert order.state == OrderState.DELIVERED
    order = operations.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now())
    assert order.state == OrderState.COMPLETED
    assert order.hold.released_minor == order.total_minor
    assert names(order) == ["placed", "paid", "shipped", "delivered", "confirmed", "completed"]
    assert operations.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now()).state == OrderState.COMPLETED


def test_silence_after_delivery_pays_the_seller() -> None:
    order = delivered(paid_order())
    sweep.move_due(at=order.hold.due_at + timedelta(seconds=1))
    assert fresh(order).state == OrderState.COMPLETED


def test_late_shipment_cancels_itself_with_a_full_refund() -> None:
    order = paid_order()
    sweep.move_due(at=order.hold.due_at + timedelta(seconds=1))
    order = fresh(order)
    assert order.state == OrderState.CANCELLED
    assert names(order)[-1] == "cancelled_late"
    assert order.hold.refunded_minor == order.total_minor


def test_buyer_cancels_before_shipment_and_the_stock_is_back() -> None:
    order = paid_order()
    order = operations.cancel_by_buyer(order=order, reason="", actor=buyer_of(order), at=clock.now())
    assert order.state == OrderState.CANCELLED
    assert order.hold.refunded_minor == order.total_minor
    variant = order.lines.get().variant_id
    assert stock.available([variant])[variant] == 1


def test_nobody_cancels_after_shipment() -> None:
    order = paid_order()
    ship(order)
    for cancel in (
        lambda: operations.cancel_by_buyer(order=fresh(order), reason="", actor=buyer_of(order), at=clock.now()),
        lambda: operations.cancel_by_seller(order=fresh(order), reason="x", restock=True, actor=seller_of(order)[1], at=clock.now()),
    ):
        with pytest.raises(MoveNotAllowed):
            cancel()
    assert fresh(order).hold.refunded_minor == 0


def test_seller_cancels_with_a_reason_and_without_restocking() -> None:
    order = paid_order()
    with pytest.raises(Invalid):
        operations.cancel_by_seller(order=order, reason="  ", restock=False, actor=seller_of(order)[1], at=clock.now())
    order = operations.cancel_by_seller(order=order, reason="It broke.", restock=False, actor=seller_of(order)[1], at=clock.now())
    assert order.state == OrderState.CANCELLED
    variant = order.lines.get().variant_id
    assert stock.available([variant])[variant] == 0


def test_partial_refunds_then_release_leave_nothing() -> None:
    order = paid_order()
    seller = seller_of(order)[1]
    for minor in (333, 1, 1000):
        order = operations.refund_part(order=order, amount=Money(minor, "EUR"), reason="A scratch", actor=seller, at=clock.now())
    order = delivered(order)
    operations.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now())
    order = fresh(order)
    assert (order.hold.refunded_minor, order.hold.released_minor) == (1334, order.total_minor - 1334)
    assert order.state == OrderState.COMPLETED


@pytest.mark.parametrize(("minor", "currency"), [(0, "EUR"), (-5, "EUR"), (100, "USD")])
def test_refund_part_refuses_impossible_amounts(minor: int, currency: str) -> None:
    order = paid_order()
    with pytest.raises(Invalid):
        operations.refund_part(order=order, amount=Money(minor, currency), reason="x", actor=seller_of(order)[1], at=clock.now())
    with pytest.raises(MoreThanHeld):
        operations.refund_part(order=order, amount=Money(10**9, "EUR"), reason="x", actor=seller_of(order)[1], at=clock.now())
    assert fresh(order).hold.refunded_minor == 0


def test_refunding_everything_after_shipment_ends_the_order() -> None:
    order = delivered(paid_order())
    order = operations.refund_part(order=order, amount=order.hold.left, reason="Wrong item", actor=seller_of(order)[1], at=clock.now())
    assert order.state == OrderState.REFUNDED


@pytest.mark.parametrize(("outcome", "end"), [("release", OrderState.COMPLETED), ("refund", OrderState.REFUNDED)])
def test_issue_freezes_and_the_desk_decides(outcome: str, end: str) -> None:
    order = delivered(paid_order())
    order = operations.report_issue(order=order, reason="damaged", words="The lens is broken.", actor=buyer_of(order), at=clock.now())
    assert order.state == OrderState.ISSUE
    sweep.move_due(at=clock.now() + timedelta(days=20))
    assert fresh(order).state == OrderState.ISSUE
    holds.settle_issue(hold=order.hold, outcome=outcome, reason="Seen the photos.", at=clock.now(), actor=STAFF)
    assert fresh(order).state == end


def test_withdrawn_issue_goes_on_where_it_stopped() -> None:
    order = delivered(paid_order())
    order = operations.report_issue(order=order, reason="other", words="Hm.", actor=buyer_of(order), at=clock.now())
    order = operations.withdraw_issue(order=order, actor=buyer_of(order), at=clock.now())
    assert order.state == OrderState.DELIVERED


def test_a_parcel_that_arrives_during_an_issue_has_arrived_when_the_issue_ends() -> None:
    order = paid_order()
    ship(order)
    order = operations.report_issue(order=fresh(order), reason="not_received", words="Nothing yet.", actor=buyer_of(order), at=clock.now())
    order = operations.deliver(order=order, by="carrier", actor=Actor("carrier"), at=clock.now())
    assert order.state == OrderState.ISSUE
    order = operations.withdraw_issue(order=order, actor=buyer_of(order), at=clock.now())
    assert order.state == OrderState.DELIVERED


def test_a_parcel_never_heard_of_opens_an_issue_by_itself() -> None:
    order = paid_order()
    ship(order)
    sweep.move_due(at=fresh(order).hold.due_at + timedelta(seconds=1))
    assert fresh(order).state == OrderState.ISSUE


def test_more_time_is_given_once() -> None:
    order = delivered(paid_order())
    due = order.hold.due_at
    order = operations.ask_more_time(order=order, actor=buyer_of(order), at=clock.now())
    assert order.hold.due_at == due + timedelta(days=7)
    with pytest.raises(AlreadyExtended):
        operations.ask_more_time(order=order, actor=buyer_of(order), at=clock.now())


def test_seller_cannot_start_the_inspection() -> None:
    order = paid_order()
    ship(order)
    with pytest.raises(Exception, match=r"delivery_not_proven|move_not_allowed"):
        operations.deliver(order=fresh(order), by="seller", actor=seller_of(order)[1], at=clock.now())  # type: ignore[arg-type]
    assert fresh(order).state == OrderState.SHIPPED


def test_the_sandbox_carrier_brings_the_parcel(settings) -> None:
    settings.SOUK_SANDBOX_CARRIER_SECONDS = 60
    order = paid_order()
    shipment = ship(order)
    for _ in range(7):
        clock.travel(timedelta(seconds=61))
        run_due()
    clock.travel(-timedelta(seconds=61 * 7))
    shipment.refresh_from_db()
    assert shipment.state == "delivered"
    assert shipment.events.count() == 6
    assert fresh(order).state == OrderState.DELIVERED
    assert fresh(order).hold.delivered_by == "carrier"


def test_a_tracking_number_is_used_once() -> None:
    first, second = paid_order(), paid_order()
    ship(first, "6A 0418 2231 90")
    with pytest.raises(shipping.NumberUsed):
        ship(second, "6a0418223190")
    assert fresh(second).state == OrderState.PAID
    with pytest.raises(Invalid):
        ship(second, "<b>")


def pickup_order() -> Order:
    vendor = shop()
    where = place_to_pick_up(vendor)
    listing = published(vendor, title="Bicycle")
    listing.__class__.objects.filter(pk=listing.pk).update(hand_overs=["pickup"])
    return paid_order(listing, choices={vendor.reference: f"pickup:{where.reference}"})


def test_the_code_proves_the_hand_over() -> None:
    order = pickup_order()
    code = order.pickup.code
    for _twice in range(2):
        order = pickup.hand_over(order=order, code=code.lower(), actor=seller_of(order)[1], at=clock.now())
    assert order.state == OrderState.DELIVERED
    assert order.hold.delivered_by == "code"
    assert names(order).count("delivered") == 1


def test_five_wrong_codes_block_until_the_buyer_renews() -> None:
    order = pickup_order()
    seller, old = seller_of(order)[1], order.pickup.code
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as wrong:
            pickup.hand_over(order=order, code="222222", actor=seller, at=clock.now())
        assert wrong.value.params["left"] == left
    with pytest.raises(CodeBlocked):
        pickup.hand_over(order=order, code=old, actor=seller, at=clock.now())
    renewed = pickup.renew_code(order=order, actor=buyer_of(order), at=clock.now())
    with pytest.raises(WrongCode):
        pickup.hand_over(order=order, code=old, actor=seller, at=clock.now())
    order = pickup.hand_over(order=order, code=renewed.code, actor=seller, at=clock.now())
    assert order.state == OrderState.DELIVERED


def test_strangers_see_nothing_at_any_depth() -> None:
    order, stranger, other_owner = paid_order(), person(), person()
    shop(other_owner)
    owner, _actor = seller_of(order)
    assert access.get_for(user=order.user, reference=order.reference) == order
    assert access.get_for_vendor(user=owner, slug=order.vendor.slug, reference=order.reference) == order
    attempts = [
        lambda: access.get_for(user=stranger, reference=order.reference),
        lambda: access.get_for(user=None, reference=order.reference),
        lambda: access.get_for(user=None, reference=order.reference, guest_key="x"),
        lambda: access.get_for(user=owner, reference=order.reference),
        lambda: access.get_for_vendor(user=stranger, slug=order.vendor.slug, reference=order.reference),
        lambda: access.get_for_vendor(user=other_owner, slug=order.vendor.slug, reference=order.reference),
        lambda: access.get_for_vendor(user=other_owner, slug=other_owner.memberships.get().vendor.slug, reference=order.reference),
        lambda: access.get_for_vendor(user=order.user, slug=order.vendor.slug, reference=order.reference),
        lambda: access.get_for_seller(user=stranger, reference=order.reference),
        lambda: access.get_for_vendor(user=owner, slug=order.vendor.slug, reference=order.reference, permission="no_such_right"),
    ]
    for attempt in attempts:
        with pytest.raises(NotHere):
            attempt()


def test_a_guest_opens_the_order_by_its_link_alone(settings) -> None:
    order = guest_order()
    key = guest_links.key_of(secret=settings.SECRET_KEY, order=order.reference)
    assert access.get_for(user=None, reference=order.reference, guest_key=key) == order
    assert access.get_for(user=person(), reference=order.reference, guest_key=key) == order
    for wrong in ("", key[:-1], key + "x", guest_links.key_of(secret=settings.SECRET_KEY, order="A" * 12)):
        with pytest.raises(NotHere):
            access.get_for(user=None, reference=order.reference, guest_key=wrong)
    assert key not in str(Order.objects.filter(pk=order.pk).values())


def test_what_was_sold_stays_as_it_was() -> None:
    order = paid_order()
    listing = order.lines.get().variant.listing
    offer(listing, price_minor=9900, on_hand=3)
    line = OrderLine.objects.get(order=order)
    assert line.unit_minor == 4500
    assert line.listing_version.body["terms"]
    for statement in (
        f"UPDATE marketplace_orderline SET title = 'x' WHERE id = {line.pk}",
        f"DELETE FROM marketplace_orderevent WHERE order_id = {order.pk}",
        f"UPDATE marketplace_order SET total_minor = total_minor + 1, goods_minor = goods_minor + 1 WHERE id = {order.pk}",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_both_sides_see_the_same_clock_in_their_own_words() -> None:
    order = delivered(paid_order())
    buyer, seller = queries.next_step(order, "buyer", clock.now()), queries.next_step(order, "seller", clock.now())
    assert buyer.due_at == seller.due_at == order.hold.due_at
    assert set(buyer.actions) == {"confirm", "report", "more_time"}
    assert set(seller.actions) == {"refund"}
    assert buyer.what_happens_if_silent != seller.what_happens_if_silent
    places = [step.place for step in queries.timeline(order, clock.now())]
    assert places == ["done"] * 4 + ["here", "ahead"]


def test_each_side_is_told_once_in_their_language() -> None:
    vendor = shop()
    method(vendor)
    buyer = person()
    buyer.__class__.objects.filter(pk=buyer.pk).update(language="zh-hans")
    order = paid_order(published(vendor), user=buyer)
    told = Notification.objects.filter(category="orders")
    assert {(note.user_id, note.language) for note in told} == {(buyer.pk, "zh-hans"), (seller_of(order)[0].pk, "en")}
