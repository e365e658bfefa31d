"""A seller's shipping methods, and the parcels on their way."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Referenced
from core.money import Money
from marketplace.fulfilment.kinds.shipping.states import ShipmentState
from marketplace.fulfilment.rates import DeliveryRate


class ShippingMethodQuerySet(models.QuerySet["ShippingMethod"]):
    def open(self) -> "ShippingMethodQuerySet":
        return self.filter(is_active=True)


class ShippingMethod(Referenced):
    """One offer of a seller: where to, what it costs, how long it takes. Priced in the seller's currency."""

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.CASCADE, related_name="shipping_methods")
    name = models.CharField(max_length=80)
    carrier = models.CharField(max_length=20, default="sandbox")
    zones = models.JSONField(default=list)  # country codes, or "*"
    base_minor = models.BigIntegerField()
    each_more_minor = models.BigIntegerField(default=0)
    free_from_minor = models.BigIntegerField(null=True, blank=True)
    days_min = models.PositiveSmallIntegerField(default=1)
    days_max = models.PositiveSmallIntegerField(default=3)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = ShippingMethodQuerySet.as_manager()

    class Meta:
        ordering = ["position", "base_minor", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(base_minor__gte=0, each_more_minor__gte=0)
                & (models.Q(free_from_minor__isnull=True) | models.Q(free_from_minor__gte=0)),
                name="shippingmethod_not_negative",
            ),
            models.CheckConstraint(condition=models.Q(days_max__gte=models.F("days_min")), name="shippingmethod_days_ordered"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rate(self) -> DeliveryRate:
        return DeliveryRate(self.base_minor, self.each_more_minor, self.free_from_minor)

    @property
    def base(self) -> Money:
        return Money(self.base_minor, self.vendor.currency)

    @property
    def each_more(self) -> Money:
        return Money(self.each_more_minor, self.vendor.currency)

    @property
    def free_from(self) -> Money | None:
        return None if self.free_from_minor is None else Money(self.free_from_minor, self.vendor.currency)


class Shipment(Referenced):
    order = models.OneToOneField("marketplace.Order", on_delete=models.PROTECT, related_name="shipment")
    carrier = models.CharField(max_length=20)
    tracking_number = models.CharField(max_length=34)
    state = models.CharField(max_length=20, choices=ShipmentState, default=ShipmentState.PENDING)
    doubt = models.CharField(max_length=40, blank=True)  # a tracking check that failed: its code
    sent_at = models.DateTimeField()
    last_news_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "tracking_number"], name="shipment_number_unused")]

    @property
    def is_final(self) -> bool:
        return self.state in (ShipmentState.DELIVERED, ShipmentState.RETURN_TO_SENDER, ShipmentState.CANCELLED)


class TrackingEvent(models.Model):
    """The carrier's word, kept once however often it is repeated."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="events")
    carrier_event = models.CharField(max_length=80)
    state = models.CharField(max_length=20, choices=ShipmentState)
    words = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=120, blank=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-occurred_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["shipment", "carrier_event"], name="trackingevent_once")]
        verbose_name = _("tracking event")

    def __str__(self) -> str:
        return f"{self.state} {self.occurred_at:%Y-%m-%d %H:%M}"
