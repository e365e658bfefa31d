"""An error that reached no view: worded by the right door, and 503 when it is only the database that is away."""

import json

import pytest
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory

from backend import refusals


@pytest.mark.parametrize(("error", "status"), [(OperationalError("gone"), 503), (InterfaceError("closed"), 503), (RuntimeError("mine"), 500)])
@pytest.mark.parametrize("path", ["/", "/api/v1/cart/"])
def test_server_error_tells_away_from_broken(error: Exception, status: int, path: str) -> None:
    """Without asking the database anything: this test has none."""
    try:
        raise error
    except Exception:
        answer = refusals.server_error(RequestFactory().get(path))
    assert answer.status_code == status
    assert answer.get("Retry-After") == ("2" if status == 503 else None)
    if path.startswith("/api/"):
        assert json.loads(answer.content)["status"] == status
    else:
        assert b"<h1>" in answer.content
        assert b"gone" not in answer.content
