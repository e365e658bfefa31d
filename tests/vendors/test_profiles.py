"""A shop's way from the first draft to the open door."""

from __future__ import annotations

import pytest

from accounts.users.queries import actor_of
from core import audit, clock, states
from core.actors import Actor
from core.errors import Invalid, NotHere
from tests.factories.people import make_draft_shop, make_shop, make_user
from vendors.members.states import FLOW as INVITATION_FLOW
from vendors.policies import operations as policies
from vendors.policies.queries import of as policy_of
from vendors.profiles import operations as profiles
from vendors.profiles import queries, signals
from vendors.profiles.models import Vendor
from vendors.profiles.states import FLOW

pytestmark = pytest.mark.django_db
ME = Actor("user", "TEST")


def test_flows_are_whole():
    assert states.check(FLOW) == []
    assert states.check(INVITATION_FLOW) == []


def test_open_makes_party_owner_and_policy():
    shop = make_draft_shop(name="Olive & Oak")
    assert (shop.state, shop.slug) == ("draft", "olive-oak")
    assert (shop.party.kind, shop.party.label) == ("vendor", "Olive & Oak")
    assert list(shop.members.values_list("role", flat=True)) == ["owner"]
    assert policy_of(shop).handling_days == 2
    assert [event.name for event in audit.events_for("vendor", shop.reference)] == ["opened"]


def test_open_finds_a_free_slug():
    slugs = [make_draft_shop(name="Lamp").slug for _ in range(7)]
    assert slugs[:3] == ["lamp", "lamp-2", "lamp-3"]
    assert len(set(slugs)) == 7


@pytest.mark.parametrize("name", ["橄榄树", "Settings", "---"])
def test_open_gives_every_name_an_address(name):
    assert make_draft_shop(name=name).slug not in profiles.RESERVED_SLUGS | {""}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "state"), ("country", "XX"), ("country", ""), ("currency", "PTS"), ("currency", "eur"),
        ("name", " "), ("name", "x" * 81), ("name", "a\x00b"),
    ],
)  # fmt: skip
def test_open_refuses_bad_input(field, value):
    given = {"kind": "individual", "name": "Lamp", "country": "DE", "currency": "EUR", field: value}
    with pytest.raises(Invalid) as refused:
        profiles.open(owner=make_user(), actor=ME, at=clock.now(), **given)
    assert refused.value.field == field
    assert not Vendor.objects.exists()


def test_activate_refuses_an_unfinished_business_and_says_what_is_missing():
    shop = make_draft_shop(kind="business")
    with pytest.raises(profiles.OnboardingUnfinished) as refused:
        profiles.activate(vendor=shop, actor=ME, at=clock.now())
    assert refused.value.params["missing"] == ["place", "legal_name", "registration_number", "address"]


def test_change_cannot_empty_what_an_open_shop_needs():
    shop = make_shop(kind="business")
    with pytest.raises(profiles.OnboardingUnfinished):
        profiles.change(vendor=shop, legal_name=" ", actor=ME, at=clock.now())
    assert Vendor.objects.get().legal_name == "Olive GmbH"


def test_pause_and_resume_announce_and_a_second_pause_is_refused():
    heard = []

    def hear(sender, signal, **kwargs):
        heard.append(signal)

    for signal in (signals.vendor_paused, signals.vendor_activated):
        signal.connect(hear)
    shop = make_shop()
    profiles.pause(vendor=shop, actor=ME, at=clock.now())
    with pytest.raises(states.MoveNotAllowed):
        profiles.pause(vendor=shop, actor=ME, at=clock.now())
    profiles.resume(vendor=shop, actor=ME, at=clock.now())
    assert heard == [signals.vendor_activated, signals.vendor_paused, signals.vendor_activated]


def test_public_hides_drafts_and_shows_resting_shops():
    draft, shop = make_draft_shop(), make_shop()
    with pytest.raises(NotHere):
        queries.public(draft.slug)
    profiles.pause(vendor=shop, actor=ME, at=clock.now())
    assert queries.public(shop.slug) == shop


@pytest.mark.parametrize(
    ("field", "value"),
    [("latitude", 91), ("longitude", "NaN"), ("time_zone", "Mars/Olympus"), ("about", "x" * 4001), ("latitude", 50)],
)
def test_change_refuses_bad_input(field, value):
    with pytest.raises(Invalid):
        profiles.change(vendor=make_shop(), actor=ME, at=clock.now(), **{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handling_days", 0),
        ("handling_days", 11),
        ("returns_days", 7),
        ("returns_paid_by", "nobody"),
        ("text", "x" * 4001),
        ("tax_bp", -1),
        ("tax_bp", 1900),
    ],
)
def test_change_policy_refuses_what_is_not_offered(field, value):
    owner = make_user()
    promise = {"handling_days": 3, "returns_days": 14, "returns_paid_by": "seller", field: value}
    with pytest.raises(Invalid) as refused:
        policies.change(vendor=make_shop(owner), actor=actor_of(owner), at=clock.now(), **promise)
    assert refused.value.field == field


def test_change_policy_ticks_the_checklist():
    shop = make_shop()
    assert [step.done for step in queries.onboarding(shop) if step.code == "policies"] == [False]
    policies.change(vendor=shop, handling_days=3, returns_days=14, returns_paid_by="seller", actor=ME, at=clock.now())
    assert [step.done for step in queries.onboarding(shop) if step.code == "policies"] == [True]


def test_a_business_states_its_rate_of_tax():
    shop = make_shop(kind="business", name="Nordkarton")
    promise = {"handling_days": 3, "returns_days": 14, "returns_paid_by": "seller", "actor": ME, "at": clock.now()}
    assert policies.change(vendor=shop, tax_bp=1900, **promise).tax_bp == 1900
    with pytest.raises(Invalid):
        policies.change(vendor=shop, tax_bp=4001, **promise)
