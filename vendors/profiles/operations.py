"""Open a shop, describe it, open its doors, let it rest."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.parties import operations as parties
from accounts.users import queries as users
from accounts.users.models import User
from core import audit, locks, money
from core.actors import Actor
from core.errors import Invalid, Kind, Refusal
from vendors.profiles import signals
from vendors.profiles.models import Vendor, VendorKind
from vendors.profiles.queries import onboarding
from vendors.profiles.states import FLOW

CURRENCIES = tuple(sorted(set(money.EXPONENTS) - {"PTS"}))
RESERVED_SLUGS = frozenset("open new listings orders payouts shipping members settings invitations shop shops sell admin souk".split())  # noqa: SIM905
LIMITS = {"name": 80, "about": 4000, "place": 100, "legal_name": 160, "registration_number": 60}
CHANGEABLE = (*LIMITS, "time_zone", "latitude", "longitude", "address")


class OnboardingUnfinished(Refusal):
    """A required step of the checklist is missing; `missing` holds their codes."""

    code = "onboarding_unfinished"
    kind = Kind.CONFLICT
    sentence = _("Your shop cannot do this yet. Still missing: {steps}")


@transaction.atomic
def open(*, owner: User, kind: str, name: str, country: str, currency: str, actor: Actor, at: datetime) -> Vendor:
    """Begin a shop, in draft, with its party. Its owner and its policy are added by the rooms that own those."""
    if kind not in VendorKind.values:
        raise Invalid("kind", _("Choose whether you sell as a private person or as a business."))
    if country not in countries:
        raise Invalid("country", _("Choose a country from the list."))
    if currency not in CURRENCIES:
        raise Invalid("currency", _("Choose a currency from the list."))
    title = _words("name", name, required=True)
    party = parties.of_new_vendor(label=title, at=at)
    vendor = Vendor(kind=kind, name=title, country=country, currency=currency, time_zone=owner.time_zone, party=party, created_at=at)
    _save_with_free_slug(vendor)
    _record(vendor, "opened", actor, at, after={"kind": kind, "name": title, "country": country, "currency": currency})
    signals.vendor_opened.send(sender=Vendor, vendor=vendor, owner=owner, at=at)
    return vendor


@transaction.atomic
def change(*, vendor: Vendor, actor: Actor, at: datetime, **fields: Any) -> Vendor:
    """Change what is given (see CHANGEABLE). An open shop cannot lose what the checklist requires."""
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"A vendor has no changeable {', '.join(sorted(unknown))}.")
    shop = _locked(vendor)
    before = {name: _plain(getattr(shop, name)) for name in fields}
    for name, value in fields.items():
        setattr(shop, name, _checked(name, value))
    if (shop.latitude is None) != (shop.longitude is None):
        raise Invalid("latitude", _("Give both the latitude and the longitude, or neither."))
    if shop.is_public:
        _require_finished(shop)
    after = {name: _plain(getattr(shop, name)) for name in fields}
    if after != before:
        shop.save(update_fields=list(fields))
        if shop.party.label != shop.name:
            shop.party.label = shop.name
            shop.party.save(update_fields=["label"])
        _record(shop, "changed", actor, at, before=before, after=after)
        signals.vendor_changed.send(sender=Vendor, vendor=shop, at=at)
    return shop


@transaction.atomic
def activate(*, vendor: Vendor, actor: Actor, at: datetime) -> Vendor:
    """Open the doors, once everything required is there."""
    shop = _locked(vendor)
    target = FLOW.target(shop.state, "activate")
    _require_finished(shop)
    shop.opened_at = at
    return _move(shop, "activated", target, actor, at)


@transaction.atomic
def pause(*, vendor: Vendor, actor: Actor, at: datetime, reason: str = "") -> Vendor:
    """Holiday: the page stays, nothing can be bought; running orders go on."""
    shop = _locked(vendor)
    return _move(shop, "paused", FLOW.target(shop.state, "pause"), actor, at, reason)


@transaction.atomic
def resume(*, vendor: Vendor, actor: Actor, at: datetime) -> Vendor:
    """Open the doors again."""
    shop = _locked(vendor)
    target = FLOW.target(shop.state, "resume")
    _require_finished(shop)
    return _move(shop, "resumed", target, actor, at)


def _move(shop: Vendor, event: str, target: str, actor: Actor, at: datetime, reason: str = "") -> Vendor:
    before, shop.state = shop.state, target
    shop.save(update_fields=["state", "opened_at"])
    _record(shop, event, actor, at, reason=reason, before={"state": before}, after={"state": target})
    announced = signals.vendor_paused if event == "paused" else signals.vendor_activated
    announced.send(sender=Vendor, vendor=shop, at=at)
    return shop


def _locked(vendor: Vendor) -> Vendor:
    return locks.rows(Vendor.objects.filter(pk=vendor.pk).select_related("party"))[0]


def _require_finished(shop: Vendor) -> None:
    missing = [step for step in onboarding(shop) if step.required and not step.done]
    if missing:
        names = "; ".join(str(step.sentence) for step in missing)
        raise OnboardingUnfinished(field=missing[0].code, steps=names, missing=[step.code for step in missing])


def _save_with_free_slug(vendor: Vendor) -> None:
    """The name as a word for the address; a number or the reference is added while it is taken."""
    word = slugify(vendor.name)[:40].strip("-")
    tries = [word, *(f"{word}-{number}" for number in range(2, 6))] if word and word not in RESERVED_SLUGS else []
    for slug in (*tries, f"{word or 'shop'}-{vendor.reference.lower()}"):
        vendor.slug = slug
        if Vendor.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                vendor.save()
        except IntegrityError:
            continue  # a twin took the word between the look and the write
        return
    raise AssertionError("A random reference was taken twice.")


def _checked(name: str, value: Any) -> Any:
    if name in LIMITS:
        return _words(name, value or "", required=name == "name")
    if name == "time_zone" and value not in users.known_zones():
        raise Invalid("time_zone", _("Choose a time zone from the list, such as Europe/Berlin."))
    if name in ("latitude", "longitude") and value is not None:
        reach = 90 if name == "latitude" else 180
        degrees = Decimal(str(value))
        if not degrees.is_finite() or abs(degrees) > reach:
            raise Invalid(name, _("Use degrees between −{reach} and {reach}."), reach=reach)
        return round(degrees, 5)
    return value


def _words(name: str, value: str, *, required: bool = False) -> str:
    lines = [" ".join(line.split()) for line in value.splitlines()]
    tidy = "\n".join(lines).strip() if name == "about" else " ".join(lines).strip()
    if required and not tidy:
        raise Invalid(name, _("Give the shop a name."))
    if len(tidy) > LIMITS[name]:
        raise Invalid(name, _("Use at most {limit} characters."), limit=LIMITS[name])
    if not tidy.replace("\n", "").isprintable():
        raise Invalid(name, _("Use letters, digits and ordinary signs only."))
    return tidy


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _record(vendor: Vendor, name: str, actor: Actor, at: datetime, **details: Any) -> None:
    audit.record(kind="vendor", reference=vendor.reference, name=name, actor=actor, at=at, **details)
