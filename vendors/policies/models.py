"""One policy per vendor."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vendors.profiles.models import Vendor


class ReturnsPaidBy(models.TextChoices):
    BUYER = "buyer", _("The buyer")
    SELLER = "seller", _("The seller")


RETURNS_DAYS = (0, 14, 30)
HANDLING_DAYS = (1, 10)


class Policy(models.Model):
    """`handling_days` are business days until the parcel leaves; `returns_days` 0 means no returns for change of mind."""

    vendor = models.OneToOneField(Vendor, on_delete=models.CASCADE, related_name="policy")
    handling_days = models.PositiveSmallIntegerField(default=2)
    returns_days = models.PositiveSmallIntegerField(default=0)
    returns_paid_by = models.CharField(max_length=6, choices=ReturnsPaidBy.choices, default=ReturnsPaidBy.BUYER)
    text = models.TextField(max_length=4000, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(condition=Q(handling_days__range=HANDLING_DAYS), name="policy_handling_in_range"),
            models.CheckConstraint(condition=Q(returns_days__in=RETURNS_DAYS), name="policy_returns_known"),
        ]

    def __str__(self) -> str:
        return f"policy of {self.vendor_id}"
