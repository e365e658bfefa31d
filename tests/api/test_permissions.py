"""The permission table, cell by cell: real rows, real sessions, and nothing is left behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from rest_framework.throttling import SimpleRateThrottle

from api import permissions
from api.permissions import ROLES, Row
from tests.factories import roles

pytestmark = pytest.mark.django_db
SIGN_IN = ("/accounts/login/", "/desk/admin/login/")
CELLS = [pytest.param(row, role, id=f"{role}: {row.call}") for row in permissions.rows() for role in ROLES]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[roles.Scene]:
    """One world for all cells, in a transaction that is never committed; each cell has a savepoint of its own."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), undone():
        patch.setattr(SimpleRateThrottle, "allow_request", lambda *_args: True)
        yield roles.scene()


@pytest.fixture
def _django_db_helper(scene: roles.Scene) -> None:
    """In the place of pytest-django's, which ends every test by closing the connection: it is the scene's."""


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside did not happen. Blocks that insist on being the outermost one are told that this is a test, as Django's own do."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(("row", "role"), CELLS)
def test_each_cell_of_the_table(scene: roles.Scene, row: Row, role: str) -> None:
    assert _answer(scene, row, role) == row.cells[role]


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
    body = json.dumps({name: value.strip("[]").split(",") if value.startswith("[") else value for name, value in sent.items()})
    return client.generic(row.method, address, body, content_type="application/json", headers=headers)


def _filled(text: str, scene: roles.Scene) -> str:
    return permissions.GAP.sub(lambda gap: (scene.others if gap[1] else scene.mine)[gap[2]], text)
