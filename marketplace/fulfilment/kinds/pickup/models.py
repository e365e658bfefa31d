"""Where things are picked up, and the hand-over of one order."""

from datetime import datetime

from django.conf import settings
from django.db import models

from core.models import Referenced
from marketplace.fulfilment.kinds.pickup import code


class PickupPlaceQuerySet(models.QuerySet["PickupPlace"]):
    def open(self) -> "PickupPlaceQuerySet":
        return self.filter(is_active=True)


class PickupPlace(Referenced):
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.CASCADE, related_name="pickup_places")
    name = models.CharField(max_length=80)
    street = models.CharField(max_length=120)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2)
    hours = models.CharField(max_length=160, blank=True)
    directions = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)

    objects = PickupPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def snapshot(self) -> dict[str, str]:
        """What the order keeps of the place. The street is shown to the buyer only once the order is paid."""
        kept = ("reference", "name", "street", "postcode", "city", "region", "country", "hours", "directions")
        return {name: getattr(self, name) for name in kept}


class Pickup(Referenced):
    """The code's digest only: the code itself is derived again for the buyer, and never stored."""

    order = models.OneToOneField("marketplace.Order", on_delete=models.PROTECT, related_name="pickup")
    generation = models.PositiveSmallIntegerField(default=1)
    code_hash = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    buyer_confirmed_at = models.DateTimeField(null=True)
    seller_confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(attempts__lte=code.ATTEMPTS), name="pickup_attempts_bounded")]

    @property
    def code(self) -> str:
        """The code in clear, for the buyer's eyes only: derived each time, never stored."""
        return code.derive(secret=settings.SECRET_KEY, pickup=self.reference, generation=self.generation)

    @property
    def is_blocked(self) -> bool:
        return self.attempts >= code.ATTEMPTS and self.handed_over_at is None

    @property
    def attempts_left(self) -> int:
        return max(0, code.ATTEMPTS - self.attempts)

    @property
    def handed_over_at(self) -> datetime | None:
        return self.seller_confirmed_at if self.buyer_confirmed_at else None
