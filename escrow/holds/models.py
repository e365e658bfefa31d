"""Tables of held money. Triggers keep amounts immutable, progress one-way and states on the edges of the flow table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from core.actors import Actor
from core.models import Referenced
from core.money import Money
from escrow.holds.split import Left, Piece
from escrow.holds.states import DECIDED, HELD, UNDECIDED, Evidence, HandOver, Outcome, Reason, State
from escrow.holds.timers import Deadline


class HoldQuerySet(models.QuerySet["Hold"]):
    """Sets of holds."""

    def due(self, at: datetime) -> HoldQuerySet:
        """Those whose silence decides now. A frozen timer is not due; an unpaid hold waits for the provider's word."""
        return self.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=at), due_at__lte=at, state__in=(*HELD, *DECIDED), chargeback_open=False)

    def to_remind(self, at: datetime) -> HoldQuerySet:
        """Those whose people should be told that a deadline is near."""
        return self.filter(remind_at__lte=at, state__in=UNDECIDED, chargeback_open=False)

    def held(self) -> HoldQuerySet:
        """Those that keep a buyer's money, undecided."""
        return self.filter(state__in=HELD)


class Hold(Referenced):
    """A buyer's money for one seller, waiting. `trade`, `buyer` and `seller` are opaque keys."""

    trade = models.CharField(max_length=12, db_index=True)
    payment = models.ForeignKey("escrow.Payment", on_delete=models.PROTECT, related_name="holds")
    buyer = models.CharField(max_length=12, db_index=True)
    seller = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    gross_minor = models.BigIntegerField()
    cash_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    hand_over = models.CharField(max_length=8, choices=HandOver)
    handling_days = models.PositiveSmallIntegerField()
    inspection_days = models.PositiveSmallIntegerField()
    planned = models.BooleanField(default=False)  # one part of a plan: other parts are held beside it
    opened_at = models.DateTimeField()
    funded_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_by = models.CharField(max_length=8, choices=Evidence, blank=True)
    extended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    limit_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_move = models.CharField(max_length=8, blank=True)
    remind_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)  # a timer that failed for a technical reason is tried again then
    frozen_from = models.CharField(max_length=10, blank=True)
    frozen_left = models.DurationField(null=True)
    return_left = models.DurationField(null=True)  # what was left of the inspection when goods began to travel back
    chargeback_open = models.BooleanField(default=False)
    chargeback_left = models.DurationField(null=True)  # what was left of the deadline when the bank began to ask
    charged_back_minor = models.BigIntegerField(default=0)  # cash that a bank took for good
    steps = models.PositiveIntegerField(default=0)  # money moves so far; makes the keys of ledger entries

    objects = HoldQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="hold_due", condition=~Q(state__in=(State.PENDING, State.EXPIRED, State.CLOSED))),
            models.Index(fields=["remind_at"], name="hold_remind", condition=Q(remind_at__isnull=False)),
            models.Index(fields=["seller", "currency", "state"], name="hold_by_seller"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(gross_minor__gt=0, cash_minor__gte=0, cash_minor__lte=F("gross_minor")), name="hold_amounts"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, released_minor__gte=0, gross_minor__gte=F("refunded_minor") + F("released_minor")),
                name="hold_never_gives_more_than_it_got",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(State.PENDING, State.EXPIRED, *HELD)) | Q(gross_minor=F("refunded_minor") + F("released_minor")),
                name="hold_decided_is_empty",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.PENDING, State.EXPIRED)) | Q(refunded_minor=0, released_minor=0), name="hold_unpaid_is_untouched"
            ),
            models.CheckConstraint(
                condition=Q(state__in=(State.EXPIRED, State.CLOSED)) | (Q(due_at__isnull=False) & ~Q(due_move="")), name="hold_silence_decides"
            ),
            models.CheckConstraint(
                condition=(Q(state=State.DISPUTED) & Q(frozen_from__in=UNDECIDED)) | (~Q(state=State.DISPUTED) & Q(frozen_from="")),
                name="hold_frozen_only_in_dispute",
            ),
            models.CheckConstraint(condition=~Q(state__in=HELD) | Q(funded_at__isnull=False), name="hold_held_was_funded"),
            models.CheckConstraint(condition=Q(charged_back_minor__gte=0, charged_back_minor__lte=F("cash_minor")), name="hold_charged_back_within"),
        ]

    @property
    def gross(self) -> Money:
        """What was paid for this trade."""
        return Money(self.gross_minor, self.currency)

    @property
    def left_minor(self) -> int:
        """What is still undecided."""
        return 0 if self.state in (State.PENDING, State.EXPIRED) else self.gross_minor - self.refunded_minor - self.released_minor

    @property
    def left(self) -> Money:
        """What is still undecided."""
        return Money(self.left_minor, self.currency)

    @property
    def is_frozen(self) -> bool:
        """No timer and nobody but the desk may move it."""
        return self.state == State.DISPUTED or self.chargeback_open

    @property
    def was_sent(self) -> bool:
        """Whether the goods ever left the seller, as far as anybody proved."""
        return self.shipped_at is not None or self.delivered_at is not None

    def set_deadline(self, deadline: Deadline) -> dict[str, object]:
        """The column values of a deadline."""
        return {"due_at": deadline.due_at, "due_move": deadline.due_move, "remind_at": deadline.remind_at}


