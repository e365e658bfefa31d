"""Commission plans: which rate applies to whom and to what."""

from django.db import models

from escrow.fees.commission import WHOLE_BP


class CommissionPlan(models.Model):
    """A rate for everyone, for one category, for one seller, or for one seller in one category. The narrowest wins."""

    code = models.SlugField(max_length=40, unique=True)
    rate_bp = models.PositiveIntegerField()
    party = models.CharField(max_length=12, blank=True, default="", db_default="")
    category_slug = models.CharField(max_length=80, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(rate_bp__lte=WHOLE_BP), name="commission_rate_at_most_whole"),
            models.UniqueConstraint(fields=("party", "category_slug"), name="one_commission_plan_for_one_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.rate_bp / 100:g} %"
