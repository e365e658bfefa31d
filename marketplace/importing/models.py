from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Referenced
from marketplace.catalog.listings.models import Listing
from marketplace.importing.states import ImportState, PictureState
from marketplace.importing.wishes import LONGEST_ADDRESS


class ImportQuerySet(models.QuerySet["Import"]):
    def running(self) -> ImportQuerySet:
        return self.filter(state=ImportState.RUNNING)

    def silent_since(self, moment: datetime) -> ImportQuerySet:
        """Running ones whose worker has not been heard of."""
        return self.running().filter(touched_at__lt=moment)


class Import(Referenced):
    """One table on its way in. `rows_done` moves together with what those rows wrote: it is where a killed run goes on."""

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="imports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    file_name = models.CharField(max_length=120)
    file = models.CharField(max_length=200, blank=True, default="")  # in the private storage; empty when a command reads its own file
    digest = models.CharField(max_length=64)
    form = models.JSONField(default=dict)
    columns = models.JSONField(default=list)  # (column, field) pairs: the table's order is not the order that jsonb gives to keys
    terms = models.JSONField(default=dict)
    language = models.CharField(max_length=12, default="en")
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["vendor"], condition=Q(state=ImportState.RUNNING), name="import_one_at_a_time"),
            models.CheckConstraint(name="import_state_known", condition=Q(state__in=ImportState.values)),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.file_name}"

    @property
    def mapping(self) -> dict[str, str]:
        """Column → field, in the table's order."""
        return dict(self.columns)

    @property
    def is_open(self) -> bool:
        return self.state in (ImportState.UPLOADED, ImportState.RUNNING)

    @property
    def percent(self) -> int:
        return min(100, self.rows_done * 100 // self.rows_total) if self.rows_total else 0

    @property
    def took(self) -> timedelta | None:
        return self.ended_at - self.started_at if self.ended_at and self.started_at else None


class ImportProblem(models.Model):
    """A row that stayed out, or a remark about one that went in."""

    class Kind(models.TextChoices):
        ERROR = "error", _("Not taken in")
        NOTE = "note", _("Note")

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    line = models.PositiveIntegerField()
    sku = models.CharField(max_length=60, blank=True, default="")
    field = models.CharField(max_length=60, blank=True, default="")
    code = models.CharField(max_length=40)
    sentence = models.CharField(max_length=400)

    class Meta:
        ordering = ["line", "pk"]

    def __str__(self) -> str:
        return f"{self.line}: {self.sentence}"


class ImportPicture(models.Model):
    """An address in a table, and whether its picture came. Once per listing: a table read again fetches nothing again."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pictures")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="import_pictures")
    address = models.CharField(max_length=LONGEST_ADDRESS)
    host = models.CharField(max_length=255)
    line = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=PictureState.choices, default=PictureState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    why = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["due_at"], condition=Q(state=PictureState.WAITING), name="import_pictures_due")]
        constraints = [models.UniqueConstraint(fields=["listing", "address"], name="import_picture_once")]

    def __str__(self) -> str:
        return self.address
