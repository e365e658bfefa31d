"""Closed months."""

from __future__ import annotations

from django.db import models

from core.models import Referenced
from core.money import Money
from marketplace.statements.months import Month


class Statement(Referenced):
    """A month that is over: its sums, as they were when it was closed. `opening` and `closing` are what we owed the shop."""

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="statements")
    month = models.DateField()  # its first day
    currency = models.CharField(max_length=3)
    opening_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    commission_minor = models.BigIntegerField()  # with the tax on it; negative when more came back than was taken
    net_minor = models.BigIntegerField()
    paid_out_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    commission_invoice = models.OneToOneField("marketplace.Paper", on_delete=models.PROTECT, null=True, related_name="statement")
    closed_at = models.DateTimeField()

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "month"], name="statement_month_once"),
            models.CheckConstraint(
                condition=models.Q(closing_minor=models.F("opening_minor") + models.F("net_minor") - models.F("paid_out_minor")),
                name="statement_adds_up",
            ),
        ]

    @property
    def of_month(self) -> Month:
        return Month(self.month.year, self.month.month)

    @property
    def opening(self) -> Money:
        return Money(self.opening_minor, self.currency)

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)

    @property
    def commission(self) -> Money:
        return Money(self.commission_minor, self.currency)

    @property
    def paid_out(self) -> Money:
        return Money(self.paid_out_minor, self.currency)

    @property
    def closing(self) -> Money:
        return Money(self.closing_minor, self.currency)