_SOURCES = ("cash", "coupon", "points")


class HoldPart(models.Model):
    """One line of the trade, or its delivery. Amounts never change after the insert; progress only grows."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="parts", db_index=False)  # the index below begins with it
    line = models.CharField(max_length=40)
    gross_minor = models.BigIntegerField()
    cash_minor = models.BigIntegerField()
    coupon_minor = models.BigIntegerField(default=0)
    coupon_funder = models.CharField(max_length=12, blank=True)  # the party who pays for the coupon: the platform
    discount_minor = models.BigIntegerField(default=0)  # what the seller's own discount took off: told, but nobody's money and not in gross
    points_minor = models.BigIntegerField(default=0)
    commission_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    refunded_cash_minor = models.BigIntegerField(default=0)
    refunded_coupon_minor = models.BigIntegerField(default=0)
    refunded_points_minor = models.BigIntegerField(default=0)
    released_cash_minor = models.BigIntegerField(default=0)
    released_coupon_minor = models.BigIntegerField(default=0)
    released_points_minor = models.BigIntegerField(default=0)
    charged_commission_minor = models.BigIntegerField(default=0)
    charged_tax_minor = models.BigIntegerField(default=0)
    waived_commission_minor = models.BigIntegerField(default=0)
    waived_tax_minor = models.BigIntegerField(default=0)
    # Given back after it had been paid to the seller, by the seller or by the buyer's bank.
    returned_cash_minor = models.BigIntegerField(default=0)
    returned_coupon_minor = models.BigIntegerField(default=0)
    returned_points_minor = models.BigIntegerField(default=0)
    returned_commission_minor = models.BigIntegerField(default=0)
    returned_tax_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hold", "line"], name="hold_part_once"),
            models.CheckConstraint(
                condition=Q(
                    gross_minor__gt=0,
                    cash_minor__gte=0,
                    coupon_minor__gte=0,
                    points_minor__gte=0,
                    commission_minor__gte=0,
                    tax_minor__gte=0,
                    gross_minor=F("cash_minor") + F("coupon_minor") + F("points_minor"),
                ),
                name="hold_part_is_the_sum_of_its_sources",
            ),
            models.CheckConstraint(condition=Q(gross_minor__gte=F("commission_minor") + F("tax_minor")), name="hold_part_fee_within_gross"),
            models.CheckConstraint(condition=Q(discount_minor__gte=0), name="hold_part_discount_not_negative"),
            models.CheckConstraint(condition=Q(coupon_minor=0) | ~Q(coupon_funder=""), name="hold_part_coupon_has_funder"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{gone}_{of}_minor__gte": 0, f"{left}_{of}_minor__gte": 0})
                    & Q(**{f"{of}_minor__gte": F(f"{gone}_{of}_minor") + F(f"{left}_{of}_minor")}),
                    name=f"hold_part_{of}_within",
                )
                for gone, left, of in [
                    *(("refunded", "released", source) for source in _SOURCES),
                    *(("charged", "waived", fee) for fee in ("commission", "tax")),
                ]
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"returned_{of}_minor__gte": 0, f"returned_{of}_minor__lte": F(f"{from_}_{of}_minor")}),
                    name=f"hold_part_{of}_returned_within",
                )
                for from_, of in [*(("released", source) for source in _SOURCES), ("charged", "commission"), ("charged", "tax")]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hold_id}:{self.line}"

    @property
    def left(self) -> Left:
        """What is still undecided of this part."""
        return Left(
            gross_minor=self.gross_minor,
            fee_minor=self.commission_minor + self.tax_minor,
            cash_minor=self.cash_minor - self.refunded_cash_minor - self.released_cash_minor,
            coupon_minor=self.coupon_minor - self.refunded_coupon_minor - self.released_coupon_minor,
            points_minor=self.points_minor - self.refunded_points_minor - self.released_points_minor,
            commission_minor=self.commission_minor - self.charged_commission_minor - self.waived_commission_minor,
            tax_minor=self.tax_minor - self.charged_tax_minor - self.waived_tax_minor,
        )

    @property
    def with_seller(self) -> Left:
        """What was paid to the seller of this part, fee included, and has not come back."""
        return Left(
            gross_minor=self.released_minor,
            fee_minor=self.charged_commission_minor + self.charged_tax_minor,
            cash_minor=self.released_cash_minor - self.returned_cash_minor,
            coupon_minor=self.released_coupon_minor - self.returned_coupon_minor,
            points_minor=self.released_points_minor - self.returned_points_minor,
            commission_minor=self.charged_commission_minor - self.returned_commission_minor,
            tax_minor=self.charged_tax_minor - self.returned_tax_minor,
        )

    @property
    def refunded_minor(self) -> int:
        """What went back, from all sources."""
        return self.refunded_cash_minor + self.refunded_coupon_minor + self.refunded_points_minor

    @property
    def returned_minor(self) -> int:
        """What came back from the seller's side after that, from all sources."""
        return self.returned_cash_minor + self.returned_coupon_minor + self.returned_points_minor

    @property
    def released_minor(self) -> int:
        """What went to the seller's side, commission included."""
        return self.released_cash_minor + self.released_coupon_minor + self.released_points_minor

    def add_refunded(self, piece: Piece) -> None:
        """Count a piece as given back; its commission is waived."""
        self.refunded_cash_minor += piece.cash_minor
        self.refunded_coupon_minor += piece.coupon_minor
        self.refunded_points_minor += piece.points_minor
        self.waived_commission_minor += piece.commission_minor
        self.waived_tax_minor += piece.tax_minor

    def add_released(self, piece: Piece) -> None:
        """Count a piece as paid to the seller; its commission is charged."""
        self.released_cash_minor += piece.cash_minor
        self.released_coupon_minor += piece.coupon_minor
        self.released_points_minor += piece.points_minor
        self.charged_commission_minor += piece.commission_minor
        self.charged_tax_minor += piece.tax_minor

    def add_returned(self, piece: Piece) -> None:
        """Count a piece as come back from the seller; its commission is given back too."""
        self.returned_cash_minor += piece.cash_minor
        self.returned_coupon_minor += piece.coupon_minor
        self.returned_points_minor += piece.points_minor
        self.returned_commission_minor += piece.commission_minor
        self.returned_tax_minor += piece.tax_minor


