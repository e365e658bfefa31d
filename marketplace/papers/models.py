"""What was issued, word by word. The database refuses to change or remove it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Referenced
from core.money import Money


class PaperKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    COMMISSION = "commission", _("Commission invoice")


PREFIXES = {PaperKind.INVOICE: "R", PaperKind.CREDIT_NOTE: "G", PaperKind.COMMISSION: "C"}


class PaperSeries(models.Model):
    """The last number of one issuer, kind and year. Its row is locked until the paper commits, so that a number is never lost."""

    issuer = models.CharField(max_length=12)  # a party's key
    kind = models.CharField(max_length=12, choices=PaperKind)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "kind", "year"], name="paperseries_once")]

    def __str__(self) -> str:
        return f"{self.issuer} {self.kind} {self.year}: {self.last}"


class Paper(Referenced):
    """An invoice or what corrects it. `body` holds every word and amount of it (see `bodies`); `key` is the fact that it was written for."""

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=PaperKind)
    issuer = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="papers")
    order = models.ForeignKey("marketplace.Order", on_delete=models.PROTECT, null=True, related_name="papers")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    language = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    issued_at = models.DateTimeField()
    body = models.JSONField()

    class Meta:
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["vendor", "-issued_at"], name="paper_vendor")]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "kind", "year", "number"], name="paper_number_once"),
            models.CheckConstraint(condition=Q(total_minor__gt=0, tax_minor__gte=0, number__gte=1), name="paper_amounts"),
            models.CheckConstraint(
                condition=(Q(kind=PaperKind.CREDIT_NOTE) & Q(corrects__isnull=False)) | (~Q(kind=PaperKind.CREDIT_NOTE) & Q(corrects__isnull=True)),
                name="paper_only_credit_notes_correct",
            ),
            models.CheckConstraint(condition=Q(kind=PaperKind.COMMISSION) | Q(order__isnull=False), name="paper_of_an_order"),
        ]

    @property
    def label(self) -> str:
        """The number as people write it: R-2026-00017."""
        return label_of(self.kind, self.year, self.number)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)


def label_of(kind: str, year: int, number: int) -> str:
    return f"{PREFIXES[PaperKind(kind)]}-{year}-{number:05d}"
