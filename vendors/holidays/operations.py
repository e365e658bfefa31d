from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, locks
from core.actors import SYSTEM, Actor
from core.errors import Invalid, Kind, Refusal
from vendors.profiles import operations as profiles
from vendors.profiles.models import Vendor
from vendors.profiles.states import VendorState

FIELDS = ["away_from", "away_until", "away_words", "away_sells"]
LONGEST = timedelta(days=180)
LONGEST_SELLING = timedelta(days=28)  # with ten working days to ship: the thirty that a hold waits for a parcel
LONGEST_WORDS = 300


class NotOpenYet(Refusal):
    code = "shop_not_open"
    kind = Kind.CONFLICT
    sentence = _("A shop goes on holiday once it is open.")


class NoHoliday(Refusal):
    code = "no_holiday"
    kind = Kind.CONFLICT
    sentence = _("No holiday is planned.")


def plan(*, vendor: Vendor, first_day: date, last_day: date, words: str, sells: bool = False, actor: Actor, at: datetime) -> Vendor:
    """Away from the first day to the last, both included, by the shop's own clock; it begins now when the first day is here.

    `sells`: the doors stay open, and what is bought meanwhile leaves later. Planned again, the new days replace the old ones.
    """
    with transaction.atomic():
        shop = _locked(vendor)
        if not shop.is_public:
            raise NotOpenYet
        away_from, away_until = _moments(shop, first_day, last_day, LONGEST_SELLING if sells else LONGEST, at)
        before, closes_now = _days(shop), away_from <= at and not sells
        if before and before["begun"] and not closes_now:
            profiles.resume(vendor=shop, actor=actor, at=at)
            shop = _locked(vendor)
        shop.away_from, shop.away_until, shop.away_words, shop.away_sells = away_from, away_until, _words(words), sells
        shop.save(update_fields=FIELDS)
        audit.record(kind="vendor", reference=shop.reference, name="holiday_planned", actor=actor, at=at, before=before, after=_days(shop))
        if closes_now:
            _begin(shop, actor, at)
    shop.refresh_from_db()
    return shop


def come_back(*, vendor: Vendor, actor: Actor, at: datetime) -> Vendor:
    """Home before the last day, or the plan is off: the words disappear and the doors open."""
    with transaction.atomic():
        shop = _locked(vendor)
        if shop.away_until is None:
            raise NoHoliday
        _end(shop, actor, at)
    shop.refresh_from_db()
    return shop


def follow(*, at: datetime) -> int:
    """Close the doors of those whose first day has come, open those whose last day is over. Answers how many shops moved."""
    due = Vendor.objects.filter(away_until__lte=at) | Vendor.objects.filter(away_from__lte=at, away_sells=False, state=VendorState.ACTIVE)
    moved = 0
    for pk in due.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            moved += _follow_one(locks.rows(Vendor.objects.filter(pk=pk))[0], at)
    return moved


def forget(*, vendor: Vendor, actor: Actor, at: datetime) -> None:
    """The doors were opened by hand during a holiday: it is over."""
    shop = _locked(vendor)
    if shop.away_from is not None and shop.away_from <= at:
        _clear(shop, actor, at)


def _follow_one(shop: Vendor, at: datetime) -> bool:
    if shop.away_until is None:
        return False
    if shop.away_until <= at:
        try:
            with transaction.atomic():
                _end(shop, SYSTEM, at)
        except Refusal:  # something that the checklist requires is missing: the shop stays closed until somebody puts it right
            _clear(shop, SYSTEM, at)
        return True
    return _begin(shop, SYSTEM, at)


def _begin(shop: Vendor, actor: Actor, at: datetime) -> bool:
    if shop.state != VendorState.ACTIVE:
        return False
    profiles.pause(vendor=shop, actor=actor, at=at, reason="holiday")
    return True


def _end(shop: Vendor, actor: Actor, at: datetime) -> None:
    closed = shop.away_from is not None and shop.away_from <= at and not shop.away_sells
    _clear(shop, actor, at)
    if closed and shop.state == VendorState.PAUSED:
        profiles.resume(vendor=shop, actor=actor, at=at)


def _clear(shop: Vendor, actor: Actor, at: datetime) -> None:
    before = _days(shop)
    shop.away_from = shop.away_until = None
    shop.away_words, shop.away_sells = "", False
    shop.save(update_fields=FIELDS)
    audit.record(kind="vendor", reference=shop.reference, name="holiday_over", actor=actor, at=at, before=before)


def _locked(vendor: Vendor) -> Vendor:
    return locks.rows(Vendor.objects.filter(pk=vendor.pk))[0]


def _moments(shop: Vendor, first_day: date, last_day: date, longest: timedelta, at: datetime) -> tuple[datetime, datetime]:
    if last_day < first_day:
        raise Invalid("last_day", _("The last day comes after the first."))
    away_from = datetime.combine(first_day, time.min, shop.zone)
    away_until = datetime.combine(last_day + timedelta(days=1), time.min, shop.zone) if last_day < date.max else away_from + 2 * LONGEST
    if away_until <= at:
        raise Invalid("last_day", _("This day has passed. Choose a later one."))
    if longest == LONGEST_SELLING and away_until - max(away_from, at) > longest:
        raise Invalid("last_day", _("Buyers wait four weeks at most. For a longer holiday, close the shop meanwhile."))
    if away_until - max(away_from, at) > longest:
        raise Invalid("last_day", _("A holiday lasts at most half a year. For longer, let the shop rest without a date."))
    return away_from, away_until


def _words(words: str) -> str:
    line = " ".join(words.split())
    if len(line) > LONGEST_WORDS:
        raise Invalid("words", _("Use at most {limit} characters."), limit=LONGEST_WORDS)
    if not line.isprintable():
        raise Invalid("words", _("Use letters, digits and ordinary signs only."))
    return line


def _days(shop: Vendor) -> dict[str, object] | None:
    if shop.away_from is None or shop.away_until is None:
        return None
    return {
        "from": shop.away_from.isoformat(),
        "until": shop.away_until.isoformat(),
        "words": shop.away_words,
        "sells": shop.away_sells,
        "begun": shop.state == VendorState.PAUSED and not shop.away_sells,
    }
