"""Open issues, for arbiters: the queue, one case, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.users.queries import staff_actor_of
from api import serializers
from api.v1.disputes import EXHIBIT, FILE, FILES, DisputeSerializer, WordsSerializer, file_of, shown
from api.views import SoukViewSet
from core import clock
from core.actors import Actor
from core.errors import Invalid
from core.money import Money
from escrow.appeals import operations as appeals
from escrow.disputes import access as disputes
from escrow.disputes import operations, rulings
from escrow.disputes import queries as cases
from escrow.disputes.models import Dispute
from escrow.holds import access as desk
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


class CaseSerializer(IssueSerializer):
    """The same with its dispute."""

    dispute = DisputeSerializer()


class DeskMessageSerializer(WordsSerializer):
    """A message."""

    is_internal = serializers.BooleanField(required=False, default=False, help_text="Only our team reads it.")


class PostingSerializer(serializers.Serializer[Any]):
    """One line that the ledger would write."""

    account = serializers.CharField()
    debit_minor = serializers.IntegerField(source="debit.amount_minor")
    credit_minor = serializers.IntegerField(source="credit.amount_minor")


class PreviewSerializer(serializers.Serializer[Any]):
    """What the ledger would do for each outcome; `divide` for the amount that was asked about."""

    refund = PostingSerializer(many=True)
    release = PostingSerializer(many=True)
    divide = PostingSerializer(many=True)


class PreviewQuestion(serializers.Serializer[Any]):
    """How it might be divided."""

    to_buyer_minor = serializers.IntegerField(
        required=False, min_value=0, max_value=10**15, help_text="Back to the buyer; the rest goes to the seller."
    )


class DecisionSerializer(serializers.Serializer[Any]):
    """Who gets the money, and why."""

    outcome = serializers.ChoiceField(choices=["release", "refund", "divide"])
    to_buyer_minor = serializers.IntegerField(
        required=False, min_value=0, max_value=10**15, help_text="With outcome divide: back to the buyer; the rest goes to the seller."
    )
    must_return = serializers.BooleanField(required=False, default=False, help_text="The goods go back to the seller before the money moves.")
    reason = serializers.CharField(max_length=LONGEST_WORDS, help_text="Both sides read it.")


class AppealDecisionSerializer(serializers.Serializer[Any]):
    """The second look."""

    more_minor = serializers.IntegerField(
        min_value=0, max_value=10**15, help_text="Back to the buyer beside what the ruling gave, from the seller's balance; 0 leaves it as it was."
    )
    reason = serializers.CharField(max_length=LONGEST_WORDS, help_text="Both sides read it.")


class IssuesQuestion(serializers.Serializer[Any]):
    """Which of them."""

    state = serializers.ChoiceField(
        choices=["open", "decided", "appealed"], required=False, default="open", help_text="appealed: after the money had moved."
    )


class DeskIssueView(SoukViewSet):
    """Issues at the desk."""

    access = "staff"
    scope = "staff"
    staff_groups = ("admins", "arbitrators")
    permission = {
        "list": "Arbitrators and admins.",
        "retrieve": "Arbitrators and admins.",
        "preview": "Arbitrators and admins.",
        "exhibit": "Arbitrators and admins.",
        **dict.fromkeys(
            ("decision", "approval", "objection", "messages", "appeal_decision"), "Arbitrators and admins who are not a party of the case."
        ),
    }
    idempotent = ("decision", "approval", "objection", "messages", "appeal_decision")
    questions = {"list": IssuesQuestion, "preview": PreviewQuestion}
    serializer_class = IssueSerializer
    queryset = Issue.objects.none()
    cursor_ordering = "id"

    def get_queryset(self) -> QuerySet[Issue]:
        return Issue.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """Open issues, oldest first, or the decided ones."""
        sets = {"open": queries.open_issues, "decided": queries.decided_issues, "appealed": cases.issues_appealed_late}
        page = self.paginate_queryset(sets[self.asked["state"]]())
        return self.get_paginated_response(IssueSerializer(page, many=True).data)

    @extend_schema(responses=CaseSerializer)
    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One case, with its dispute."""
        return Response(_told(cases.with_everything(disputes.get_for_desk(request.user, issue=reference))))

    @extend_schema(responses=PreviewSerializer)
    @action(detail=True, methods=["get"])
    def preview(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """What the ledger would do for each outcome."""
        issue = desk.issue_for_desk(request.user, reference)
        lines: dict[str, Any] = {outcome: queries.preview(issue.hold, outcome) if issue.is_open else [] for outcome in ("refund", "release")}
        minor = self.asked.get("to_buyer_minor") if request.query_params else None
        lines["divide"] = cases.preview(issue.hold, Money(minor, issue.hold.currency)) if issue.is_open and minor is not None else []
        return Response(PreviewSerializer(lines).data)

    @extend_schema(request=DecisionSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def decision(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Rule: refund, release or divide. It stands still for an appeal; above the limit a second person approves first."""
        found = disputes.get_to_decide(request.user, issue=reference)
        given = self.read(DecisionSerializer)
        amount = _amount(found, given)

        def effect() -> dict[str, Any]:
            at, actor = clock.now(), staff_actor_of(request.user)
            case = found
            if case.state in ("opened", "talking", "evidence"):
                case = rulings.begin_deciding(dispute=case, by="staff", at=at, actor=actor)
            rulings.rule(dispute=case, to_buyer=amount, must_return=given["must_return"], reason=given["reason"], at=at, actor=actor)
            return _case(case)

        return self.once(effect)

    @extend_schema(request=None, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def approval(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """A second person agrees with a ruling above the limit."""
        return self._do(reference, lambda case, at, actor: rulings.approve(dispute=case, at=at, actor=actor))

    @extend_schema(request=WordsSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def objection(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """A second person disagrees: it is decided anew."""
        return self._do(reference, lambda case, at, actor, **said: rulings.send_back(dispute=case, at=at, actor=actor, **said), WordsSerializer)

    @extend_schema(request=DeskMessageSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def messages(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Write to both sides, or between our people."""
        return self._do(
            reference, lambda case, at, actor, **said: operations.write(dispute=case, side="staff", at=at, actor=actor, **said), DeskMessageSerializer
        )

    @extend_schema(request=AppealDecisionSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def appeal_decision(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Decide an appeal that came after the money had moved; nobody who decided before."""

        def work(case: Dispute, *, at: datetime, actor: Actor, more_minor: int, reason: str) -> None:
            appeals.decide(dispute=case, more=Money(more_minor, case.hold.currency), reason=reason, at=at, actor=actor)

        return self._do(reference, work, AppealDecisionSerializer)

    @extend_schema(parameters=[EXHIBIT], responses=FILES)
    @action(detail=True, methods=["get"], url_path="exhibits/(?P<exhibit>[^/.]+)", renderer_classes=FILE["renderer_classes"])
    def exhibit(self, request: Request, reference: str, exhibit: str, **kwargs: Any) -> HttpResponse:
        """The file of a piece of evidence."""
        return file_of(disputes.get_for_desk(request.user, issue=reference), exhibit)

    def _do(self, reference: str, work: Callable[..., object], body: type[Any] | None = None) -> Response:
        case = disputes.get_to_decide(self.request.user, issue=reference)
        given = self.read(body) if body else {}

        def effect() -> dict[str, Any]:
            work(case, at=clock.now(), actor=staff_actor_of(self.request.user), **given)
            return _case(case)

        return self.once(effect)


def _amount(found: Dispute, given: dict[str, Any]) -> Money:
    hold = found.hold
    if given["outcome"] == "divide":
        if given.get("to_buyer_minor") is None:
            raise Invalid("to_buyer_minor", _("Say how much goes back to the buyer."))
        return Money(given["to_buyer_minor"], hold.currency)
    return hold.left if given["outcome"] == "refund" else Money.zero(hold.currency)


def _case(found: Dispute) -> dict[str, Any]:
    return _told(cases.read_case(found))


def _told(case: Dispute) -> dict[str, Any]:
    return {**dict(IssueSerializer(case.issue).data), "dispute": shown(case, "staff", clock.now())}
