"""A dispute, for the buyer and the seller of its order: talk, show evidence, agree, hand it to our team, appeal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from api import serializers
from api.renderers import AnyFileRenderer
from api.v1.orders import TOKEN
from api.views import SoukViewSet
from core import clock
from core.attachments import attachment
from core.errors import Invalid, NotHere
from core.money import Money
from escrow.appeals import operations as appeals
from escrow.disputes import access as disputes
from escrow.disputes import evidence, operations, queries, rulings
from escrow.disputes.models import Dispute
from escrow.disputes.moves import LONGEST_WORDS
from escrow.disputes.states import Ending, Offer, Review, Side, State
from marketplace.orders import access as orders
from marketplace.orders import operations as order_operations
from marketplace.orders import queries as order_queries
from marketplace.orders.models import Order

ORDER = OpenApiParameter("order_reference", str, OpenApiParameter.PATH, description="The order's reference.")
EXHIBIT = OpenApiParameter("exhibit", str, OpenApiParameter.PATH, description="The evidence's reference.")
FILES = {(200, kind): OpenApiTypes.BINARY for kind in evidence.ENDINGS}


class WordsSerializer(serializers.Serializer[Any]):
    """Words that the other side and our team will read."""

    words = serializers.CharField(max_length=LONGEST_WORDS)


class ProposalRequestSerializer(serializers.Serializer[Any]):
    """What this side would settle for."""

    to_buyer_minor = serializers.IntegerField(
        min_value=0, max_value=10**15, help_text="Back to the buyer, in minor units; the rest goes to the seller."
    )
    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")
    for_all = serializers.BooleanField(required=False, default=False, help_text="For every frozen part of a purchase in parts together.")


class AcceptanceSerializer(serializers.Serializer[Any]):
    """Which proposal is accepted."""

    to_buyer_minor = serializers.IntegerField(
        min_value=0, max_value=10**15, required=False, help_text="The proposal's amount as the caller saw it; with another one open nothing happens."
    )


class ExhibitRequestSerializer(serializers.Serializer[Any]):
    """A piece of evidence: words, or a PDF, JPEG, PNG or WebP of at most 10 MB. Of a picture only its pixels are kept."""

    title = serializers.CharField(max_length=120)
    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")
    file = serializers.FileField(required=False, allow_empty_file=False, max_length=255)


class ReturnShipmentSerializer(serializers.Serializer[Any]):
    """The parcel that goes back."""

    carrier = serializers.CharField(max_length=40)
    tracking = serializers.CharField(max_length=60)


class ProposalSerializer(serializers.Serializer[Any]):
    """What one side would settle for."""

    side = serializers.ChoiceField(choices=Side.choices)
    to_buyer_minor = serializers.IntegerField()
    of_minor = serializers.IntegerField(allow_null=True, help_text="Of all frozen parts together; null: of this part.")
    words = serializers.CharField()
    state = serializers.ChoiceField(choices=Offer.choices)
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class ExhibitSerializer(serializers.Serializer[Any]):
    """A piece of evidence, as it is kept."""

    reference = serializers.CharField()
    side = serializers.ChoiceField(choices=Side.choices)
    title = serializers.CharField()
    words = serializers.CharField()
    file_name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the file as it is kept, or of the words.")
    given_at = serializers.DateTimeField()


class MessageSerializer(serializers.Serializer[Any]):
    """One message."""

    side = serializers.ChoiceField(choices=Side.choices)
    words = serializers.CharField()
    is_internal = serializers.BooleanField()
    at = serializers.DateTimeField()


class RulingSerializer(serializers.Serializer[Any]):
    """A decision; the parties see it when it stands."""

    round = serializers.IntegerField(help_text="2 decides an appeal.")
    to_buyer_minor = serializers.IntegerField()
    must_return = serializers.BooleanField()
    reason = serializers.CharField()
    decided_at = serializers.DateTimeField()


class DisputeStepSerializer(serializers.Serializer[Any]):
    """Who must do what by when, and what silence does."""

    next_action = serializers.CharField()
    who = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    sentence = serializers.CharField()
    what_happens_if_silent = serializers.CharField()


class LateAppealSerializer(serializers.Serializer[Any]):
    """The buyer's appeal after the money had moved."""

    state = serializers.ChoiceField(choices=Review.choices)
    words = serializers.CharField()
    opened_at = serializers.DateTimeField()
    decide_by = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="Not decided by then, the decision stays as it was.")
    more_minor = serializers.IntegerField(help_text="Back to the buyer beside what the ruling gave.")
    reason = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)


