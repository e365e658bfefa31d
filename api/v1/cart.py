"""The basket of the caller: of the signed-in person, or of whoever holds a guest's token."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import naming, serializers
from api.preconditions import tagged, version_of
from api.views import SoukViewSet
from core import clock
from core.errors import NotHere
from marketplace.cart import access, operations, queries
from marketplace.cart.models import LARGEST_QUANTITY, Cart
from marketplace.cart.queries import CartView as View
from marketplace.cart.queries import LineView

TOKEN = "X-Cart-Token"  # noqa: S105 (the header's name)
IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The cart's ETag; left out: whatever it is now.")


class ProblemOfLineSerializer(serializers.Serializer[Any]):
    """Why a line cannot be bought as it is, or what is new about it."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    blocks = serializers.BooleanField(help_text="It cannot be bought before this is put right.")


class CartLineSerializer(serializers.Serializer[Any]):
    """One line at today's price."""

    reference = serializers.CharField()
    variant = serializers.CharField()
    listing = serializers.CharField()
    title = serializers.CharField()
    options = serializers.CharField()
    quantity = serializers.IntegerField()
    chosen = serializers.BooleanField(help_text="Bought with the next checkout.")
    unit_minor = serializers.IntegerField(allow_null=True)
    total_minor = serializers.IntegerField(allow_null=True)
    available = serializers.IntegerField()
    problems = ProblemOfLineSerializer(many=True)


class CartSellerSerializer(serializers.Serializer[Any]):
    """What comes from one seller."""

    vendor = serializers.CharField(help_text="The shop's slug.")
    name = serializers.CharField()
    goods_minor = serializers.IntegerField()
    lines = CartLineSerializer(many=True)


class CartCurrencySerializer(serializers.Serializer[Any]):
    """What can be paid with one payment."""

    currency = serializers.CharField()
    goods_minor = serializers.IntegerField()
    sellers = CartSellerSerializer(many=True)


class CartSerializer(serializers.Serializer[Any]):
    """The basket. `version` is also its ETag."""

    reference = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    currencies = CartCurrencySerializer(many=True)
    waiting_checkouts = serializers.ListField(
        child=serializers.CharField(), help_text="Checkouts whose payment is awaited; their lines are not shown."
    )
    token = serializers.CharField(required=False, help_text="Of a new guest cart; shown this once. Send it as X-Cart-Token.")


class AddSerializer(serializers.Serializer[Any]):
    """Put something in."""

    variant = serializers.CharField(max_length=12)
    quantity = serializers.IntegerField(min_value=1, max_value=LARGEST_QUANTITY, default=1)


class LineChangeSerializer(serializers.Serializer[Any]):
    """Change one line; what is left out stays."""

    quantity = serializers.IntegerField(min_value=0, max_value=LARGEST_QUANTITY, required=False, help_text="0 removes the line.")
    chosen = serializers.BooleanField(required=False)


def cart_of(request: Request) -> Cart | None:
    user = request.user if request.user.is_authenticated else None
    return access.find_for(user=user, token=request.headers.get(TOKEN, "")[:100])


def shown(view: View, token: str = "") -> dict[str, Any]:
    body = {
        "reference": view.cart.reference if view.cart else None,
        "version": view.cart.version if view.cart else 0,
        "currencies": [
            {
                "currency": group.currency,
                "goods_minor": group.goods.amount_minor,
                "sellers": [
                    {
                        "vendor": seller.vendor.slug,
                        "name": seller.vendor.name,
                        "goods_minor": seller.goods.amount_minor,
                        "lines": [_line(line) for line in seller.lines],
                    }
                    for seller in group.sellers
                ],
            }
            for group in view.currencies
        ],
        "waiting_checkouts": list(view.parked_by),
    }
    return {**body, "token": token} if token else body


def _line(line: LineView) -> dict[str, Any]:
    return {
        "reference": line.reference,
        "variant": line.row.variant.reference,
        "listing": line.row.variant.listing.reference,
        "title": line.title,
        "options": line.options,
        "quantity": line.quantity,
        "chosen": line.chosen,
        "unit_minor": line.unit.amount_minor if line.unit else None,
        "total_minor": line.total.amount_minor if line.total else None,
        "available": line.available,
        "problems": [{"code": problem.code, "sentence": problem.sentence, "blocks": problem.blocks} for problem in line.problems],
    }


class CartView(SoukViewSet):
    """One basket over many sellers."""

    access = "anyone"
    scope = "buy"
    permission = "The person whose cart it is, or whoever holds the guest cart's token."
    idempotent = ("add",)
    serializer_class = CartSerializer
    guest_shows = "cartToken"
    needs_nothing = ("retrieve", "add")
    queryset = Cart.objects.none()

    @extend_schema(responses=CartSerializer, operation_id="cart_retrieve")
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        """The basket at today's prices; empty when there is none yet."""
        return self._answer(cart_of(request))

    @extend_schema(request=AddSerializer, responses={201: CartSerializer}, operation_id="cart_lines_create")
    def add(self, request: Request, **kwargs: Any) -> Response:
        """Put something in, more of it adds up; 409 `stock_short` says how many there are. A guest without a cart gets one, and its token once."""
        given = self.read(AddSerializer)
        with naming.known("variant", _("There is no such variant to buy. Its reference stands in the listing, beside its price.")):
            variant = access.public_variant(reference=given["variant"])

        def effect() -> dict[str, Any]:
            at, token, cart = clock.now(), "", cart_of(request)
            if cart is None and request.user.is_authenticated:
                cart = operations.open_for(user=request.user, at=at)
            elif cart is None:
                cart, token = operations.open_for_guest(at=at)
            line = operations.add(cart=cart, variant=variant, quantity=given["quantity"], at=at)
            seen = queries.view(line.cart, at=at, pictures=False)
            operations.require_stock(seen=seen, line=line.reference)
            return shown(seen, token)

        return self.once(effect, status=201)

    @extend_schema(parameters=[IF_MATCH], request=LineChangeSerializer, responses=CartSerializer, operation_id="cart_lines_partial_update")
    def change(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Change how many, or whether it is bought with the next checkout."""
        cart, at = self._mine(), clock.now()
        given, version = self.read(LineChangeSerializer), _version(request)

        def effect() -> dict[str, Any]:
            operations.change_line(cart=cart, line=reference, at=at, if_version=version, **given)
            cart.refresh_from_db()
            seen = queries.view(cart, at=at)
            if "quantity" in given:
                operations.require_stock(seen=seen, line=reference)
            return shown(seen)

        response = self.once(effect)
        return tagged(response, response.data["version"])

    @extend_schema(parameters=[IF_MATCH], responses={200: CartSerializer}, operation_id="cart_lines_destroy")
    def remove(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Take a line out."""
        cart = self._mine()
        operations.remove(cart=cart, line=reference, at=clock.now(), if_version=_version(request))
        return self._answer(cart)

    def _mine(self) -> Cart:
        cart = cart_of(self.request)
        if cart is None:
            raise NotHere
        return cart

    def _answer(self, cart: Cart | None) -> Response:
        if cart is not None:
            cart.refresh_from_db()
        view = queries.view(cart, at=clock.now())
        return tagged(Response(shown(view)), view.cart.version if view.cart else 0)


def _version(request: Request) -> int | None:
    return version_of(request) if "If-Match" in request.headers else None
