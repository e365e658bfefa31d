"""Pickup's verbs: places, readiness, and the code that proves a hand-over."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core import audit, locks, references
from core.actors import Actor
from core.errors import Invalid, Kind, Refusal
from marketplace.fulfilment import steps
from marketplace.fulfilment.kinds.pickup import code as codes
from marketplace.fulfilment.kinds.pickup.models import Pickup, PickupPlace
from marketplace.orders.models import HandOver, Order
from vendors.models import Vendor

MOST_PLACES = 20
MOST_GENERATIONS = 20


class WrongCode(Refusal):
    """The code is not this order's."""

    code = "wrong_code"
    kind = Kind.UNPROCESSABLE
    sentence = _("This is not the code of this order. Attempts left: {left}.")


class CodeBlocked(Refusal):
    """Too many wrong codes: only the buyer can open it again, with a new one."""

    code = "code_blocked"
    kind = Kind.CONFLICT
    sentence = _("Too many wrong codes. Ask the buyer to make a new one on the order page.")


class TooManyPlaces(Refusal):
    """More places than anybody can keep."""

    code = "too_many_places"
    kind = Kind.CONFLICT
    sentence = _("A shop has at most {most} pickup places. Remove one first.")


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    name: str
    street: str
    city: str
    country: str
    postcode: str = ""
    region: str = ""
    hours: str = ""
    directions: str = ""


# ── places ────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_place(*, vendor: Vendor, draft: PlaceDraft, actor: Actor, at: datetime) -> PickupPlace:
    _check_place(draft)
    if PickupPlace.objects.open().filter(vendor=vendor).count() >= MOST_PLACES:
        raise TooManyPlaces(most=MOST_PLACES)
    place = PickupPlace.objects.create(vendor=vendor, **asdict(draft))
    audit.record(kind="pickup_place", reference=place.reference, name="add", actor=actor, at=at, after=asdict(draft))
    return place


@transaction.atomic
def change_place(*, place: PickupPlace, draft: PlaceDraft, actor: Actor, at: datetime) -> PickupPlace:
    _check_place(draft)
    place = locks.rows(PickupPlace.objects.filter(pk=place.pk))[0]
    for name, value in asdict(draft).items():
        setattr(place, name, value)
    place.save()
    audit.record(kind="pickup_place", reference=place.reference, name="change", actor=actor, at=at, after=asdict(draft))
    return place


@transaction.atomic
def remove_place(*, place: PickupPlace, actor: Actor, at: datetime) -> None:
    PickupPlace.objects.filter(pk=place.pk).update(is_active=False)
    audit.record(kind="pickup_place", reference=place.reference, name="remove", actor=actor, at=at)


# ── one hand-over ─────────────────────────────────────────────────────────────────────────────────
def prepare(*, order: Order) -> Pickup:
    """Paid: from now on the buyer has a code."""
    pickup = Pickup(reference=references.new(), order=order)
    pickup.code_hash = codes.digest(code=pickup.code, pickup=pickup.reference)
    pickup.save()
    return pickup


@transaction.atomic
def mark_ready(*, order: Order, actor: Actor, at: datetime) -> Pickup:
    steps.expect(order, HandOver.PICKUP)
    pickup = _locked(order)
    if pickup.ready_at is None:
        pickup.ready_at = at
        pickup.save(update_fields=["ready_at"])
        steps.note(order=order, event="ready", actor=actor, at=at, facts={})
    return pickup


def hand_over(*, order: Order, code: str, actor: Actor, at: datetime) -> Order:
    """The seller enters what the buyer shows: both have confirmed. A wrong code costs an attempt, and that is kept."""
    steps.expect(order, HandOver.PICKUP)
    with transaction.atomic():
        pickup = _locked(order)
        if pickup.handed_over_at is None and pickup.is_blocked:
            raise CodeBlocked
        if codes.matches(code=code, pickup=pickup.reference, expected=pickup.code_hash):
            return _handed_over(order, pickup, actor=actor, at=at)
        pickup.attempts += pickup.handed_over_at is None
        pickup.save(update_fields=["attempts"])
        audit.record(kind="pickup", reference=pickup.reference, name="wrong_code", actor=actor, at=at)
    raise WrongCode(field="code", left=pickup.attempts_left)


@transaction.atomic
def renew_code(*, order: Order, actor: Actor, at: datetime) -> Pickup:
    """The buyer asks for another code: the old one is worth nothing, the attempts start again."""
    steps.expect(order, HandOver.PICKUP)
    pickup = _locked(order)
    if pickup.handed_over_at is not None or pickup.generation >= MOST_GENERATIONS or not order.is_before_hand_over:
        raise CodeBlocked
    pickup.generation += 1
    pickup.attempts = 0
    pickup.code_hash = codes.digest(code=pickup.code, pickup=pickup.reference)
    pickup.save(update_fields=["generation", "attempts", "code_hash"])
    audit.record(kind="pickup", reference=pickup.reference, name="renew_code", actor=actor, at=at)
    return pickup


def _handed_over(order: Order, pickup: Pickup, *, actor: Actor, at: datetime) -> Order:
    if pickup.handed_over_at is not None:  # entered twice: the second time finds it done
        return Order.objects.with_everything().get(pk=order.pk)
    pickup.buyer_confirmed_at = pickup.seller_confirmed_at = at
    pickup.save(update_fields=["buyer_confirmed_at", "seller_confirmed_at"])
    return steps.delivered(order=order, by="code", actor=actor, at=at)


def _locked(order: Order) -> Pickup:
    locks.trade(order.trade)
    found = locks.rows(Pickup.objects.filter(order=order))
    if not found:
        raise CodeBlocked
    return found[0]


def _check_place(draft: PlaceDraft) -> None:
    limits = {"name": 80, "street": 120, "city": 80, "postcode": 20, "region": 80, "hours": 160, "directions": 300}
    for name in ("name", "street", "city"):
        if not getattr(draft, name).strip():
            raise Invalid(name, _("Fill this in: buyers must find the place."))
    for name, most in limits.items():
        if len(getattr(draft, name)) > most:
            raise Invalid(name, _("Use at most {most} characters."), most=most)
    if draft.country not in countries:
        raise Invalid("country", _("Choose a country."))
