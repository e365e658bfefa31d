"""What a body names may belong to somebody else: it is refused as if it were not there, and neither life changes by it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client

from tests.factories import standing, world

pytestmark = pytest.mark.django_db

# Who sends it, where to, and a body; {kind} is the sender's own thing, {~kind} the same thing of another life.
BODIES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("seller", "PATCH", "/api/v1/my_listings/{listing}/", {"variants": [{"reference": "{~variant}", "price": {"amount": "1.00"}}]}),
    ("seller", "PUT", "/api/v1/my_listings/{listing}/photo_order/", {"photos": ["{~photo}"]}),
    ("seller", "PUT", "/api/v1/my_listings/{listing}/stock/", {"variant": "{~variant}", "on_hand": 1}),
    ("seller", "PUT", "/api/v1/my_listings/{listing}/low_stock/", {"variant": "{~variant}", "low_at": 1}),
    ("seller", "POST", "/api/v1/my_listings/", {"vendor": "{~vendor}", "title": "Taken"}),
    ("seller", "POST", "/api/v1/vendors/{vendor}/bulk_changes/", {"listings": ["{~listing}"], "action": {"name": "move", "move": "pause"}}),
    ("seller", "POST", "/api/v1/shipping_methods/", {"vendor": "{~vendor}", "name": "Home", "zones": ["*"], "base_minor": 1}),
    (
        "seller",
        "POST",
        "/api/v1/pickup_places/",
        {"vendor": "{~vendor}", "name": "S", "street": "Q", "city": "L", "country": "FR", "postcode": "69002"},
    ),
    ("seller", "POST", "/sell/{vendor}/listings/changes/", {"do": "pause", "pick": "{~listing}"}),
    ("seller", "POST", "/sell/{vendor}/listings/{listing}/stock/", {"form": "count", "variant": "{~variant}", "on_hand": "1"}),
    ("seller", "POST", "/sell/{vendor}/listings/{listing}/", {"do": "save", "photo": "{~photo}", "variant": "{~variant}"}),
    ("buyer", "PATCH", "/api/v1/checkouts/{draft_checkout}/", {"choices": {"{~vendor}": "shipping:{~method}"}}),
    ("buyer", "PATCH", "/api/v1/checkouts/{draft_checkout}/", {"choices": {"{vendor}": "shipping:{~method}"}}),
    ("buyer", "POST", "/checkout/{draft_checkout}/", {"use_address": "{~address}"}),
    ("buyer", "POST", "/checkout/{draft_checkout}/", {"choice_{vendor}": "shipping:{~method}"}),
    ("buyer", "POST", "/basket/", {"set": "{~line}:1", "chosen": "{~line}", "quantity_{~line}": "7"}),
    ("buyer", "POST", "/you/notifications/reading/", {"reference": "{~notification}"}),
]
OWN_TRACES = {"usersessions", "sessions", "procrastinate"}


@dataclass
class Two:
    """Two lives, and every row that the second one added."""

    mine: world.Life
    others: world.Life
    before: dict[tuple[str, object], str]


def _two() -> Two:
    mine = world.life("MINE")
    first = set(_everything())
    others = world.life("OTHERS")
    return Two(mine, others, {row: text for row, text in _everything().items() if row not in first})


lives = standing.built_once(_two)
_django_db_helper = standing.savepoint_in("lives")


@pytest.mark.parametrize(("who", "method", "address", "body"), BODIES, ids=[f"{one[1]} {one[2]} {sorted(one[3])}" for one in BODIES])
def test_foreign_id_in_a_body_moves_nothing_of_the_other_life(lives: Two, who: str, method: str, address: str, body: dict[str, Any]) -> None:
    mine, others = lives.mine, lives.others
    client = Client(raise_request_exception=False)
    client.force_login(getattr(mine, who), backend="django.contrib.auth.backends.ModelBackend")
    sent = json.loads(_filled(json.dumps(body), mine, others))
    path = _filled(address, mine, others)
    if path.startswith("/api/"):
        answer = client.generic(method, path, json.dumps(sent), content_type="application/json", headers={"If-Match": "*"})
    else:
        answer = client.post(path, sent)
    after = _everything()
    assert answer.status_code < 500
    assert [row for row, text in lives.before.items() if after.get(row) != text] == []


def _filled(text: str, mine: world.Life, others: world.Life) -> str:
    for mark, life in (("~", others), ("", mine)):
        for kind, references in life.things.items():
            text = text.replace(f"{{{mark}{kind}}}", references[-1] if kind == "listing" else references[0])
        text = text.replace(f"{{{mark}draft_checkout}}", life.things["checkout"][1])
    return text


def _everything() -> dict[tuple[str, object], str]:
    """Every row of every table, as text."""
    tables = [model for model in apps.get_models() if model._meta.app_label not in OWN_TRACES]
    return {(model._meta.label, row.pk): serializers.serialize("json", [row]) for model in tables for row in model._default_manager.all()}