RETURNED = tuple(f"returned_{what}_minor" for what in (*_SOURCES, "commission", "tax"))
PROGRESS = tuple(f"{way}_{source}_minor" for way in ("refunded", "released") for source in _SOURCES) + tuple(
    f"{way}_{fee}_minor" for way in ("charged", "waived") for fee in ("commission", "tax")
)


AGREED = ("line", "gross_minor", "cash_minor", "coupon_minor", "coupon_funder", "points_minor", "commission_minor", "tax_minor")


def agreed_in(parts: Sequence[HoldPart]) -> str:
    """The fingerprint of what was agreed, kept in the event that opens the hold; the proof forms it again from the rows."""
    text = ",".join("|".join(str(getattr(part, column)) for column in AGREED) for part in parts)
    return f"terms:{hashlib.sha256(text.encode()).hexdigest()}"


class HoldEvent(models.Model):
    """Who moved a hold, when and why. Append-only."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="events", db_index=False)  # the index below begins with it
    name = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_reference = models.CharField(max_length=80, blank=True)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    amount_minor = models.BigIntegerField(default=0)
    reason = models.TextField(blank=True)
    entry = models.CharField(max_length=120, blank=True)  # the key of its ledger transfer

    class Meta:
        indexes = [models.Index(fields=["hold", "id"], name="hold_event_story")]

    def __str__(self) -> str:
        return f"{self.hold_id} {self.name}"

    @classmethod
    def about(cls, hold: Hold, name: str, *, actor: Actor, at: datetime, before: str, **facts: object) -> HoldEvent:
        """An unsaved event of this hold."""
        return cls(hold=hold, name=name, at=at, actor_kind=actor.kind, actor_reference=actor.reference, before=before, after=hold.state, **facts)


class Issue(Referenced):
    """The buyer says that something is wrong, or a parcel never arrived: the hold is frozen until the desk decides."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="issues")
    reason = models.CharField(max_length=20, choices=Reason)
    words = models.TextField(blank=True)
    automatic = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by_kind = models.CharField(max_length=12)
    opened_by = models.CharField(max_length=80, blank=True)
    resolved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decision = models.TextField(blank=True)
    decided_by_kind = models.CharField(max_length=12, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hold"], condition=Q(resolved_at__isnull=True), name="issue_one_open_per_hold"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, outcome="") | (Q(resolved_at__isnull=False) & ~Q(outcome="")), name="issue_resolved_has_outcome"
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Nobody has decided yet."""
        return self.resolved_at is None
