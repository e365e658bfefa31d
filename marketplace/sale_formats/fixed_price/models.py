from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from marketplace.catalog.listings.models import Variant
from marketplace.sale_formats.fixed_price.pricing import Break, PricePoint, PriceTable, Special

LARGEST_PRICE_MINOR = 10_000_000_000


def _special(price_minor: int | None, starts_at: object, ends_at: object) -> Special | None:
    return Special(price_minor, starts_at, ends_at) if price_minor is not None else None  # type: ignore[arg-type]


class Price(models.Model):
    """What one variant costs, in the minor units of its vendor's currency, tax included."""

    variant = models.OneToOneField(Variant, on_delete=models.CASCADE, related_name="price")
    price_minor = models.BigIntegerField()
    min_quantity = models.PositiveIntegerField(default=1)
    special_minor = models.BigIntegerField(null=True, blank=True)
    special_from = models.DateTimeField(null=True, blank=True)
    special_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="price_in_range", condition=Q(price_minor__gte=1, price_minor__lte=LARGEST_PRICE_MINOR)),
            models.CheckConstraint(name="price_min_quantity", condition=Q(min_quantity__gte=1)),
            models.CheckConstraint(
                name="price_special_is_lower",
                condition=Q(special_minor__isnull=True, special_from__isnull=True, special_until__isnull=True)
                | Q(special_minor__gte=1, special_minor__lt=F("price_minor"), special_from__isnull=False),
            ),
            models.CheckConstraint(name="price_special_ends_later", condition=Q(special_until__isnull=True) | Q(special_until__gt=F("special_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.price_minor} for {self.variant_id}"

    @property
    def special(self) -> Special | None:
        return _special(self.special_minor, self.special_from, self.special_until)

    @property
    def breaks(self) -> list[PriceBreak]:
        return sorted(self.variant.price_breaks.all(), key=lambda step: step.min_quantity)

    @property
    def table(self) -> PriceTable:
        steps = self.breaks
        breaks = tuple(Break(step.min_quantity, step.price_minor) for step in steps)
        return PriceTable(self.price_minor, self.min_quantity, self.special, breaks)


class PriceBreak(models.Model):
    """From this many on, each costs this."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="price_breaks")
    min_quantity = models.PositiveIntegerField()
    price_minor = models.BigIntegerField()

    class Meta:
        ordering = ["min_quantity"]
        constraints = [
            models.UniqueConstraint(fields=["variant", "min_quantity"], name="price_break_once"),
            models.CheckConstraint(name="price_break_of_many", condition=Q(min_quantity__gte=2)),
            models.CheckConstraint(name="price_break_in_range", condition=Q(price_minor__gte=1, price_minor__lte=LARGEST_PRICE_MINOR)),
        ]

    def __str__(self) -> str:
        return f"{self.min_quantity}+ at {self.price_minor}"


class PriceChange(models.Model):
    """Append-only: every price that was ever set, who set it and when."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="price_changes")
    at = models.DateTimeField()
    price_minor = models.BigIntegerField()
    special_minor = models.BigIntegerField(null=True)
    special_from = models.DateTimeField(null=True)
    special_until = models.DateTimeField(null=True)
    actor_kind = models.CharField(max_length=12)
    actor_reference = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["variant", "at"], name="price_history")]

    def __str__(self) -> str:
        return f"{self.price_minor} for {self.variant_id} from {self.at:%Y-%m-%d}"

    @property
    def point(self) -> PricePoint:
        return PricePoint(self.at, self.price_minor, _special(self.special_minor, self.special_from, self.special_until))
