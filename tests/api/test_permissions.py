"""The permission table, cell by cell: real rows, real sessions, and nothing is left behind."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import User
from api import permissions
from api.permissions import ROLES, Row
from tests.api import test_schema
from tests.attacks.test_every_address import addresses
from tests.factories import roles
from tests.factories.standing import undone
from vendors.members.roles import PERMISSIONS
from vendors.members.roles import ROLES as SHOP_ROLES

pytestmark = pytest.mark.django_db
SIGN_IN = ("/accounts/login/", "/desk/admin/login/")
NUMBERS = {"quantity", "on_hand", "low_at", "base_minor"}


document = test_schema.document  # its fixture


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[roles.Scene]:
    """One world for all cells, in a transaction that is never committed; each cell has a savepoint of its own."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), undone():
        patch.setattr(SimpleRateThrottle, "allow_request", lambda *_args: True)
        patch.setattr(SpectacularAPIView, "generator_class", Brief)
        logging.disable(logging.CRITICAL)  # writing down thousands of requests takes longer than answering them
        yield roles.scene()
        logging.disable(logging.NOTSET)


class Brief(SchemaGenerator):
    """Who may read the schema is asked here, not what it says: writing all of it takes seconds for each role."""

    def get_schema(self, *_arguments: Any, **_options: Any) -> dict[str, Any]:
        return {"openapi": "3.1.0", "info": {}, "paths": {}}


@pytest.fixture
def _django_db_helper(scene: roles.Scene) -> None:
    """In the place of pytest-django's, which ends every test by closing the connection: it is the scene's."""


@pytest.mark.parametrize("row", permissions.rows(), ids=lambda row: row.call)
def test_each_cell_of_the_table(scene: roles.Scene, row: Row) -> None:
    """A line at a time: every role knocks, and each one's answer stands in its cell."""
    assert {role: _answer(scene, row, role) for role in ROLES} == row.cells


def _answer(scene: roles.Scene, row: Row, role: str) -> str:
    with undone():
        response = _knock(scene, row, role)
    code = response.status_code
    if code == 302 and response["Location"].startswith(SIGN_IN):
        return "login"
    return "ok" if 200 <= code < 500 and code not in (401, 403, 404, 405) else str(code)


def _knock(scene: roles.Scene, row: Row, role: str) -> HttpResponse:
    address = _filled(row.address, scene)
    sent: dict[str, Any] = {name: _filled(value, scene) for name, value in row.fields}
    client, headers = scene.client(role), {"If-Match": "*"}
    if row.method == "GET":
        return client.get(address, sent, headers=headers)
    if "file" in sent:
        sent["file"] = SimpleUploadedFile(sent["file"], b"sku,title,price,stock\nA-1,Lamp,10.00,1\n")
    if "file" in sent or not row.address.startswith("/api/"):
        return client.post(address, sent, headers=headers)
    body = json.dumps({name: _typed(name, value) for name, value in sent.items()})
    return client.generic(row.method, address, body, content_type="application/json", headers=headers)


def _typed(name: str, value: str) -> Any:
    """As a JSON body has it; a postcode is a text."""
    if value.startswith("["):
        return value.strip("[]").split(",")
    return int(value) if value.isdigit() and name in NUMBERS else value


def _filled(text: str, scene: roles.Scene) -> str:
    return permissions.GAP.sub(lambda gap: (scene.others if gap[1] else scene.mine)[gap[2]], text)


def test_every_operation_of_the_schema_has_a_line_and_says_it(document: dict[str, Any]) -> None:
    silent, contradicting = [], []
    for path, method, operation in _operations(document):
        row = permissions.of_operation(method, path)
        if row is None or operation.get("x-roles") != row.cells:
            silent.append(f"{method} {path}")
        elif _access_in(row) != operation["x-access"] or not _agree(operation["x-permission"], row):
            contradicting.append(f"{row.call}: {operation['x-access']}, {operation['x-permission']}")
    assert silent == []
    assert contradicting == []


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        yield from ((path, method.upper(), one) for method, one in item.items() if "x-access" in one)


def _access_in(row: Row) -> str:
    if row.cells["guest"] != "401":
        return "anyone"
    return "staff" if row.cells["stranger"] == "403" and row.allowed else "person"


def _agree(sentence: str, row: Row) -> bool:
    """A sentence that names one right of a shop opens to the roles that have it, and to nobody else but themselves."""
    named = [right for right in PERMISSIONS if right in sentence]
    if len(named) != 1 or "themselves" in sentence:
        return True
    return set(row.allowed) == {role for role, rights in SHOP_ROLES.items() if named[0] in rights}


def test_every_address_has_a_line() -> None:
    """Not our own, and not here: the library's sign-in for apps, which knows only the person itself; and Django's admin below its door."""
    known = {re.sub(r"\{~?\w+\}", "{}", row.address) for row in permissions.rows()}
    asked = {re.sub(r"%\(\w+\)s", "{}", pattern) for pattern, _gaps in addresses()}
    lines = [re.compile(re.escape(address).replace(r"\{\}", ".+")) for address in asked]
    missing = sorted(address for address in asked if address not in known and not _is_meant(address, known) and not address.startswith("/_allauth/"))
    assert missing == []
    assert sorted(address for address in known if not any(line.fullmatch(address) for line in lines) and address != "/desk/admin/") == []


def _is_meant(address: str, known: set[str]) -> bool:
    """Lines that fill a gap themselves, such as `listings.csv`."""
    last = address.rstrip("/").rsplit("/", 1)[-1]
    line = re.compile(re.escape(address).replace(r"\{\}", "[^/]+"))
    return "{}" in last and last != "{}" and any(line.fullmatch(one) for one in known)


def test_the_page_shows_every_line() -> None:
    response = Client().get("/api/v1/permissions/")
    assert response.status_code == 200
    assert all(escape(row.call) in response.content.decode() for row in permissions.rows())


def test_a_group_without_staff_opens_no_ledger(scene: roles.Scene) -> None:
    with undone():
        User.objects.filter(groups__name="finance").update(is_staff=False)
        assert scene.client("finance").get("/desk/ledger/").status_code == 404


def test_every_method_of_a_page_has_a_line(scene: roles.Scene) -> None:
    """A view that does not know a method says which ones it does know."""
    wrong = {}
    for shape, lines in groupby(sorted((row for row in permissions.rows() if not row.address.startswith("/api/")), key=_shape), key=_shape):
        several = list(lines)
        with undone():
            client = scene.client("admin" if shape.startswith("/desk/") else "owner")
            response = client.put(_filled(several[0].address, scene))
        known = set(response.get("Allow", "").replace(",", " ").split()) - {"HEAD", "OPTIONS"}
        if response.status_code == 405 and known - {row.method for row in several}:
            wrong[shape] = known
    assert wrong == {}


def _shape(row: Row) -> str:
    return row.shape


def test_the_page_has_words_for_every_role_and_section() -> None:
    assert set(permissions.ROLE_WORDS) == set(permissions.ROLES)
    assert set(permissions.SECTION_WORDS) >= {row.section for row in permissions.rows()}
