"""What a shop promises."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vendors.policies.models import Policy
from vendors.profiles.models import Vendor
from vendors.profiles.queries import Step


def of(vendor: Vendor) -> Policy:
    """The promise of a shop; the defaults where it has not said anything."""
    return vendor.policy if hasattr(vendor, "policy") else Policy(vendor=vendor)


def policy_step(vendor: Vendor) -> Step:
    """The checklist's line about promises."""
    done = of(vendor).changed_at is not None
    return Step("policies", done, False, _("Say how fast you ship and what may come back"), "storefront:my_shop:settings", "#policy")
