"""Shipping's verbs: the seller's methods, sending a parcel, and believing the carrier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, crashes, locks, references
from core.actors import CARRIER, Actor
from core.errors import Invalid, Kind, Refusal
from core.jobs import defer
from core.money import LARGEST_MINOR
from marketplace.fulfilment import steps
from marketplace.fulfilment.carriers import registry as carriers
from marketplace.fulfilment.carriers.base import CarrierEvent
from marketplace.fulfilment.kinds.shipping import tracking, zones
from marketplace.fulfilment.kinds.shipping.models import Shipment, ShippingMethod, TrackingEvent
from marketplace.fulfilment.kinds.shipping.states import TROUBLED, ShipmentState
from marketplace.fulfilment.kinds.shipping.tracking import Scan
from marketplace.fulfilment.signals import parcel_moved
from marketplace.orders.models import HandOver, Order
from marketplace.orders.states import OrderState
from vendors.models import Vendor

MOST_METHODS = 20
LONGEST_DAYS = 90


class NumberUsed(Refusal):
    """A tracking number belongs to one parcel."""

    code = "tracking_number_used"
    kind = Kind.CONFLICT
    sentence = _("This tracking number belongs to another parcel. Check it on your receipt.")


class TooManyMethods(Refusal):
    """A choice of twenty is no choice."""

    code = "too_many_methods"
    kind = Kind.CONFLICT
    sentence = _("A shop has at most {most} ways of delivery. Remove one first.")


@dataclass(frozen=True, slots=True)
class MethodDraft:
    name: str
    zones: Sequence[str]
    base_minor: int
    each_more_minor: int = 0
    free_from_minor: int | None = None
    days_min: int = 1
    days_max: int = 3
    carrier: str = "sandbox"


# ── methods ───────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_method(*, vendor: Vendor, draft: MethodDraft, actor: Actor, at: datetime) -> ShippingMethod:
    _check_method(draft)
    if ShippingMethod.objects.open().filter(vendor=vendor).count() >= MOST_METHODS:
        raise TooManyMethods(most=MOST_METHODS)
    method = ShippingMethod.objects.create(vendor=vendor, **{**asdict(draft), "zones": list(draft.zones)})
    _record(method, "add", actor=actor, at=at)
    return method


@transaction.atomic
def change_method(*, method: ShippingMethod, draft: MethodDraft, actor: Actor, at: datetime) -> ShippingMethod:
    """Orders keep the terms they were placed with; only later checkouts see the change."""
    _check_method(draft)
    method = locks.rows(ShippingMethod.objects.filter(pk=method.pk))[0]
    for name, value in {**asdict(draft), "zones": list(draft.zones)}.items():
        setattr(method, name, value)
    method.save()
    _record(method, "change", actor=actor, at=at)
    return method


@transaction.atomic
def remove_method(*, method: ShippingMethod, actor: Actor, at: datetime) -> None:
    ShippingMethod.objects.filter(pk=method.pk).update(is_active=False)
    _record(method, "remove", actor=actor, at=at)


# ── parcels ───────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def send(*, order: Order, carrier: str, tracking_number: str, actor: Actor, at: datetime) -> Shipment:
    """The seller gave the parcel to a carrier. An empty number buys a label where the carrier gives numbers."""
    steps.expect(order, HandOver.PARCEL)
    adapter = carriers.get(carrier)
    reference = references.new()
    number = tracking.tidy_number(tracking_number)
    if not tracking_number.strip() and adapter.gives_numbers:
        number = adapter.new_number(reference)
    if not number:
        raise Invalid("tracking_number", _("Enter the tracking number from your receipt: 6 to 34 letters and digits."))
    locks.trade(order.trade)
    if Shipment.objects.filter(carrier=carrier, tracking_number=number).exists():
        raise NumberUsed(field="tracking_number")
    facts = {"carrier": carrier, "carrier_name": adapter.name, "tracking_number": number}
    order = steps.shipped(order=order, actor=actor, at=at, facts=facts)
    crashes.point("parcel.sent")
    shipment = Shipment.objects.create(reference=reference, order=order, carrier=carrier, tracking_number=number, sent_at=at, last_news_at=at)
    _follow_later(shipment, at=at)
    return shipment


@transaction.atomic
def record_events(*, shipment: Shipment, events: Sequence[CarrierEvent], at: datetime) -> list[TrackingEvent]:
    """Keep what is new, move the parcel, and tell the order what follows from it. Repeating it changes nothing."""
    locks.trade(shipment.order.trade)
    shipment = locks.rows(Shipment.objects.filter(pk=shipment.pk).select_related("order"))[0]
    fresh = [event for event in (_keep(shipment, told, at=at) for told in events) if event]
    if fresh:
        _move_parcel(shipment, fresh, at=at)
    return fresh


def follow(*, shipment: Shipment, events: Sequence[CarrierEvent], at: datetime) -> None:
    """Record the carrier's answer, and ask again later while the parcel is on its way."""
    with transaction.atomic():
        record_events(shipment=shipment, events=events, at=at)
        crashes.point("parcel.moved")
        shipment.refresh_from_db()
        if not shipment.is_final and not shipment.order.is_ended:
            _follow_later(shipment, at=at)


