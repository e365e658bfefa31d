"""Reads about vendors: the public page's, and the checklist of a new shop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import NotHere
from vendors.profiles.models import Vendor


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the checklist. `url_name` is the page where it is done, reversed with the shop's slug."""

    code: str
    done: bool
    required: bool
    sentence: str | Promise
    url_name: str
    fragment: str = ""


StepOf = Callable[[Vendor], Step]
_added: list[StepOf] = []


def add_step(step_of: StepOf) -> None:
    """Upper rooms (policies, delivery, payouts) put their own line on the checklist, at start-up."""
    if step_of not in _added:
        _added.append(step_of)


def public(slug: str) -> Vendor:
    """The vendor of a public page; drafts and closed shops are not there."""
    vendor = Vendor.objects.public().filter(slug=slug.lower()).select_related("policy").first()  # type: ignore[attr-defined]
    if vendor is None:
        raise NotHere
    return vendor  # type: ignore[no-any-return]


def onboarding(vendor: Vendor) -> list[Step]:
    """The checklist, required lines first in their order."""
    settings = "storefront:my_shop:settings"
    steps = [
        Step("about", len(vendor.about) >= 20, False, _("Say in two sentences what you sell"), settings, "#profile"),
        Step("place", bool(vendor.place), True, _("Say in which town your things are"), settings, "#profile"),
    ]
    if vendor.is_business:
        steps += [
            Step("legal_name", bool(vendor.legal_name), True, _("Write the legal name of the business"), settings, "#business"),
            Step("registration_number", bool(vendor.registration_number), True, _("Write the registration number"), settings, "#business"),
            Step("address", bool(vendor.address), True, _("Write the address of the business"), settings, "#business"),
        ]
    return [*steps, *(step_of(vendor) for step_of in _added)]
