"""The whole demo market from nothing: people, shops, goods, pictures and a year of life. The same seed, the same market."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

from backend.demo import settle, shelves, story
from backend.demo.album import Album
from backend.demo.darkroom import developing
from backend.demo.goods import SERIES, THINGS
from backend.demo.people import SHOPS
from backend.demo.settle import PASSWORD, Account
from backend.demo.story import DAY, HOUR, Cast
from backend.demo.year import Regulars
from backend.simulation import acts, lives
from backend.simulation.acts import Buyer
from backend.simulation.calendar import PULSE, Calendar
from backend.simulation.lives import Market
from core import clock, references
from escrow.payments import sandbox_bank
from marketplace.catalog.categories import operations as categories
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings.models import Variant
from messaging.notifications import operations as notifications
from vendors.models import Vendor

YEAR = timedelta(days=365)
STORY = timedelta(days=42)
SELDOM = timedelta(days=10)  # how often the clockwork of the first months runs
PLENTY = 20  # pieces: what may be bought by anybody, so that no single thing of the story is gone
CARRIER_STEP = timedelta(hours=12)
# What moves money and parcels; the rest of the house's clockwork runs once, at the end.
CLOCKWORK = (
    "escrow.payments.jobs.read_waiting_events",
    "escrow.payments.jobs.expire_due_payments",
    "escrow.payments.jobs.settle_statements",
    "escrow.providers.sandbox.jobs.work_through_the_day",
    "escrow.holds.jobs.move_due_holds",
    "escrow.payouts.jobs.chase_payouts",
    "escrow.payouts.jobs.pay_out_due_sellers",
)
PASSERS_BY = 18  # random checkouts beside the story
GUEST = {"name": "Noor Haddad", "street": "7 rue Sainte", "postcode": "13001", "city": "Marseille", "country": "FR", "phone": "+33612349876"}


@dataclass(frozen=True)
class Demo:
    """What the list of sign-ins shows."""

    accounts: dict[str, Account]
    vendors: dict[str, Vendor]

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """`accounts`, `vendors` and `categories` as plain values."""
        return {
            "accounts": [
                {"email": one.person.email, "password": PASSWORD, "name": one.person.name, "role": one.person.role, "api_token": one.token}
                for one in self.accounts.values()
            ],
            "vendors": [
                {"slug": self.vendors[shop.slug].slug, "kind": shop.kind, "owner": self.accounts[shop.owner].person.email, "currency": shop.currency}
                for shop in SHOPS
            ],
            "categories": [{"slug": slug} for slug in Category.objects.filter(numchild=0).order_by("path").values_list("slug", flat=True)],
        }


def plant(*, seed: int, now: datetime) -> Demo:
    """Fill an empty market. `now` is the present of the story's last day."""
    chance = random.Random(seed)  # noqa: S311  # the same market for the same seed
    options = {
        "CLOCK_OFFSET_ALLOWED": True,
        "SOUK_SANDBOX_CARRIER_SECONDS": CARRIER_STEP.total_seconds(),
        "PASSWORD_HASHERS": ["backend.demo.settle.QuickHasher", *settings.PASSWORD_HASHERS],
    }
    with override_settings(**options), references.drawn_from(chance), developing(shelves.shots()) as prints, _hasty_commits():
        album = Album(prints)
        try:
            demo = _live(chance, now, album)
        finally:
            clock.thaw()
        album.fill()
    return demo


