"""Reactions of this room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.users.models import User
from vendors.members import operations as members
from vendors.profiles.models import Vendor
from vendors.profiles.signals import vendor_opened


@receiver(vendor_opened, dispatch_uid="vendors.members.admit_owner")
def admit_owner_when_vendor_opened(sender: type[Vendor], vendor: Vendor, owner: User, at: datetime, **kwargs: Any) -> None:
    """Whoever opens a shop owns it."""
    members.admit_owner(vendor=vendor, user=owner, at=at)
