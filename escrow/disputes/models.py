"""Disputes, what both sides said and showed, and what was decided. Everything but the dispute itself is append-only or written once."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from core.models import Referenced
from core.money import Money
from escrow.disputes.clocks import REMIND_BEFORE
from escrow.disputes.states import AT_THE_DESK, Ending, Offer, Review, Side, State


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Sets of disputes."""

    def open(self) -> DisputeQuerySet:
        return self.exclude(state=State.CLOSED)

    def due(self, at: datetime) -> DisputeQuerySet:
        """Those whose own silence decides now; while a bank examines the payment nothing moves."""
        return self.filter(due_at__lte=at, hold__chargeback_open=False)

    def to_remind(self, at: datetime) -> DisputeQuerySet:
        """Those whose own silence soon decides, and whose people were not told of that deadline yet."""
        soon = self.filter(due_at__gt=at, due_at__lte=at + REMIND_BEFORE, hold__chargeback_open=False)
        return soon.filter(Q(reminded_of__isnull=True) | ~Q(reminded_of=F("due_at")))

    def at_the_desk(self) -> DisputeQuerySet:
        """Those that wait for our team, the most urgent first."""
        return self.filter(state__in=AT_THE_DESK).order_by("decide_by", "id")


class Dispute(Referenced):
    """The case that an issue becomes. Its money is what the hold keeps frozen; `due_at` is its own clock, the desk's silence is the hold's."""

    issue = models.OneToOneField("escrow.Issue", on_delete=models.PROTECT, related_name="dispute")
    hold = models.ForeignKey("escrow.Hold", on_delete=models.PROTECT, related_name="disputes")
    state = models.CharField(max_length=12, choices=State, default=State.OPENED)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    decide_by = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_move = models.CharField(max_length=10, blank=True)
    reminded_of = models.DateTimeField(null=True)  # the deadline of which its people were reminded
    appealed_by = models.CharField(max_length=6, choices=Side, blank=True)
    appeal_words = models.TextField(blank=True)
    return_carrier = models.CharField(max_length=40, blank=True)
    return_tracking = models.CharField(max_length=60, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    closed_at = models.DateTimeField(null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="dispute_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["hold", "-id"], name="dispute_hold"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False, due_at__isnull=True) & ~Q(ending="")
                | ~Q(state=State.CLOSED) & Q(closed_at__isnull=True, ending=""),
                name="dispute_closed_has_an_ending",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(State.CLOSED, *AT_THE_DESK)) | Q(due_at__isnull=False) & ~Q(due_move=""), name="dispute_silence_decides"
            ),
            models.CheckConstraint(condition=Q(appealed_by="") | ~Q(appeal_words=""), name="dispute_appeal_says_why"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state != State.CLOSED


class Proposal(models.Model):
    """What one side would settle for: so much back to the buyer, the rest to the seller. One is open at a time."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="proposals")
    side = models.CharField(max_length=6, choices=Side)
    to_buyer_minor = models.BigIntegerField()
    of_minor = models.BigIntegerField(null=True)  # together for every frozen part of a plan: what all of them were when it was made
    share_minor = models.BigIntegerField(null=True)  # then what this part gave of it
    words = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=Offer, default=Offer.OPEN)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dispute"], condition=Q(state=Offer.OPEN), name="proposal_one_open"),
            models.CheckConstraint(condition=Q(to_buyer_minor__gte=0), name="proposal_amount"),
            models.CheckConstraint(
                condition=Q(of_minor__isnull=True, share_minor__isnull=True) | Q(of_minor__gte=F("to_buyer_minor")), name="proposal_joint_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.to_buyer_minor}"

    @property
    def is_joint(self) -> bool:
        """For every frozen part of a plan together."""
        return self.of_minor is not None

    @property
    def amount(self) -> Money:
        """Back to the buyer."""
        return Money(self.to_buyer_minor, self.dispute.hold.currency)


class Exhibit(Referenced):
    """One piece of evidence, as it was given: words, a file with its hash, or a fact that the house recorded itself. Append-only."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="exhibits")
    side = models.CharField(max_length=6, choices=Side)
    title = models.CharField(max_length=120)
    words = models.TextField(blank=True)
    file = models.CharField(max_length=200, blank=True)  # in the private storage
    file_name = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)  # of the file, or of the words
    by = models.CharField(max_length=80, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(words="") | ~Q(file=""), name="exhibit_says_something")]


class Note(models.Model):
    """One message of the conversation. `is_internal`: between our people only. Append-only."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="notes")
    side = models.CharField(max_length=6, choices=Side)
    by = models.CharField(max_length=80, blank=True)
    words = models.TextField()
    is_internal = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(is_internal=False) | Q(side=Side.STAFF), name="note_internal_is_ours")]

    def __str__(self) -> str:
        return f"{self.side} {self.at:%Y-%m-%d}"


class Ruling(models.Model):
    """A decision: what each line gives the buyer, whether the goods go back first, and why. `round` 2 decides an appeal."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="rulings")
    round = models.PositiveSmallIntegerField(default=1)
    to_buyer = models.JSONField()  # minor units by line of the hold
    to_buyer_minor = models.BigIntegerField()
    must_return = models.BooleanField(default=False)
    reason = models.TextField()
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()
    needs_approval = models.BooleanField(default=False)
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    sent_back_at = models.DateTimeField(null=True)
    sent_back_words = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "round"], condition=Q(sent_back_at__isnull=True), name="ruling_once_a_round"),
            models.CheckConstraint(condition=Q(approved_by="") | ~Q(approved_by=F("decided_by")), name="ruling_second_person_approves"),
            models.CheckConstraint(condition=Q(to_buyer_minor__gte=0), name="ruling_amount"),
        ]

    def __str__(self) -> str:
        return f"round {self.round}: {self.to_buyer_minor}"

    @property
    def amount(self) -> Money:
        """Back to the buyer."""
        return Money(self.to_buyer_minor, self.dispute.hold.currency)

    @property
    def stands(self) -> bool:
        """Both sides may read it."""
        return self.sent_back_at is None and (not self.needs_approval or self.approved_at is not None)


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Sets of late appeals."""

    def open(self) -> AppealQuerySet:
        return self.filter(state=Review.OPEN)

    def due(self, at: datetime) -> AppealQuerySet:
        """Those that our team left lying; while a bank examines the payment nothing moves."""
        return self.filter(due_at__lte=at, dispute__hold__chargeback_open=False)


class Appeal(models.Model):
    """The buyer's appeal after the money moved: why, and what somebody else of our team decided. Its verbs lie in escrow.appeals."""

    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="late_appeal")
    state = models.CharField(max_length=8, choices=Review, default=Review.OPEN)
    words = models.TextField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    decide_by = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    more_minor = models.BigIntegerField(default=0)  # to the buyer, beside what the ruling gave
    reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True)
    entry = models.CharField(max_length=100, blank=True)  # of the ledger, when more went back

    objects = AppealQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="appeal_due", condition=Q(due_at__isnull=False))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=Review.OPEN, due_at__isnull=False, closed_at__isnull=True)
                | ~Q(state=Review.OPEN) & Q(due_at__isnull=True, closed_at__isnull=False),
                name="appeal_open_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(state=Review.GRANTED, more_minor__gt=0) & ~Q(entry="") | ~Q(state=Review.GRANTED) & Q(more_minor=0, entry=""),
                name="appeal_granted_gives_more",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.more_minor}"

    @property
    def is_open(self) -> bool:
        return self.state == Review.OPEN

    @property
    def more(self) -> Money:
        """Beside what the ruling gave."""
        return Money(self.more_minor, self.dispute.hold.currency)
