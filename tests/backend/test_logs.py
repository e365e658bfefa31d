import io
import logging
import logging.config
import re
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from backend.logs import logging_config, without_secrets
from core import jobs
from core.models import AuditEvent
from tests.factories import trade


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What reaches the log, in the words of the real formatter."""
    formatter = settings.LOGGING["formatters"]["souk"]
    words = io.StringIO()
    handler = logging.StreamHandler(words)
    handler.setFormatter(formatter["()"](processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]))
    logging.getLogger().addHandler(handler)
    yield words
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("json", [True, False])
def test_a_traceback_tells_no_value_of_a_variable(json: bool) -> None:
    formatter = logging_config(level="INFO", json=json)["formatters"]["souk"]
    words = io.StringIO()
    handler = logging.StreamHandler(words)
    handler.setFormatter(formatter["()"](processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]))
    logger = logging.Logger("some.library")
    logger.addHandler(handler)

    def charge(card: str) -> None:
        raise RuntimeError("declined")

    try:
        charge("4417" + "0000")
    except RuntimeError:
        logger.exception("payment failed")

    assert "RuntimeError: declined" in words.getvalue()
    assert "in charge" in words.getvalue()
    assert "44170000" not in words.getvalue()


SECRETS = {
    "an API token": "souk_" + "aZ3-" * 11,
    "a session key": "k3v9" * 8,
    "a link of a letter": "1-cq2p0v-" + "0af3" * 8,
    "a guest's link": "Qm9" * 14 + "A",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize(
    "words", ["{}", "GET /orders/X/?link={}", "GET /invitations/{}/", "Authorization: Bearer {}", "sessionid={}; path=/", "RuntimeError('{}')"]
)
def test_no_line_carries_a_secret(secret: str, words: str) -> None:
    assert secret not in without_secrets(words.format(secret))


@pytest.mark.parametrize(
    "line",
    [
        "request_id=0a7f3c2e-9d5b-4f7e-8a11-22c3d4e5f607 request='GET /listing/ABCDEFGH1234/a-lamp/' code=200",
        '{"request_id": "0a7f3c2e9d5b4f7e8a1122c3d4e5f607", "job": "marketplace.fulfilment.kinds.shipping.jobs.notice_silent_carriers"}',
        "in mark_order_delivered_when_hold_delivered",
        "request='GET /listing/ABCDEFGH1234/xerox-006r90321-toner-cartridge-original-black-6-pcs/' code=200",
    ],
)
def test_a_harmless_line_stays_as_it_is(line: str) -> None:
    assert without_secrets(line) == line


@pytest.mark.django_db
def test_a_request_leaves_no_secret_in_the_log(client: Client, logged: io.StringIO) -> None:
    client.cookies["sessionid"] = SECRETS["a session key"]
    guest = SECRETS["a guest's link"]
    headers = {"Authorization": f"Bearer {SECRETS['an API token']}", "X-Request-ID": "caller-4711"}
    client.post("/accounts/login/", {"login": "a@example.com", "password": "hunter2-hunter2"}, headers=headers)
    client.get(f"/orders/ABCDEFGH1234/?link={guest}", headers=headers)
    answer = client.get("/api/v1/me/", headers=headers)
    lines = logged.getvalue()
    assert "request_finished" in lines
    assert "caller-4711" in lines
    assert answer["X-Request-ID"] == "caller-4711"
    assert [name for name, secret in SECRETS.items() if secret in lines] == []
    assert "hunter2" not in lines


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "short", "with space and\nnewline", "x" * 65, "<script>alert(1)</script>"])
def test_a_strange_request_id_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": given.replace("\n", " ")} if given else {})
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])


@pytest.mark.django_db
def test_the_request_id_reaches_jobs_and_audit() -> None:
    with structlog.contextvars.bound_contextvars(request_id="caller-4711"):
        trade.goods()
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'asked_by' FROM procrastinate_jobs WHERE task_name = 'search.jobs.drain_outbox' LIMIT 1")
        assert cursor.fetchone() == ("caller-4711",)
    assert AuditEvent.objects.filter(request_id="caller-4711").exists()
    seen: list[object] = []
    app.task(name="tests.logs.look")(jobs._remembering(lambda: seen.append(structlog.contextvars.get_contextvars()), "tests.logs.look"))
    with structlog.contextvars.bound_contextvars(request_id="caller-4712"):
        jobs.defer("tests.logs.look")
    jobs.run_due()
    del app.tasks["tests.logs.look"]
    assert seen == [{"job": "tests.logs.look", "request_id": "caller-4712"}]
