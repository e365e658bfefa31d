"""Reactions of this room."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from vendors.policies.models import Policy
from vendors.profiles.models import Vendor
from vendors.profiles.signals import vendor_opened


@receiver(vendor_opened, dispatch_uid="vendors.policies.begin")
def begin_policy_when_vendor_opened(sender: type[Vendor], vendor: Vendor, **kwargs: Any) -> None:
    """Every shop promises something from the first day: the defaults."""
    Policy.objects.get_or_create(vendor=vendor)