@contextmanager
def _hasty_commits() -> Iterator[None]:
    """A market that is killed while it is seeded is seeded again: no commit needs to wait for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        yield
        cursor.execute("RESET synchronous_commit")


def _live(chance: random.Random, now: datetime, album: Album) -> Demo:
    begin, opening = now - YEAR, now - STORY
    calendar = Calendar(begin=begin, clockwork=CLOCKWORK, pulse=SELDOM)
    sandbox_bank.configure(seed=chance.randrange(10**6), settlement_seconds=0, payout_seconds=24 * 3600, decision_seconds=30 * 24 * 3600)
    demo = open_market(begin, tokens_at=opening)
    categories.plant()
    owners = {shop.slug: demo.accounts[shop.owner].actor for shop in SHOPS}
    cast = Cast(calendar, demo.accounts, demo.vendors, SHOPS)
    old = [thing for thing in THINGS if thing.stock >= PLENTY and thing.special is None]
    shelves.shelve([*SERIES, *old], demo.vendors, owners, album, since=begin, until=begin + 4 * DAY, today=begin)
    Regulars(cast, chance, _plenty()).enter(since=begin + 5 * DAY, until=opening - 2 * DAY)
    calendar.run(until=opening)
    _tidy_up(demo, at=opening)
    calendar.pulse = PULSE
    recent = [thing for thing in THINGS if thing not in old]
    shelves.shelve(recent, demo.vendors, owners, album, since=opening, until=opening + 2 * DAY, today=now)
    _enter(cast, now)
    _let_others_buy(calendar, chance, demo, owners, now)
    calendar.run(until=now)
    calendar.beat_everything()
    return demo


def open_market(at: datetime, *, tokens_at: datetime | None = None) -> Demo:
    """Everybody has moved in and every shop is open; nothing is for sale yet."""
    accounts = settle.people(at=at, tokens_at=tokens_at)
    vendors = settle.shops(accounts, at=at)
    for shop in SHOPS:
        owner = accounts[shop.owner]
        shelves.ways_of_delivery(shop, vendors[shop.slug], owner.actor, at=at)
        vendors[shop.slug] = settle.open_doors(vendors[shop.slug], owner, at=at)
        acts.open_account(vendors[shop.slug], owner.actor, at=at)
    return Demo(accounts, vendors)


def _enter(cast: Cast, now: datetime) -> None:
    """Who begins what, and how long ago."""
    refund_words = "The back is scratched all over; the listing said none."
    release_words = "It is a darker green than on my screen."
    plan: list[tuple[timedelta, Callable[..., Any]]] = [
        (38 * DAY, partial(story.happy, cast, "tariq", "Laptop, 14 inch", payout="arrives")),
        (36 * DAY, partial(story.happy, cast, "cafe", "Shipping cartons", 10, payout="refused")),
        (34 * DAY, partial(story.happy, cast, "wangmei", "明前龙井", 2, payout="returned")),
        (33 * DAY, partial(story.happy, cast, "amina", "Pair of café chairs", 1, pickup=True)),
        (
            32 * DAY,
            partial(story.decided, cast, "amina", "Phone with a big screen", outcome="refund", words=refund_words, reason="The photos agree."),
        ),
        (30 * DAY, partial(story.decided, cast, "tariq", "Chore jacket", outcome="release", words=release_words, reason="Shown and described so.")),
        (29 * DAY, partial(story.never_shipped, cast)),
        (27 * DAY, partial(story.happy, cast, "cafe", "Notebooks, recycled", 3, confirm=False)),
        (26 * DAY, partial(story.a_little_back, cast)),
        (22 * DAY, partial(story.sent_back, cast, "amina", ("Striped jersey", 2), reason="does_not_fit", words="", way="refunded", confirmed=True)),
        (20 * DAY, partial(story.changed_mind, cast)),
        (9 * DAY + HOUR, partial(story.sent_back, cast, "tariq", ("Canvas shoes, EU 42", 1), reason="changed_mind", words="", way="sent")),
        (6 * DAY, partial(story.sent_back, cast, "cafe", ("Wine shippers", 3), reason="damaged", words="One bundle was wet.", way="asked")),
        (4 * DAY, partial(story.one_missing, cast)),
        (28 * HOUR, partial(story.asked_to_cancel, cast)),
        (24 * DAY, partial(story.asked_back, cast, "amina", "Nurse's pocket watch", received=True, fate="lost")),
        (14 * DAY, partial(story.asked_back, cast, "amina", "Reading lamp", received=True, fate="answered")),
        (8 * DAY, partial(story.asked_back, cast, "tariq", "Trail runners", received=False)),
        (15 * DAY, partial(story.left_at_the_bank, cast, "wangmei", "Moon jar")),
        (12 * DAY, partial(story.not_there, cast)),
        (11 * DAY, partial(story.in_parts, cast, "tariq", "Laptop, 13 inch", {"kind": "parts", "count": 3}, sent=True)),
        (10 * DAY, partial(story.in_parts, cast, "wangmei", "Unlocked phone", {"kind": "deposit", "percent": 20, "days": 10}, paid=2, sent=True)),
        (9 * DAY, partial(story.in_parts, cast, "amina", "Laptop for drawing", {"kind": "deposit", "percent": 30, "days": 14})),
        (11 * DAY, partial(story.more_time, cast)),
        (10 * DAY, partial(story.happy, cast, "tariq", "Paper wool", 2, payout="returned")),
        (9 * DAY, partial(story.broken_cups, cast)),
        (8 * DAY, partial(story.happy, cast, "amina", "Rangefinder film camera", confirm=False)),
        (5 * DAY + 2 * HOUR, partial(story.happy, cast, "cafe", "Paper wool", 4, payout="arrives")),
        (3 * DAY, partial(story.a_guest, cast, Buyer("noor@example.com", dict(GUEST)))),
        (2 * DAY, partial(story.three_parcels, cast)),
        (26 * HOUR, partial(story.waiting_at_the_shop, cast)),
        (5 * HOUR, partial(_just_paid, cast)),
        (timedelta(minutes=2), partial(story.declined, cast)),
    ]
    for ago, life in plan:
        cast.calendar.enter(life, at=now - ago)


def _plenty() -> list[Variant]:
    return list(Variant.objects.offered().filter(on_hand__gte=PLENTY).select_related("listing__vendor", "price").order_by("id"))


def _tidy_up(demo: Demo, *, at: datetime) -> None:
    """Nobody keeps a year of unread notices."""
    for account in demo.accounts.values():
        notifications.mark_read(user=account.user, at=at)


def _just_paid(cast: Cast) -> Any:
    story.bought(cast, cast.buyer("tariq"), [("Handheld console", 1)])
    yield HOUR


def _let_others_buy(calendar: Calendar, chance: random.Random, demo: Demo, owners: dict[str, Any], now: datetime) -> None:
    """Passers-by buy what there is plenty of, so that every shop has a past and no single thing of the story is gone."""
    market = Market(
        calendar=calendar,
        random=chance,
        buyers=[acts.buyer_of(demo.accounts[handle].user) for handle in ("amina", "wangmei", "tariq", "cafe")],
        sellers={demo.vendors[shop.slug].pk: (demo.vendors[shop.slug], owners[shop.slug]) for shop in SHOPS},
        staff=[demo.accounts["tomas"].user],
        variants=_plenty(),
    )
    for number in range(PASSERS_BY):
        calendar.enter(lives.of_an_order(market), at=now - timedelta(days=37) + number * timedelta(hours=42))
