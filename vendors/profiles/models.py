"""The vendor table, and the rows by which django-guardian grants rights on it."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.parties.models import Party
from core.models import Referenced
from vendors.profiles.states import VendorState


class VendorKind(models.TextChoices):
    INDIVIDUAL = "individual", _("Private person")
    BUSINESS = "business", _("Business")


class VendorSet(models.QuerySet["Vendor"]):
    """Sets of vendors."""

    def active(self) -> Self:
        """Open for buyers."""
        return self.filter(state=VendorState.ACTIVE)

    def public(self) -> Self:
        """Those with a public page: open ones, and resting ones, which say that they rest."""
        return self.filter(state__in=[VendorState.ACTIVE, VendorState.PAUSED])


class Vendor(Referenced):
    """A seller. One currency for life: its listings inherit it. `party` is whom the ledger owes."""

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=VendorKind.choices)
    name = models.CharField(max_length=80)
    about = models.TextField(max_length=4000, blank=True)
    country = CountryField()
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=50, default="UTC")
    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="vendor")
    state = models.CharField(max_length=6, choices=VendorState.choices, default=VendorState.DRAFT)
    place = models.CharField(max_length=100, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    legal_name = models.CharField(max_length=160, blank=True)
    registration_number = models.CharField(max_length=60, blank=True)
    address = models.JSONField(null=True)  # accounts.addresses.rules.AddressData: where a business can be served
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    away_from = models.DateTimeField(null=True)  # the holiday, when one is planned: vendors.holidays
    away_until = models.DateTimeField(null=True)
    away_words = models.CharField(max_length=300, blank=True)
    away_sells = models.BooleanField(default=False)  # sells meanwhile, and ships when it is back; else the doors are closed

    objects: ClassVar[models.Manager[Vendor]] = VendorSet.as_manager()  # type: ignore[assignment]

    class Meta:
        permissions = [
            ("view_shop", "See the shop from inside"),
            ("edit_profile", "Change the shop's profile and policies"),
            ("manage_members", "Invite members and change their roles"),
            ("edit_listings", "Write and publish listings"),
            ("view_orders", "See the shop's orders"),
            ("fulfil_orders", "Pack, ship and hand over"),
            ("refund_orders", "Cancel and refund orders"),
            ("view_money", "See balances and statements"),
            ("manage_payouts", "Ask for payouts"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(slug=Lower("slug")), name="vendor_slug_lowercase"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="vendor_on_the_globe",
            ),
            models.CheckConstraint(
                condition=Q(away_from=None, away_until=None) | Q(away_from__lt=F("away_until")),
                name="vendor_holiday_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_business(self) -> bool:
        """A business, with a legal name and a registration."""
        return self.kind == VendorKind.BUSINESS

    @property
    def is_public(self) -> bool:
        """Has a page that anybody can open."""
        return self.state in (VendorState.ACTIVE, VendorState.PAUSED)

    @property
    def is_resting(self) -> bool:
        """Open to look at, closed to buy from: paused by hand or on holiday (`away_until` says until when)."""
        return self.state == VendorState.PAUSED

    def is_away_and_sells(self, at: datetime) -> bool:
        """On holiday with open doors: what is bought now leaves when it is back."""
        return bool(
            self.away_sells
            and self.is_public
            and not self.is_resting
            and self.away_from
            and self.away_until
            and self.away_from <= at < self.away_until
        )

    @property
    def last_day_away(self) -> date | None:
        """The last day of the holiday by the shop's clock."""
        return (self.away_until.astimezone(self.zone) - timedelta(microseconds=1)).date() if self.away_until else None

    @property
    def first_day_back(self) -> date | None:
        return self.away_until.astimezone(self.zone).date() if self.away_until else None

    @property
    def first_day_away(self) -> date | None:
        return self.away_from.astimezone(self.zone).date() if self.away_from else None

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Business days are counted in this zone."""
        return zoneinfo.ZoneInfo(self.time_zone)


class VendorUserObjectPermission(UserObjectPermissionBase):
    """Rights of one person on one vendor. Derived from Member.role, never written by hand."""

    content_object = models.ForeignKey(Vendor, on_delete=models.CASCADE)


class VendorGroupObjectPermission(GroupObjectPermissionBase):
    """Rights of a staff group on one vendor; for delegation by the desk."""

    content_object = models.ForeignKey(Vendor, on_delete=models.CASCADE)
