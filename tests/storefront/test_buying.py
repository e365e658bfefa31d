"""The pages of buying and selling as people press through them, without scripts."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from core import clock
from escrow.payments import sandbox_bank
from marketplace.cart.models import CartLine
from marketplace.checkout.models import Checkout
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from marketplace.orders.models import Order
from marketplace.orders.states import OrderState
from storefront.templatetags.shops import promise_of
from tests.factories.goods import person, published, shop
from tests.factories.trade import LYON, delivered_order, goods, guest_order, method, paid_order, pickup_order, seller_of

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def put_in(client: Client, listing, quantity: object = 1, **more: str):
    return client.post("/basket/lines/", {"variant": listing.variants.get().reference, "quantity": quantity, **more})


def text(response) -> str:
    return response.content.decode()


def test_a_guest_buys_pays_and_opens_the_order() -> None:
    client = Client()
    listing, other = goods(), goods()
    assert "empty" in text(client.get("/basket/"))
    put_in(client, listing)
    assert put_in(client, other).status_code == 302
    page = text(client.get("/basket/"))
    assert "€90.00" in page
    begun = client.post("/basket/checkout/", {"currency": "EUR"})
    assert "€103.80" in text(client.get(begun.url))
    wrong = client.post(begun.url, {"pay": "1", "total": "10380", "email": "x", **LYON})
    assert wrong.status_code == 422
    assert "14 rue du Marronnier" in text(wrong)
    placed = client.post(begun.url, {"pay": "1", "total": "10380", "email": "amina@example.com", **LYON})
    assert placed.status_code == 302
    assert "/pay/sandbox/" in placed.url
    done = f"{begun.url}done/"
    assert "Waiting for your payment" in text(client.get(done))
    sandbox_bank.pay(Checkout.objects.get().payment.provider_ref, method="card", at=clock.now(), manner="drop")
    thanks = text(client.get(done))
    assert "€103.80 is paid and held" in thanks
    for order in Order.objects.all():
        assert client.get(f"/orders/{order.reference}/").status_code == 200
        assert Client().get(f"/orders/{order.reference}/").status_code == 404
    assert "empty" in text(client.get("/basket/"))


def test_the_total_that_was_seen_is_the_total_that_is_paid() -> None:
    client = signed_in(person())
    listing = goods()
    begun = put_in(client, listing, buy_now="1").url
    for total in ("1", "", "-5", "9" * 40, "5190x"):
        refused = client.post(begun, {"pay": "1", "total": total, "email": "a@example.com", **LYON})
        assert refused.status_code == 409
        assert "€51.90" in text(refused)
    assert not Order.objects.exists()


def test_pressing_pay_twice_makes_one_order() -> None:
    client = signed_in(person())
    begun = put_in(client, goods(), buy_now="1").url
    answers = {"pay": "1", "total": "5190", "email": "a@example.com", **LYON}
    first, second = client.post(begun, answers), client.post(begun, answers)
    assert first.status_code == second.status_code == 302
    assert Order.objects.count() == 1


@pytest.mark.parametrize("quantity", ["-1", "0", "1e9", "99999999999999999999", "", "１", "<b>", "1.5"])
def test_impossible_quantities_are_refused_in_words(quantity: str) -> None:
    response = put_in(Client(), goods(on_hand=5), quantity)
    assert response.status_code in (409, 422)
    assert not CartLine.objects.exists()


def test_the_basket_form_changes_removes_and_chooses() -> None:
    client = signed_in(person())
    put_in(client, goods(on_hand=9))
    line = CartLine.objects.get().reference
    client.post("/basket/", {"chosen": line, f"quantity-{line}": "4"})
    assert CartLine.objects.get().quantity == 4
    client.post("/basket/", {"chosen": line, f"quantity-{line}": "4", "set": f"{line}:5"})
    assert CartLine.objects.get().quantity == 5
    assert client.post("/basket/", {"chosen": line, f"quantity-{line}": "-3"}).status_code == 422
    client.post("/basket/", {f"quantity-{line}": "5"})
    assert CartLine.objects.get().chosen is False
    client.post("/basket/", {"set": f"{line}:0"})
    assert not CartLine.objects.exists()


def test_buying_the_last_piece_twice_keeps_one() -> None:
    client = signed_in(person())
    listing = goods(on_hand=1)
    first = put_in(client, listing, buy_now="1")
    again = put_in(client, listing, buy_now="1")
    assert CartLine.objects.get().quantity == 1
    assert first.status_code == again.status_code == 302
    assert "/checkout/" in again.url
    put_in(client, listing)
    assert CartLine.objects.get().quantity == 1
    assert "There is only 1 of it" in text(client.get("/basket/"))


def test_more_than_there_is_becomes_all_there_is() -> None:
    client = signed_in(person())
    listing = goods(on_hand=3)
    put_in(client, listing, quantity=2)
    put_in(client, listing, quantity=2)
    page = text(client.get("/basket/"))
    assert CartLine.objects.get().quantity == 3
    assert "There are only 3 of it" in page
    assert "These are all there are." in page
    assert 'disabled aria-label="One more"' in page


def test_the_stepper_stops_at_the_smallest_quantity() -> None:
    client = signed_in(person())
    listing = goods(on_hand=20, min_quantity=6)
    put_in(client, listing, quantity=6)
    page = text(client.get("/basket/"))
    assert "Sold from 6." in page
    assert 'disabled aria-label="One less"' in page
    assert f'value="{CartLine.objects.get().reference}:7"' in page


def test_the_basket_answers_htmx_with_its_fragment() -> None:
    client = signed_in(person())
    put_in(client, goods(on_hand=9))
    line = CartLine.objects.get().reference
    answer = client.post("/basket/", {"chosen": line, "set": f"{line}:2"}, headers={"HX-Request": "true"})
    assert text(answer).lstrip().startswith('<div id="basket"')
    assert "hx-swap-oob" in text(answer)
    assert "€90.00" in text(answer)


def test_signing_in_keeps_the_basket() -> None:
    client, user = Client(), person()
    put_in(client, goods())
    client.force_login(user)  # sends the same signal as the sign-in page, but without the cookie's request
    user.backend = "django.contrib.auth.backends.ModelBackend"
    from django.contrib.auth.signals import user_logged_in
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.COOKIES.update({name: morsel.value for name, morsel in client.cookies.items()})
    user_logged_in.send(User, request=request, user=user)
    assert "€45.00" in text(client.get("/basket/"))


def test_a_declined_payment_can_be_tried_again_or_left() -> None:
    client = signed_in(person())
    begun = put_in(client, goods(), buy_now="1").url
    client.post(begun, {"pay": "1", "total": "5190", "email": "a@example.com", **LYON})
    sandbox_bank.pay(Checkout.objects.get().payment.provider_ref, method="card", at=clock.now(), decline=True, manner="drop")
    assert "The payment was declined" in text(client.get(f"{begun}done/"))
    assert "reserved for you" in text(client.get("/basket/"))
    assert "/pay/sandbox/" in client.post(f"{begun}payment/").url
    assert client.post(f"{begun}end/").url == "/basket/"
    assert client.get(f"{begun}done/").status_code == 410
    assert "€45.00" in text(client.get("/basket/"))


def test_the_buyer_confirms_once() -> None:
    order = delivered_order()
    client = signed_in(order.user)
    page = text(client.get(f"/orders/{order.reference}/"))
    assert "Yes, confirm" in page
    assert "I have an issue" in page
    assert "Where is my money?" in page
    client.post(f"/orders/{order.reference}/more-time/")
    assert client.post(f"/orders/{order.reference}/more-time/").status_code == 409
    client.post(f"/orders/{order.reference}/receipt/")
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    assert "Completed" in text(client.get("/orders/"))


def test_the_buyer_reports_and_withdraws_an_issue() -> None:
    order = delivered_order()
    client = signed_in(order.user)
    assert client.post(f"/orders/{order.reference}/issue/", {"reason": "damaged", "words": " "}).status_code == 422
    client.post(f"/orders/{order.reference}/issue/", {"reason": "damaged", "words": "The lens is broken."})
    page = text(client.get(f"/orders/{order.reference}/"))
    assert "Your money is frozen" in page
    assert "The lens is broken." in page
    client.post(f"/orders/{order.reference}/issue/withdrawal/")
    order.refresh_from_db()
    assert order.state == OrderState.DELIVERED


def test_the_seller_reads_the_day_that_was_promised() -> None:
    order = paid_order()
    seller, _actor = seller_of(order)
    client = signed_in(seller)
    day = promise_of(order, order.paid_at).day
    assert 1 <= (day - order.paid_at.date()).days <= order.hold.handling_days + 4
    for page in (f"/sell/{order.vendor.slug}/orders/", f"/sell/{order.vendor.slug}/orders/{order.reference}/", f"/sell/?shop={order.vendor.slug}"):
        assert "as you promised" in text(client.get(page))
    assert promise_of(order, order.paid_at + timedelta(days=9)).is_late
    assert promise_of(pickup_order(), order.paid_at) is None


def test_who_cancels_before_paying_reads_that_and_not_that_time_ran_out() -> None:
    client, listing = Client(), goods()
    client.force_login(buyer := person())
    put_in(client, listing)
    begun = client.post("/basket/checkout/", {"currency": "EUR"})
    total = client.get(begun.url).context["quote"].totals.total_minor
    assert client.post(begun.url, {"pay": "1", "total": total, "email": buyer.email, **LYON}).status_code == 302
    back = client.post(f"{begun.url}end/", follow=True)
    assert "Cancelled. Nothing was charged" in text(back)
    order = Order.objects.get()
    assert order.state == OrderState.EXPIRED
    for page in (client.get(f"/orders/{order.reference}/"), client.get(f"{begun.url}done/")):
        assert "You cancelled before paying" in text(page)
        assert "Not paid in time" not in text(page)


def test_the_buyer_cancels_before_shipment() -> None:
    order = paid_order()
    client = signed_in(order.user)
    client.get(f"/orders/{order.reference}/cancellation/")
    client.post(f"/orders/{order.reference}/cancellation/", {"reason": "Changed my mind"})
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    assert client.get(f"/orders/{order.reference}/").status_code == 200


def test_the_seller_ships_and_refunds() -> None:
    order = paid_order()
    client, base = signed_in(seller_of(order)[0]), f"/sell/{order.vendor.slug}/orders/{order.reference}/"
    assert "Send it to" in text(client.get("/sell/"))
    assert client.get(f"/sell/{order.vendor.slug}/orders/?which=to_hand_over").status_code == 200
    assert "You get" in text(client.get(base))
    client.post(f"{base}packing/")
    assert client.post(f"{base}shipment/", {"carrier": "sandbox", "tracking_number": "!!"}).status_code == 422
    assert client.post(f"{base}shipment/", {"carrier": "pigeon"}).status_code == 422
    client.post(f"{base}shipment/", {"carrier": "sandbox", "tracking_number": ""})
    assert client.post(f"{base}shipment/", {"carrier": "sandbox"}).status_code == 422
    for amount, status in (("1.00", 302), ("1000000", 422), ("-1", 422), ("0", 422), ("abc", 422), ("1.999", 422)):
        assert client.post(f"{base}refund/", {"amount": amount, "reason": "A scratch"}).status_code == status
    order.refresh_from_db()
    assert (order.state, order.hold.refunded_minor) == (OrderState.SHIPPED, 100)
    assert "Part of the price returned" in text(client.get(base))


def test_the_code_is_shown_to_the_buyer_and_entered_by_the_seller() -> None:
    order = pickup_order()
    buyer, seller = signed_in(order.user), signed_in(seller_of(order)[0])
    page, base = text(buyer.get(f"/orders/{order.reference}/")), f"/sell/{order.vendor.slug}/orders/{order.reference}/"
    assert "<svg" in page
    assert "3 quai Perrache" in page
    shown = order.pickup.code
    assert shown not in text(seller.get(base))
    seller.post(f"{base}readiness/")
    assert "Attempts left: 4" in text(seller.post(f"{base}hand-over/", {"code": "222222"}))
    seller.post(f"{base}hand-over/", {"code": shown})
    order.refresh_from_db()
    assert order.state == OrderState.DELIVERED


def test_delivery_is_edited_by_the_shop_alone() -> None:
    vendor = shop()
    owner, stranger = signed_in(vendor.members.get().user), signed_in(person())
    base = f"/sell/{vendor.slug}/shipping/"
    assert "No delivery yet" in text(owner.get(base))
    said = {
        "name": "Home",
        "carrier": "sandbox",
        "countries": ["FR"],
        "base": "4,90",
        "each_more": "",
        "free_from": "50",
        "days_min": 1,
        "days_max": 3,
    }
    for wrong in ({"base": "x"}, {"base": "-1"}, {"days_max": 0}, {"countries": []}, {"name": ""}, {"base": "9" * 15}, {"carrier": "x"}):
        assert owner.post(f"{base}methods/", {**said, **wrong}).status_code == 422
    assert owner.post(f"{base}methods/", said).status_code == 302
    row = ShippingMethod.objects.get()
    assert (row.base_minor, row.free_from_minor, row.zones) == (490, 5000, ["FR"])
    one = f"{base}methods/{row.reference}/"
    assert owner.get(one).status_code == 200
    for attempt in (
        stranger.get(base),
        stranger.get(one),
        stranger.post(one, said),
        stranger.post(f"{one}removal/"),
        stranger.post(f"{base}methods/", said),
    ):
        assert attempt.status_code == 404
    other = shop(vendor.members.get().user)
    assert owner.get(f"/sell/{other.slug}/shipping/methods/{row.reference}/").status_code == 404
    place = {"name": "Workshop", "street": "3 quai", "city": "Lyon", "country": "FR"}
    assert owner.post(f"{base}places/", {**place, "country": ""}).status_code == 422
    assert owner.post(f"{base}places/", place).status_code == 302
    assert "Workshop" in text(owner.get(base))
    owner.post(f"{one}removal/")
    assert ShippingMethod.objects.get().is_active is False


def test_strangers_find_nothing_at_any_address() -> None:
    order, guest = paid_order(), guest_order()
    stranger = signed_in(person())
    base = f"/sell/{order.vendor.slug}/orders/{order.reference}/"
    paths = [f"/orders/{ref}/{tail}" for ref in (order.reference, guest.reference, "A" * 12, "x") for tail in ("", "issue/", "cancellation/")]
    paths += [f"/orders/{guest.reference}/?key=wrong", base, f"{base}refund/", f"{base}cancellation/", f"/sell/{order.vendor.slug}/orders/"]
    paths += [f"/checkout/{order.checkout}/", f"/checkout/{order.checkout}/done/", f"/checkout/{guest.checkout}/done/"]
    for path in paths:
        assert stranger.get(path).status_code == 404, path
    actions = [f"/orders/{order.reference}/{name}/" for name in ("receipt", "more-time", "code", "issue", "issue/withdrawal", "cancellation")]
    actions += [f"{base}{name}/" for name in ("packing", "shipment", "hand-over", "readiness", "cancellation", "refund")]
    actions += [f"/checkout/{order.checkout}/{name}/" for name in ("payment", "end")]
    for path in actions:
        assert stranger.post(path).status_code == 404, path
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_a_packer_may_ship_but_not_refund() -> None:
    from vendors.members.models import Member
    from vendors.members.operations import derive

    order = paid_order()
    packer = person()
    derive(member=Member.objects.create(vendor=order.vendor, user=packer, role="packer", joined_at=clock.now()))
    client, base = signed_in(packer), f"/sell/{order.vendor.slug}/orders/{order.reference}/"
    assert client.get(base).status_code == 200
    assert client.post(f"{base}refund/", {"amount": "1", "reason": "x"}).status_code == 404
    assert client.post(f"{base}packing/").status_code == 302


def test_pages_stay_within_their_queries(django_assert_max_num_queries) -> None:
    vendor = shop()
    method(vendor)
    client = signed_in(person())
    for _ in range(4):
        put_in(client, published(vendor))
    with django_assert_max_num_queries(18):
        client.get("/basket/")


def test_pages_speak_chinese_too() -> None:
    order = delivered_order()
    client = signed_in(order.user)
    client.cookies["django_language"] = "zh-hans"
    assert 'lang="zh-Hans"' in text(client.get(f"/orders/{order.reference}/"))


def test_the_desk_reads_every_order_and_leaves_a_trace() -> None:
    from django.contrib.auth.models import Group

    from core import audit

    order = delivered_order()
    staff = person()
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    staff.groups.add(Group.objects.get_or_create(name="arbitrators")[0])
    desk = signed_in(User.objects.get(pk=staff.pk))
    assert order.number in text(desk.get("/desk/orders/"))
    assert order.number in text(desk.get(f"/desk/orders/?q={order.number}"))
    assert order.number not in text(desk.get("/desk/orders/?state=paid"))
    assert order.number in text(desk.get(f"/desk/orders/{order.reference}/"))
    assert audit.events_for("order", order.reference).filter(name="looked_at", actor_reference=staff.reference).exists()
    assert desk.post(f"/desk/orders/{order.reference}/delivery/").status_code == 409
    sent = paid_order()
    shipping.send(order=sent, carrier="sandbox", tracking_number="", actor=seller_of(sent)[1], at=clock.now())
    desk.post(f"/desk/orders/{sent.reference}/delivery/")
    sent.refresh_from_db()
    assert sent.state == OrderState.DELIVERED
    for stranger in (signed_in(order.user), signed_in(seller_of(order)[0])):
        assert stranger.get("/desk/orders/").status_code == 404
        assert stranger.get(f"/desk/orders/{order.reference}/").status_code == 404
        assert stranger.post(f"/desk/orders/{order.reference}/delivery/").status_code == 404
