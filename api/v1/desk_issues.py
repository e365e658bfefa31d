"""Open issues, for arbiters: the queue, one case, and the decision."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.users.queries import staff_actor_of
from api import serializers
from api.views import SoukViewSet
from core import clock
from escrow.holds import access as desk
from escrow.holds import operations as holds
from escrow.holds import queries
from escrow.holds.issues import LONGEST_WORDS
from escrow.holds.models import Issue


class IssueSerializer(serializers.Serializer[Any]):
    """A case."""

    reference = serializers.CharField()
    hold = serializers.CharField(source="hold.reference")
    trade = serializers.CharField(source="hold.trade")
    reason = serializers.CharField(help_text="not_received, not_as_described, damaged, wrong_item, not_genuine or other.")
    words = serializers.CharField()
    automatic = serializers.BooleanField(help_text="Opened by the clock because a parcel never arrived.")
    amount_minor = serializers.IntegerField(source="hold.left_minor", help_text="What is frozen.")
    currency = serializers.CharField(source="hold.currency")
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(source="hold.due_at", allow_null=True, help_text="Silence decides then.")
    outcome = serializers.CharField(help_text="release, refund, withdrawn, or empty while it is open.")
    decision = serializers.CharField()
    resolved_at = serializers.DateTimeField(allow_null=True)


class PostingSerializer(serializers.Serializer[Any]):
    """One line that the ledger would write."""

    account = serializers.CharField()
    debit_minor = serializers.IntegerField(source="debit.amount_minor")
    credit_minor = serializers.IntegerField(source="credit.amount_minor")


class PreviewSerializer(serializers.Serializer[Any]):
    """What the ledger would do for each outcome."""

    refund = PostingSerializer(many=True)
    release = PostingSerializer(many=True)


class DecisionSerializer(serializers.Serializer[Any]):
    """Who gets the money, in full, and why."""

    outcome = serializers.ChoiceField(choices=["release", "refund"])
    reason = serializers.CharField(max_length=LONGEST_WORDS, help_text="Both sides read it.")


class IssuesQuestion(serializers.Serializer[Any]):
    """Which of them."""

    state = serializers.ChoiceField(choices=["open", "decided"], required=False, default="open")


class DeskIssueView(SoukViewSet):
    """Issues at the desk."""

    access = "staff"
    scope = "staff"
    staff_groups = ("admins", "arbitrators")
    permission = {
        "list": "Arbitrators and admins.",
        "retrieve": "Arbitrators and admins.",
        "preview": "Arbitrators and admins.",
        "decision": "Arbitrators and admins who are not a party of the case.",
    }
    idempotent = ("decision",)
    questions = {"list": IssuesQuestion}
    serializer_class = IssueSerializer
    queryset = Issue.objects.none()
    cursor_ordering = "id"

    def get_queryset(self) -> QuerySet[Issue]:
        return Issue.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """Open issues, oldest first, or the decided ones."""
        page = self.paginate_queryset(queries.decided_issues() if self.asked["state"] == "decided" else queries.open_issues())
        return self.get_paginated_response(IssueSerializer(page, many=True).data)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One case."""
        return Response(IssueSerializer(desk.issue_for_desk(request.user, reference)).data)

    @extend_schema(responses=PreviewSerializer)
    @action(detail=True, methods=["get"])
    def preview(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """What the ledger would do for each outcome."""
        issue = desk.issue_for_desk(request.user, reference)
        lines = {outcome: queries.preview(issue.hold, outcome) if issue.is_open else [] for outcome in ("refund", "release")}
        return Response(PreviewSerializer(lines).data)

    @extend_schema(request=DecisionSerializer, responses=IssueSerializer)
    @action(detail=True, methods=["post"])
    def decision(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Release or refund in full, with a reason."""
        issue = desk.issue_to_decide(request.user, reference)
        given = self.read(DecisionSerializer)

        def effect() -> dict[str, Any]:
            holds.settle_issue(hold=issue.hold, actor=staff_actor_of(request.user), at=clock.now(), **given)
            return dict(IssueSerializer(desk.issue_for_desk(request.user, reference)).data)

        return self.once(effect)
