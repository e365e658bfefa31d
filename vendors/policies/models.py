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
HIGHEST_TAX_BP = 4_000


class Policy(models.Model):
    """`handling_days` are business days until the parcel leaves; `returns_days` 0 means no returns for change of mind.

    `tax_bp` is the rate of tax that a business says its prices contain, in basis points (1900 is 19 %). Souk never decides who owes what.
    """

    vendor = models.OneToOneField(Vendor, on_delete=models.CASCADE, related_name="policy")
    handling_days = models.PositiveSmallIntegerField(default=2)
    returns_days = models.PositiveSmallIntegerField(default=0)
    returns_paid_by = models.CharField(max_length=6, choices=ReturnsPaidBy.choices, default=ReturnsPaidBy.BUYER)
    tax_bp = models.PositiveSmallIntegerField(default=0, db_default=0)
    text = models.TextField(max_length=4000, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(condition=Q(handling_days__range=HANDLING_DAYS), name="policy_handling_in_range"),
            models.CheckConstraint(condition=Q(returns_days__in=RETURNS_DAYS), name="policy_returns_known"),
            models.CheckConstraint(condition=Q(tax_bp__lte=HIGHEST_TAX_BP), name="policy_tax_in_range"),
        ]

    def __str__(self) -> str:
        return f"policy of {self.vendor_id}"