class DisputeSerializer(serializers.Serializer[Any]):
    """A dispute with everything that the caller may see of it."""

    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    ending = serializers.ChoiceField(choices=Ending.choices, allow_blank=True)
    currency = serializers.CharField(source="hold.currency")
    frozen_minor = serializers.IntegerField(source="hold.left_minor")
    opened_at = serializers.DateTimeField()
    escalated_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    appealed_by = serializers.CharField()
    appeal_words = serializers.CharField()
    return_carrier = serializers.CharField()
    return_tracking = serializers.CharField()
    next_step = DisputeStepSerializer(allow_null=True)
    actions = serializers.ListField(child=serializers.CharField(), help_text="What the caller may do now.")
    proposals = ProposalSerializer(many=True, source="proposals.all")
    exhibits = ExhibitSerializer(many=True, source="exhibits.all")
    messages = MessageSerializer(many=True)
    rulings = RulingSerializer(many=True)
    appeal_until = serializers.DateTimeField(allow_null=True, help_text="Until when the buyer may appeal after the money has moved.")
    late_appeal = LateAppealSerializer(allow_null=True)


def shown(found: Dispute, side: str, at: datetime) -> dict[str, Any]:
    """The dispute, as it was just read, for this side."""
    is_staff = side == Side.STAFF
    found.next_step = queries.next_step(found)  # type: ignore[attr-defined]
    found.actions = [] if is_staff else list(queries.actions_of(found, side, at=at))  # type: ignore[attr-defined]
    found.appeal_until = queries.appeal_until(found)  # type: ignore[attr-defined]
    if queries.late_appeal_of(found) is None:
        found.late_appeal = None  # type: ignore[attr-defined,assignment]
    found.messages = queries.notes_for(found, staff=is_staff)  # type: ignore[attr-defined]
    told = dict(_Shown(found).data)
    told["rulings"] = RulingSerializer(list(found.rulings.all()) if is_staff else queries.rulings_for_parties(found), many=True).data
    return told


class _Shown(DisputeSerializer):
    rulings = None  # type: ignore[assignment]  # which of them depends on who looks


def file_of(found: Dispute, exhibit: str) -> HttpResponse:
    """To be downloaded, by whoever may see the dispute."""
    piece = disputes.exhibit_of(found, exhibit)
    return attachment(evidence.content(piece), kind=evidence.ENDINGS[piece.media_type], name=piece.reference)


