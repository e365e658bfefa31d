"""The address book."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_countries.fields import CountryField

from accounts.addresses.rules import LIMITS, AddressData, lines
from core.models import Referenced


class Address(Referenced):
    """One address of one person; at most one of them is the default."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses")
    name = models.CharField(max_length=LIMITS["name"])
    street = models.CharField(max_length=LIMITS["street"], blank=True)
    district = models.CharField(max_length=LIMITS["district"], blank=True)
    city = models.CharField(max_length=LIMITS["city"], blank=True)
    region = models.CharField(max_length=LIMITS["region"], blank=True)
    postcode = models.CharField(max_length=LIMITS["postcode"], blank=True)
    country = CountryField()
    phone = models.CharField(max_length=LIMITS["phone"], blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-is_default", "-id"]
        verbose_name_plural = "addresses"
        constraints = [models.UniqueConstraint("user", condition=Q(is_default=True), name="address_one_default")]

    @property
    def data(self) -> AddressData:
        """The words alone, for rules, forms and snapshots."""
        return AddressData(
            name=self.name,
            street=self.street,
            district=self.district,
            city=self.city,
            region=self.region,
            postcode=self.postcode,
            country=str(self.country),
            phone=self.phone,
        )

    @property
    def lines(self) -> list[str]:
        """As its country writes it."""
        return lines(self.data)
