"""Whose address stands in the log."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings

from backend.request_log import address_of


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "", "9.9.9.9"),
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "", "9.9.9.9"),
        (1, "2.2.2.2", "2.2.2.2"),
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2, 3.3.3.3", "2.2.2.2"),
        (2, "3.3.3.3", "3.3.3.3"),
    ],
)
def test_only_our_proxies_are_believed(proxies: int, told: str, address: str) -> None:
    headers = {"X-Forwarded-For": told} if told else {}
    with override_settings(SOUK=replace(settings.SOUK, proxy_count=proxies)):
        assert address_of(RequestFactory().get("/", REMOTE_ADDR="9.9.9.9", headers=headers)) == address
