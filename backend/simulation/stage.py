"""The small market that a simulation plays in: some buyers, ten shops, forty things, two arbitrators, one photo for everything."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from accounts.addresses import operations as addresses
from accounts.users.models import User
from backend.demo import settle
from backend.demo.album import Album
from backend.demo.darkroom import develop
from backend.demo.goods import THINGS
from backend.demo.people import SHOPS
from backend.demo.shelves import shelve, shots_of, ways_of_delivery
from backend.simulation import acts
from backend.simulation.acts import Buyer
from backend.simulation.calendar import Calendar
from backend.simulation.lives import Market
from marketplace.catalog.categories import operations as categories
from marketplace.catalog.listings.models import Variant

GUEST_ADDRESS = {"name": "Guest", "street": "1 rue de la Paix", "postcode": "75002", "city": "Paris", "country": "FR", "phone": "+33612345670"}


def build(*, calendar: Calendar, chance: random.Random, at: datetime) -> Market:
    """Everybody moves in; every shop is open, has ways of delivery and an account with the provider."""
    accounts = settle.people(at=at)
    vendors = settle.shops(accounts, at=at)
    for shop in SHOPS:
        ways_of_delivery(shop, vendors[shop.slug], accounts[shop.owner].actor, at=at)
        vendors[shop.slug] = settle.open_doors(vendors[shop.slug], accounts[shop.owner], at=at)
        acts.open_account(vendors[shop.slug], accounts[shop.owner].actor, at=at)
    categories.plant()
    chosen = [thing for index, thing in enumerate(THINGS) if index % 3 == 0]
    owners = {shop.slug: accounts[shop.owner].actor for shop in SHOPS}
    same_for_all = develop(("books", 0, 0))
    album = Album({shot: lambda: same_for_all for thing in chosen for shot in shots_of(thing)})
    shelve(chosen, vendors, owners, album, since=at - timedelta(days=1), until=at, today=at)
    album.fill()
    buyers = [acts.buyer_of(account.user) for account in accounts.values() if account.person.address]
    buyers += [Buyer(f"guest{number}@example.com", _checked(GUEST_ADDRESS)) for number in range(4)]
    return Market(
        calendar=calendar,
        random=chance,
        buyers=buyers,
        sellers={vendors[shop.slug].pk: (vendors[shop.slug], owners[shop.slug]) for shop in SHOPS},
        staff=list(User.objects.filter(groups__name="arbitrators").order_by("id")),
        variants=list(Variant.objects.offered().select_related("listing__vendor", "price").order_by("id")),
    )


def _checked(address: dict[str, str]) -> dict[str, str]:
    return addresses.address_data(**address).as_json()
