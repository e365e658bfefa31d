"""Orders, what was sold in them, and their timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Referenced, ReferenceField
from core.money import Money
from escrow.payments.states import PaymentState
from marketplace.catalog.listings.models import Condition
from marketplace.catalog.pictures import Picture
from marketplace.orders import numbers
from marketplace.orders.states import BEFORE_HAND_OVER, ENDED, UNDER_WAY, UNPAID, OrderState

if TYPE_CHECKING:
    from accounts.models import User
    from vendors.models import Vendor


class HandOver(models.TextChoices):
    PARCEL = "parcel", _("Delivery")
    PICKUP = "pickup", _("Pick up")


class OrderQuerySet(models.QuerySet["Order"]):
    def bought_by(self, user: User) -> OrderQuerySet:
        return self.filter(user=user)

    def sold_by(self, vendor: Vendor) -> OrderQuerySet:
        return self.filter(vendor=vendor)

    def paid_for(self) -> OrderQuerySet:
        """Sellers see an order only once the money is there."""
        return self.exclude(state__in=UNPAID)

    def supplied(self) -> OrderQuerySet:
        """What left its seller, one way or the other."""
        return self.filter(models.Q(shipped_at__isnull=False) | models.Q(delivered_at__isnull=False) | models.Q(state=OrderState.COMPLETED))

    def to_hand_over(self) -> OrderQuerySet:
        return self.filter(state__in=BEFORE_HAND_OVER)

    def with_everything(self) -> OrderQuerySet:
        """What every page and answer about an order needs, in two queries."""
        lines = models.Prefetch("lines", OrderLine.objects.select_related("variant__listing"))
        return self.select_related("vendor", "hold", "hold__payment", "user", "shipment", "pickup").prefetch_related(lines)


class Order(Referenced):
    trade = models.CharField(max_length=12, db_index=True)  # the lock that order, payment and hold share
    checkout = models.CharField(max_length=12, db_index=True)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="orders", db_index=False)  # the index below begins with it
    hold = models.OneToOneField("escrow.Hold", on_delete=models.PROTECT, related_name="order")
    plan = models.OneToOneField("escrow.Plan", on_delete=models.PROTECT, null=True, related_name="order")  # paid in parts: `hold` is the first
    buyer_party = models.CharField(max_length=12, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="orders", db_index=False
    )  # the index below begins with it
    guest_key_hash = models.CharField(max_length=64, blank=True)
    buyer_name = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=20, choices=OrderState, default=OrderState.AWAITING_PAYMENT)
    state_before_issue = models.CharField(max_length=20, blank=True)
    hand_over = models.CharField(max_length=12, choices=HandOver)
    delivery = models.JSONField(default=dict)  # the chosen way, as it was offered
    address = models.JSONField(null=True)
    currency = models.CharField(max_length=3)
    goods_minor = models.BigIntegerField()
    delivery_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    placed_at = models.DateTimeField(db_index=True)
    paid_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancel_due_at = models.DateTimeField(null=True)  # the buyer asks to cancel what is packed; silence agrees then

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["vendor", "state", "-id"], name="order_vendor_state"),
            models.Index(fields=["user", "-id"], name="order_user"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=OrderState.values), name="order_state_known"),
            models.CheckConstraint(
                condition=models.Q(total_minor=models.F("goods_minor") + models.F("delivery_minor"), goods_minor__gte=0, delivery_minor__gte=0),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(condition=models.Q(user__isnull=False) | ~models.Q(guest_key_hash=""), name="order_user_or_guest_key"),
            models.CheckConstraint(condition=models.Q(hand_over=HandOver.PICKUP) | models.Q(address__isnull=False), name="order_parcel_address"),
            models.CheckConstraint(
                condition=models.Q(cancel_due_at__isnull=True) | models.Q(state=OrderState.PACKED), name="order_asked_to_cancel_while_packed"
            ),
        ]

    @property
    def number(self) -> str:
        return numbers.number_of(self.pk)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def goods(self) -> Money:
        return Money(self.goods_minor, self.currency)

    @property
    def delivery_price(self) -> Money:
        return Money(self.delivery_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)

    @property
    def is_guest(self) -> bool:
        return self.user_id is None

    @property
    def is_pickup(self) -> bool:
        return self.hand_over == HandOver.PICKUP

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_sellers_business(self) -> bool:
        return self.state not in UNPAID

    @property
    def is_before_hand_over(self) -> bool:
        return self.state in BEFORE_HAND_OVER

    @property
    def was_supplied(self) -> bool:
        """Whether the goods ever left the seller."""
        return self.shipped_at is not None or self.delivered_at is not None or self.state == OrderState.COMPLETED

    @property
    def is_withdrawn(self) -> bool:
        """The buyer said that they would not pay, instead of letting the time run out."""
        return bool(self.hold.payment.state == PaymentState.CANCELLED)

    @property
    def pieces_left(self) -> int:
        """How many things are to be delivered; reads the lines."""
        return sum(line.left for line in self.lines.all())

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED


class OrderLine(models.Model):
    """What was sold, as it was: title, options, price and the listing's version never change again. Only `cancelled` may grow."""

    reference = ReferenceField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)  # the index below begins with it
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey("marketplace.Variant", on_delete=models.PROTECT, related_name="+")
    listing_version = models.ForeignKey("marketplace.ListingVersion", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    content_language = models.CharField(max_length=12)
    options = models.JSONField(default=dict)
    condition = models.CharField(max_length=20, blank=True)
    picture = models.JSONField(default=dict)  # what the catalogue keeps of a picture
    quantity = models.PositiveIntegerField()
    unit_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    tax_bp = models.PositiveIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    commission_minor = models.BigIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)  # so many the seller could not deliver

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="orderline_position"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, unit_minor__gte=0, total_minor=models.F("quantity") * models.F("unit_minor")),
                name="orderline_total_adds_up",
            ),
            models.CheckConstraint(condition=models.Q(cancelled__lte=models.F("quantity")), name="orderline_cancels_what_was_sold"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def left(self) -> int:
        """How many of it are to be delivered."""
        return self.quantity - self.cancelled

    @property
    def photo(self) -> Picture | None:
        """The picture as it was shown."""
        return Picture.of(self.picture) if self.picture else None

    @property
    def choice(self) -> str:
        """ "M, blue": the chosen options in a line."""
        return ", ".join(self.options.values())

    @property
    def unit(self) -> Money:
        return Money(self.unit_minor, self.order.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.order.currency)

    @property
    def condition_words(self) -> str:
        return str(Condition(self.condition).label) if self.condition in Condition.values else ""


class OrderEvent(models.Model):
    """One line of the timeline: what happened, when, and who did it. Append-only; the database refuses changes."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events", db_index=False)  # the index below begins with it
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_reference = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict)  # amounts, reasons, tracking numbers: what the sentence needs

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["order", "id"], name="orderevent_order")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"
