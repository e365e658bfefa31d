"""Change what a shop promises."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, locks
from core.actors import Actor
from core.errors import Invalid
from vendors.policies.models import HANDLING_DAYS, HIGHEST_TAX_BP, RETURNS_DAYS, Policy, ReturnsPaidBy
from vendors.profiles.models import Vendor
from vendors.profiles.signals import vendor_changed

FIELDS = ("handling_days", "returns_days", "returns_paid_by", "tax_bp", "text")


@transaction.atomic
def change(
    *,
    vendor: Vendor,
    handling_days: int,
    returns_days: int,
    returns_paid_by: str,
    actor: Actor,
    at: datetime,
    tax_bp: int = 0,
    text: str = "",
) -> Policy:
    """Say it all anew. Orders placed before keep the old promise."""
    low, high = HANDLING_DAYS
    if not low <= handling_days <= high:
        raise Invalid("handling_days", _("Choose between {low} and {high} working days."), low=low, high=high)
    if returns_days not in RETURNS_DAYS:
        raise Invalid("returns_days", _("Choose 0, 14 or 30 days."))
    if returns_paid_by not in ReturnsPaidBy.values:
        raise Invalid("returns_paid_by", _("Choose who pays for the way back."))
    if not 0 <= tax_bp <= HIGHEST_TAX_BP:
        raise Invalid("tax_bp", _("Enter a rate from 0 to {most} percent."), most=HIGHEST_TAX_BP // 100)
    if tax_bp and not vendor.is_business:
        raise Invalid("tax_bp", _("Only a business states a rate of tax. Leave it at 0."))
    words = text.replace("\r\n", "\n").strip()
    if len(words) > 4000 or not words.replace("\n", "").replace("\t", "").isprintable():
        raise Invalid("text", _("Use at most 4000 characters, and ordinary signs only."))
    shop = locks.rows(Vendor.objects.filter(pk=vendor.pk))[0]
    policy, _made = Policy.objects.get_or_create(vendor=shop)
    before = {name: getattr(policy, name) for name in FIELDS}
    after = {"handling_days": handling_days, "returns_days": returns_days, "returns_paid_by": returns_paid_by, "tax_bp": tax_bp, "text": words}
    for name, value in after.items():
        setattr(policy, name, value)
    policy.changed_at = at
    policy.save()
    vendor.policy = policy  # the caller's own copy must not remember the old promise
    if after != before:
        audit.record(kind="vendor", reference=shop.reference, name="policy_changed", actor=actor, at=at, before=before, after=after)
        vendor_changed.send(sender=Vendor, vendor=shop, at=at)
    return policy
