from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.models import Referenced
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings.states import ON_SHOW, ListingState

LARGEST_STOCK = 1_000_000


class Condition(models.TextChoices):
    NEW = "new", _("New")
    LIKE_NEW = "like_new", _("Like new")
    VERY_GOOD = "very_good", _("Very good")
    GOOD = "good", _("Good")
    FAIR = "fair", _("Fair")
    FOR_PARTS = "for_parts", _("For parts")


class HandOver(models.TextChoices):
    PARCEL = "parcel", _("By parcel")
    PICKUP = "pickup", _("Picked up in person")


def address_of(reference: str, title: str) -> str:
    """The path of a listing's page."""
    return f"/listing/{reference}/{slugify(title, allow_unicode=True)[:60] or 'thing'}/"


def label_of(options: dict[str, str]) -> str:
    """ "M, blue": the chosen options in a line."""
    return ", ".join(options.values())


class ListingQuerySet(models.QuerySet["Listing"]):
    def on_show(self) -> ListingQuerySet:
        """What a stranger may open: published or sold out, in a shop that is open or resting."""
        return self.filter(state__in=ON_SHOW, vendor__state__in=["active", "paused"])

    def for_sale(self) -> ListingQuerySet:
        return self.filter(state=ListingState.PUBLISHED, vendor__state="active")

    def of(self, vendor_id: int) -> ListingQuerySet:
        return self.filter(vendor_id=vendor_id)

    def with_something_available(self) -> ListingQuerySet:
        left = Variant.objects.offered().filter(listing=OuterRef("pk"), on_hand__gt=F("reserved"))
        return self.filter(Exists(left))


class Listing(Referenced):
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="listings")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="listings")
    title = models.CharField(max_length=120, blank=True, default="")
    description = models.TextField(max_length=8000, blank=True, default="")
    language = models.CharField(max_length=12, default="en")
    condition = models.CharField(max_length=12, choices=Condition.choices, blank=True, default="")
    attributes = models.JSONField(default=dict, blank=True)
    hand_overs = models.JSONField(default=list, blank=True)
    place = models.CharField(max_length=80, blank=True, default="")
    table_group = models.CharField(max_length=60, blank=True, default="")  # what the seller's own tables call all its variants together
    payment_terms = models.JSONField(default=dict, blank=True)  # how it may be paid in parts; empty: only at once
    sale_format = models.CharField(max_length=20, default="fixed_price")
    state = models.CharField(max_length=10, choices=ListingState.choices, default=ListingState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [
            models.Index(fields=["vendor", "state", "-changed_at"], name="listing_of_vendor"),
            models.Index(fields=["state", "-published_at"], name="listing_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="listing_shown_is_whole",
                condition=Q(state__in=[ListingState.DRAFT, ListingState.REMOVED])
                | (Q(category__isnull=False, published_at__isnull=False) & ~Q(title="") & ~Q(condition="") & ~Q(hand_overs=[])),
            ),
            models.CheckConstraint(name="listing_state_known", condition=Q(state__in=ListingState.values)),
            models.UniqueConstraint(
                name="listing_table_group_once",
                fields=["vendor", "table_group"],
                condition=~Q(table_group="") & ~Q(state=ListingState.REMOVED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def href(self) -> str:
        return address_of(self.reference, self.title)

    @property
    def is_draft(self) -> bool:
        return self.state == ListingState.DRAFT

    @property
    def was_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_for_sale(self) -> bool:
        return self.state == ListingState.PUBLISHED and self.vendor.state == "active"


class VariantQuerySet(models.QuerySet["Variant"]):
    def offered(self) -> VariantQuerySet:
        return self.filter(retired_at__isnull=True)


class Variant(Referenced):
    """One thing to choose and count: a size, a colour, or simply the thing itself (no options)."""

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField(max_length=60, blank=True, default="")
    options = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    low_at = models.PositiveIntegerField(null=True, blank=True)  # its own threshold; else the shop's (catalog.stock.StockAlarm)
    low_since = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = VariantQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["sku"], condition=~Q(sku=""), name="variant_sku")]
        constraints = [
            models.CheckConstraint(name="variant_reserved_within_stock", condition=Q(reserved__gte=0, reserved__lte=F("on_hand"))),
            models.CheckConstraint(name="variant_stock_in_range", condition=Q(on_hand__lte=LARGEST_STOCK)),
            models.UniqueConstraint(name="variant_options_once", fields=["listing", "options"], condition=Q(retired_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.label}"

    @property
    def available(self) -> int:
        return 0 if self.retired_at else self.on_hand - self.reserved

    @property
    def label(self) -> str:
        return label_of(self.options)


class ListingVersion(models.Model):
    """What the public saw, numbered as the listing was. The database refuses to change or delete one."""

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    body = models.JSONField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["listing", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.listing_id} v{self.number}"