class _DisputeView(SoukViewSet):
    """What both sides of a dispute may do."""

    side: ClassVar[str]
    access = "person"
    permission = "The buyer and the seller of the order, each on their side."
    serializer_class = DisputeSerializer
    queryset = Dispute.objects.none()
    pagination_class = None

    def _order(self) -> Order:
        raise NotImplementedError

    def _mine(self) -> Dispute:
        found = order_queries.dispute_of(self._order())
        if found is None:
            raise NotHere
        return found

    @extend_schema(parameters=[ORDER], responses=DisputeSerializer)
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        """The dispute of this order, the newest one."""
        return Response(shown(queries.with_everything(self._mine()), self.side, clock.now()))

    def _do(self, operation: Callable[..., Any], body: type[Any] | None = None, **more: Any) -> Response:
        found = self._mine()
        given = self.read(body) if body else {}

        def effect() -> dict[str, Any]:
            at = clock.now()
            operation(dispute=found, at=at, actor=self.actor, **given, **more)
            return shown(queries.read_case(found), self.side, at)

        return self.once(effect)

    @extend_schema(parameters=[ORDER], request=ProposalRequestSerializer, responses=DisputeSerializer)
    def propose(self, request: Request, **kwargs: Any) -> Response:
        """Propose how to divide the money; it takes the place of any open proposal."""
        found = self._mine()
        given = self.read(ProposalRequestSerializer)
        amount = Money(given["to_buyer_minor"], found.hold.currency)

        def effect() -> dict[str, Any]:
            at = clock.now()
            said = {"words": given["words"], "for_all": given["for_all"]}
            operations.propose(dispute=found, side=self.side, to_buyer=amount, at=at, actor=self.actor, **said)
            return shown(queries.read_case(found), self.side, at)

        return self.once(effect)

    @extend_schema(parameters=[ORDER], request=AcceptanceSerializer, responses=DisputeSerializer)
    def accept(self, request: Request, **kwargs: Any) -> Response:
        """Accept the other side's proposal: the money is divided at once. Name its amount, so that a changed proposal is not accepted unseen."""
        return self._do(operations.accept, AcceptanceSerializer, side=self.side)

    @extend_schema(parameters=[ORDER], request=WordsSerializer, responses=DisputeSerializer)
    def message(self, request: Request, **kwargs: Any) -> Response:
        """Write to the other side and our team."""
        return self._do(operations.write, WordsSerializer, side=self.side)

    @extend_schema(parameters=[ORDER], request=None, responses=DisputeSerializer)
    def escalate(self, request: Request, **kwargs: Any) -> Response:
        """Hand it to our team."""
        return self._do(operations.escalate, side=self.side)

    @extend_schema(parameters=[ORDER], request=WordsSerializer, responses=DisputeSerializer)
    def appeal(self, request: Request, **kwargs: Any) -> Response:
        """Appeal once, with something new: before the money moves either side, afterwards the buyer within 30 days of the ruling."""
        return self._do(appeals.appeal, WordsSerializer, side=self.side)

    @extend_schema(parameters=[ORDER], request=None, responses=DisputeSerializer)
    def accept_ruling(self, request: Request, **kwargs: Any) -> Response:
        """Let the ruling be carried out now."""
        return self._do(rulings.accept_ruling, side=self.side)

    @extend_schema(parameters=[ORDER], request=ExhibitRequestSerializer, responses={201: DisputeSerializer})
    def show(self, request: Request, **kwargs: Any) -> Response:
        """Add a piece of evidence; nobody can change it afterwards."""
        found = self._mine()
        given = self.read(ExhibitRequestSerializer)
        file = given.pop("file", None)
        if file is not None and file.size > evidence.LARGEST:
            raise Invalid("file", _("A file may have {most} MB."), most=evidence.LARGEST // 1_000_000)
        held = {"file": file.read(), "file_name": file.name} if file is not None else {}
        evidence.show(dispute=found, side=self.side, at=clock.now(), actor=self.actor, **given, **held)
        return Response(shown(queries.read_case(found), self.side, clock.now()), status=201)

    @extend_schema(parameters=[ORDER, EXHIBIT], responses=FILES)
    def exhibit(self, request: Request, exhibit: str, **kwargs: Any) -> HttpResponse:
        """The file of a piece of evidence."""
        return file_of(self._mine(), exhibit)


class BuyerDisputeView(_DisputeView):
    """The buyer's side; a guest names the order's key."""

    side = Side.BUYER
    access = "anyone"
    scope = "buy"
    permission = "The buyer: the signed-in person, or whoever holds the key of a guest's order. Anybody else finds nothing."
    idempotent = ("propose", "accept", "message", "escalate", "appeal", "accept_ruling", "withdraw", "ship_back")
    guest_shows = "orderToken"

    def _order(self) -> Order:
        user = self.request.user if self.request.user.is_authenticated else None
        return orders.get_for(user=user, reference=self.kwargs["order_reference"], guest_key=self.request.headers.get(TOKEN, "")[:200])

    @extend_schema(parameters=[ORDER], request=None, responses=DisputeSerializer)
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """It is settled: the order goes on where it stopped."""
        order, found = self._order(), self._mine()

        def effect() -> dict[str, Any]:
            at = clock.now()
            order_operations.withdraw_issue(order=order, actor=self.actor, at=at)
            return shown(queries.read_case(found), self.side, at)

        return self.once(effect)

    @extend_schema(parameters=[ORDER], request=ReturnShipmentSerializer, responses=DisputeSerializer)
    def ship_back(self, request: Request, **kwargs: Any) -> Response:
        """The goods are on their way back to the seller."""
        return self._do(rulings.ship_back, ReturnShipmentSerializer)


class SellerDisputeView(_DisputeView):
    """The seller's side."""

    side = Side.SELLER
    access = "person"
    scope = "sell"
    permission = "Members with refund_orders."
    idempotent = ("propose", "accept", "message", "escalate", "appeal", "accept_ruling", "confirm_return", "object_to_return")

    def _order(self) -> Order:
        return orders.get_for_seller(user=self.request.user, reference=self.kwargs["order_reference"], permission="refund_orders")

    @extend_schema(parameters=[ORDER], request=None, responses=DisputeSerializer)
    def confirm_return(self, request: Request, **kwargs: Any) -> Response:
        """The goods are back: the ruling is carried out."""
        return self._do(rulings.arrive, by=Side.SELLER)

    @extend_schema(parameters=[ORDER], request=WordsSerializer, responses=DisputeSerializer)
    def object_to_return(self, request: Request, **kwargs: Any) -> Response:
        """Something else came back, or nothing: our team looks again."""
        return self._do(rulings.object_to_return, WordsSerializer)


UPLOAD = {"parser_classes": [MultiPartParser, FormParser]}
FILE = {"renderer_classes": (*api_settings.DEFAULT_RENDERER_CLASSES, AnyFileRenderer)}
_BOTH = {
    "proposals": "propose", "acceptance": "accept", "messages": "message", "escalation": "escalate", "appeal": "appeal",
    "ruling_acceptance": "accept_ruling",
}  # fmt: skip


def addresses() -> list[URLPattern]:
    """Below an order of the buyer and a sale of the shop."""
    return [
        *_of(BuyerDisputeView, "orders", {**_BOTH, "withdrawal": "withdraw", "return_shipment": "ship_back"}),
        *_of(SellerDisputeView, "sales", {**_BOTH, "return_receipt": "confirm_return", "return_objection": "object_to_return"}),
    ]


def _of(view: type[_DisputeView], resource: str, posts: dict[str, str]) -> list[URLPattern]:
    root = f"{resource}/<str:order_reference>/dispute/"
    return [
        path(root, view.as_view({"get": "retrieve"}), name=f"{resource}-dispute"),
        *(path(f"{root}{word}/", view.as_view({"post": method}), name=f"{resource}-dispute-{word}") for word, method in posts.items()),
        path(f"{root}exhibits/", view.as_view({"post": "show"}, **UPLOAD), name=f"{resource}-dispute-exhibits"),
        path(f"{root}exhibits/<str:exhibit>/", view.as_view({"get": "exhibit"}, **FILE), name=f"{resource}-dispute-exhibit"),
    ]