@transaction.atomic
def tell_silence(*, shipment: Shipment, at: datetime) -> None:
    """Proactive help: said once per silence, because the note itself counts as news."""
    locks.trade(shipment.order.trade)
    Shipment.objects.filter(pk=shipment.pk).update(last_news_at=at)
    steps.note(order=shipment.order, event="carrier_silent", actor=CARRIER, at=at, facts={})


def _keep(shipment: Shipment, told: CarrierEvent, *, at: datetime) -> TrackingEvent | None:
    kept, made = TrackingEvent.objects.get_or_create(
        shipment=shipment,
        carrier_event=told.key,
        defaults={
            "state": told.state if told.state in ShipmentState.values else ShipmentState.UNKNOWN,
            "words": told.words[:200],
            "place": told.place[:120],
            "occurred_at": told.occurred_at,
            "received_at": at,
        },
    )
    return kept if made else None


def _move_parcel(shipment: Shipment, fresh: list[TrackingEvent], *, at: datetime) -> None:
    order = shipment.order
    for event in sorted(fresh, key=lambda event: event.occurred_at):
        if not shipment.is_final:
            shipment.state = event.state
        parcel_moved.send(sender=Shipment, shipment=shipment, event=event, at=at)
        if event.state in TROUBLED:
            facts = {"words": event.words, "state": event.state, "once": event.carrier_event}
            steps.note(order=order, event="carrier_trouble", actor=CARRIER, at=at, facts=facts)
    shipment.last_news_at = at
    shipment.doubt = _doubt(shipment)
    if shipment.state == ShipmentState.DELIVERED:
        shipment.delivered_at = at
    shipment.save(update_fields=["state", "last_news_at", "doubt", "delivered_at"])
    if shipment.state == ShipmentState.DELIVERED and not shipment.doubt and order.state in (OrderState.SHIPPED, OrderState.ISSUE):
        steps.delivered(order=order, by="carrier", actor=CARRIER, at=at)


def _doubt(shipment: Shipment) -> str:
    """A delivery that we do not believe starts no clock: the buyer or the desk must say so."""
    scans = [Scan(event.state, event.occurred_at) for event in shipment.events.all()]
    paid_at = shipment.order.paid_at
    return "scanned_before_payment" if paid_at and tracking.scanned_before_payment(scans, paid_at=paid_at) else ""


def _follow_later(shipment: Shipment, *, at: datetime) -> None:
    then = at + carriers.get(shipment.carrier).ask_again_after()
    key = f"follow:{shipment.reference}:{then.timestamp():.0f}"
    defer("marketplace.fulfilment.kinds.shipping.jobs.follow_shipment", reference=shipment.reference, at=then, key=key)


def _check_method(draft: MethodDraft) -> None:
    if not draft.name.strip():
        raise Invalid("name", _("Name the delivery, for example “Tracked to your door”."))
    if len(draft.name) > 80:
        raise Invalid("name", _("Use at most {most} characters."), most=80)
    if not draft.zones or not all(zones.is_zone(zone) for zone in draft.zones):
        raise Invalid("zones", _("Choose at least one country, or everywhere."))
    for field in ("base_minor", "each_more_minor", "free_from_minor"):
        amount = getattr(draft, field)
        if amount is not None and not 0 <= amount <= LARGEST_MINOR:
            raise Invalid(field, _("Enter an amount of zero or more."))
    if not 0 <= draft.days_min <= draft.days_max <= LONGEST_DAYS:
        raise Invalid("days_max", _("The longest time is at least the shortest, and at most {most} days."), most=LONGEST_DAYS)
    carriers.get(draft.carrier)


def _record(method: ShippingMethod, name: str, *, actor: Actor, at: datetime) -> None:
    after = {"name": method.name, "base_minor": method.base_minor, "zones": method.zones}
    audit.record(kind="shipping_method", reference=method.reference, name=name, actor=actor, at=at, after=after)
