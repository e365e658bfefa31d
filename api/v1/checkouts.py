"""Checkouts: from the basket to one payment and one order per seller."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import naming, serializers
from api.v1.cart import TOKEN, cart_of
from api.v1.parts import DueSerializer, schedule_of
from api.views import SoukViewSet
from core import clock
from core.errors import Invalid
from core.money import EXPONENTS
from escrow.payments import ways
from escrow.payments.states import PaymentState
from marketplace.checkout import access, details, operations, quotes
from marketplace.checkout.details import ADDRESS_FIELDS, Details
from marketplace.checkout.models import Checkout
from marketplace.checkout.quotes import Quote, SellerQuote
from marketplace.checkout.states import CheckoutState
from marketplace.orders import queries as orders
from marketplace.orders import reads

CURRENCIES = sorted(set(EXPONENTS) - {"PTS"})


class BeginSerializer(serializers.Serializer[Any]):
    """Which of the basket's currencies is paid."""

    currency = serializers.ChoiceField(CURRENCIES)


class AddressGivenSerializer(serializers.Serializer[Any]):
    """Where to. Which fields a country wants is answered by name when one is missing."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    street = serializers.CharField(required=False, allow_blank=True, max_length=200)
    district = serializers.CharField(required=False, allow_blank=True, max_length=100)
    city = serializers.CharField(required=False, allow_blank=True, max_length=100)
    region = serializers.CharField(required=False, allow_blank=True, max_length=100)
    postcode = serializers.CharField(required=False, allow_blank=True, max_length=20)
    country = serializers.CharField(required=False, allow_blank=True, max_length=2)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=30)


class DetailsSerializer(serializers.Serializer[Any]):
    """What the buyer says; what is left out stays as it was."""

    email = serializers.CharField(required=False, max_length=250)
    address = AddressGivenSerializer(required=False)
    choices = serializers.DictField(
        child=serializers.CharField(max_length=40), required=False, help_text="Shop's reference → code of a delivery option."
    )
    plans = serializers.ListField(
        child=serializers.CharField(max_length=12), required=False, max_length=100, help_text="References of the shops that are paid in parts."
    )

    method = serializers.CharField(
        required=False, allow_blank=True, max_length=30, help_text="The way to pay, one of `ways`; empty: chosen on the payment page."
    )


class PlacementSerializer(DetailsSerializer):
    """Agree. `shown_total_minor` is the total that the buyer saw: another one is refused with 409 price_changed."""

    shown_total_minor = serializers.IntegerField(min_value=1, max_value=10**12)


class OptionSerializer(serializers.Serializer[Any]):
    """A way of delivery and what it costs for all of this seller's things together."""

    code = serializers.CharField()
    kind = serializers.CharField()
    name = serializers.CharField()
    price_minor = serializers.IntegerField()
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)
    chosen = serializers.BooleanField()


class CheckoutLineSerializer(serializers.Serializer[Any]):
    """One line as it would be sold."""

    variant = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()


class CheckoutSellerSerializer(serializers.Serializer[Any]):
    """One seller's part: it becomes one order with its own held money."""

    vendor = serializers.CharField(help_text="The shop's reference, for `choices`.")
    slug = serializers.CharField()
    name = serializers.CharField()
    goods_minor = serializers.IntegerField()
    delivery_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()
    lines = CheckoutLineSerializer(many=True)
    options = OptionSerializer(many=True)
    schedule = DueSerializer(many=True, help_text="The parts in which it may be paid; empty when it is paid at once.")
    in_parts = serializers.BooleanField(help_text="Whether the buyer chose that.")
    problem = serializers.CharField(help_text="Why nothing can be delivered; empty when all is well.")


class WaySerializer(serializers.Serializer[Any]):
    """A way to pay. `refusal` says why it cannot be chosen for this basket and country; empty when it can."""

    code = serializers.CharField()
    name = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField(), help_text="What to know before choosing it.")
    fits = serializers.BooleanField()
    refusal = serializers.CharField()


class CheckoutPaymentSerializer(serializers.Serializer[Any]):
    """The one payment. `hosted_url` is where the buyer pays."""

    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=PaymentState.choices)
    hosted_url = serializers.CharField()
    expires_at = serializers.DateTimeField()


