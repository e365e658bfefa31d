"""What a token looks like and what it may be allowed. An empty list allows nothing."""

from __future__ import annotations

from collections.abc import Collection

READ, BUY, SELL, MONEY, ACCOUNT, STAFF = "read", "buy", "sell", "money", "account", "staff"
ALL = (READ, BUY, SELL, MONEY, ACCOUNT, STAFF)
PREFIX = "souk_"  # how every token begins, so that a leaked one is recognised


def allows(granted: Collection[str], wanted: str) -> bool:
    """Whether a token with these scopes may do this. Any scope lets its owner read as well."""
    if wanted == READ:
        return any(scope in ALL for scope in granted)
    return wanted in ALL and wanted in granted