class CheckoutOrderSerializer(serializers.Serializer[Any]):
    """An order of this checkout. `token` opens a guest's order as X-Order-Token, once it is paid."""

    reference = serializers.CharField()
    number = serializers.CharField()
    state = serializers.CharField()
    total_minor = serializers.IntegerField()
    token = serializers.CharField(required=False)


class CheckoutSerializer(serializers.Serializer[Any]):
    """A checkout as it stands; `sellers` and `total_minor` are today's while it is a draft, and fixed afterwards."""

    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=CheckoutState.choices)
    currency = serializers.CharField()
    total_minor = serializers.IntegerField()
    due_now_minor = serializers.IntegerField(help_text="What the first payment takes; less than the total when something is paid in parts.")
    email = serializers.CharField()
    address = AddressGivenSerializer()
    method = serializers.CharField(help_text="The way to pay that was chosen; empty: on the payment page.")
    ways = WaySerializer(many=True, help_text="The ways to pay, until it is paid for.")
    sellers = CheckoutSellerSerializer(many=True)
    orders = CheckoutOrderSerializer(many=True)
    payment = CheckoutPaymentSerializer(allow_null=True)


class CheckoutView(SoukViewSet):
    """One checkout at a time per basket and currency."""

    access = "anyone"
    scope = "buy"
    permission = "The buyer: the signed-in person, or whoever holds the guest cart's token."
    idempotent = ("create", "placement")
    serializer_class = CheckoutSerializer
    guest_shows = "cartToken"
    queryset = Checkout.objects.none()

    @extend_schema(request=BeginSerializer, responses={201: CheckoutSerializer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Begin: the basket's chosen lines in one currency, with every seller's ways of delivery."""
        given, cart = self.read(BeginSerializer), cart_of(request)
        if cart is None:
            raise operations.NothingToBuy
        user = request.user if request.user.is_authenticated else None

        def effect() -> dict[str, Any]:
            at = clock.now()
            found, quote = operations.begin(cart=cart, currency=given["currency"], user=user, language=get_language() or "en", at=at)
            return shown(found, at, quote)

        return self.once(effect, status=201)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """The checkout as it stands now."""
        return Response(shown(self._mine(reference), clock.now()))

    @extend_schema(request=DetailsSerializer)
    def partial_update(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Keep what the buyer says, and see what it costs."""
        found, given = self._mine(reference), self.read(DetailsSerializer)

        def effect() -> dict[str, Any]:
            body = shown(operations.change(checkout=found, details=_said(found, given)), clock.now())
            _require_known(given.get("choices", {}), body)
            return body

        return self.once(effect)

    @extend_schema(request=PlacementSerializer, responses={201: CheckoutSerializer})
    @action(detail=True, methods=["post"])
    def placement(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Agree: reserve everything for 15 minutes, make the orders, ask for one payment. `payment.hosted_url` is where to pay."""
        found, given = self._mine(reference), self.read(PlacementSerializer)
        total, said = given.pop("shown_total_minor"), _said(found, given)
        done: list[Checkout] = []

        def effect() -> dict[str, Any]:
            at = clock.now()
            terms = {"details": said, "shown_total_minor": total, "return_url": _return_url(found)}
            with naming.called("choice-", "choices."):  # as the page calls it, and as we do
                done.append(operations.place(checkout=found, actor=self.actor, at=at, **terms))
            return shown(done[0], at)

        response = self.once(effect, status=201)
        placed = done[0] if done else self._mine(reference)
        if placed.state == CheckoutState.PLACED:  # outside the transaction, and again for a repeated key: it is the same page
            response.data["payment"]["hosted_url"] = operations.start_payment(checkout=placed)
        return response

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def refreshment(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Ask the payment service what became of the payment, as the return page does."""
        found = operations.refresh(checkout=self._mine(reference))
        return Response(shown(found, clock.now() if found.state == CheckoutState.DRAFT else found.created_at))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancellation(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Give up before paying: stock and basket come back. If the money was faster, the answer says that it is paid."""
        at = clock.now()
        return Response(shown(operations.abandon(checkout=self._mine(reference), actor=self.actor, at=at), at))

    def _mine(self, reference: str) -> Checkout:
        user = self.request.user if self.request.user.is_authenticated else None
        return access.get_for(user=user, cart_token=self.request.headers.get(TOKEN, "")[:100], reference=reference)


def _require_known(choices: dict[str, str], body: dict[str, Any]) -> None:
    """Each choice is of a seller of this checkout, and one of that seller's ways."""
    ways = {seller["vendor"]: [option["code"] for option in seller["options"]] for seller in body["sellers"]}
    for vendor, code in choices.items() if body["state"] == CheckoutState.DRAFT else ():
        if vendor not in ways:
            raise Invalid(f"choices.{vendor[:12]}", _("This checkout has no such seller. `sellers` names them."))
        if ways[vendor] and code not in ways[vendor]:
            raise Invalid(f"choices.{vendor}", _("There is no such way of delivery here. Choose one of: {ways}."), ways=", ".join(ways[vendor]))


def _return_url(checkout: Checkout) -> str:
    return f"{settings.SOUK.url}/checkout/{checkout.reference}/done/"


def _said(checkout: Checkout, given: dict[str, Any]) -> Details:
    kept = details.of_json(checkout.details)
    return details.tidy(
        email=given.get("email", kept.email),
        address={**kept.address, **given.get("address", {})},
        choices={**kept.choices, **given.get("choices", {})},
        plans=given.get("plans", kept.plans),
        method=given.get("method", kept.method),
    )


def shown(checkout: Checkout, at: datetime, quote: Quote | None = None) -> dict[str, Any]:
    """`quote`: of a draft, when the caller has just asked for it."""
    kept = details.of_json(checkout.details)
    draft = checkout.state == CheckoutState.DRAFT
    if draft and quote is None:
        quote = quotes.quote(cart=checkout.cart, currency=checkout.currency, country=kept.country, choices=kept.choices, at=at, plans=kept.plans)
    payment = checkout.payment
    return {
        "reference": checkout.reference,
        "state": checkout.state,
        "currency": checkout.currency,
        "total_minor": quote.totals.total_minor if quote else checkout.total_minor or 0,
        "due_now_minor": quote.due_now(at).amount_minor if quote else payment.amount_minor if payment else 0,
        "email": kept.email,
        "address": {name: kept.address.get(name, "") for name in ADDRESS_FIELDS},
        "method": kept.method,
        "ways": _ways(quote, kept, at) if quote else [],
        "sellers": [_seller(seller, at) for seller in quote.sellers] if quote else [],
        "orders": [] if draft else _orders(checkout),
        "payment": None
        if payment is None
        else {
            "reference": payment.reference,
            "state": payment.state,
            "hosted_url": payment.hosted_url,
            "expires_at": payment.expires_at.isoformat(),
        },
    }


def _ways(quote: Quote, kept: Details, at: datetime) -> list[dict[str, Any]]:
    found = ways.ways_and_reasons(amount=quote.due_now(at), country=kept.country)
    return [{"code": way.code, "name": way.name, "notes": list(way.notes), "fits": way.fits, "refusal": way.refusal} for way in found]


def _orders(checkout: Checkout) -> list[dict[str, Any]]:
    found = []
    for order in reads.of_checkout(checkout.reference):
        body = {"reference": order.reference, "number": order.number, "state": order.state, "total_minor": order.total_minor}
        found.append({**body, "token": orders.guest_key_of(order)} if order.is_guest and order.paid_at else body)
    return found


def _seller(seller: SellerQuote, at: datetime) -> dict[str, Any]:
    return {
        "vendor": seller.vendor.reference,
        "slug": seller.vendor.slug,
        "name": seller.vendor.name,
        "goods_minor": seller.totals.goods_minor,
        "delivery_minor": seller.totals.delivery_minor,
        "total_minor": seller.totals.total_minor,
        "lines": [
            {
                "variant": line.row.variant.reference,
                "title": line.title,
                "quantity": priced.quantity,
                "unit_minor": priced.unit_minor,
                "total_minor": priced.total_minor,
            }
            for line, priced in zip(seller.lines, seller.totals.lines, strict=True)
        ],
        "options": [
            {
                "code": one.option.code,
                "kind": one.option.kind,
                "name": one.option.name,
                "price_minor": one.price.amount_minor,
                "earliest": one.option.earliest.isoformat() if one.option.earliest else None,
                "latest": one.option.latest.isoformat() if one.option.latest else None,
                "chosen": one.chosen,
            }
            for one in seller.options
        ],
        "schedule": schedule_of(seller, at),
        "in_parts": seller.in_parts,
        "problem": seller.problem,
    }
