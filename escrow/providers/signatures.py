"""Signed webhooks as the large providers write them: `t=<seconds>,v1=<hex>`, HMAC-SHA256 of `<seconds>.<raw body>`. Pure."""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)


def sign(*, payload: bytes, secret: str, at: datetime) -> str:
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_digest(payload, secret, seconds)}"


def is_genuine(*, payload: bytes, header: str, secrets: Sequence[str], at: datetime) -> bool:
    """True when one of our secrets signed exactly these bytes within the last five minutes."""
    pairs = [part.partition("=")[::2] for part in header.split(",")]
    stamps = [value for name, value in pairs if name.strip() == "t"]
    given = [value.strip() for name, value in pairs if name.strip() == "v1"]
    if len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit() and len(stamps[0]) < 12):
        return False
    seconds = int(stamps[0])
    if abs(at.timestamp() - seconds) > TOLERANCE.total_seconds():
        return False
    wanted = [_digest(payload, secret, seconds) for secret in secrets if secret]
    return any(hmac.compare_digest(one.encode(), other.encode()) for one in wanted for other in given)


def _digest(payload: bytes, secret: str, seconds: int) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + payload, "sha256").hexdigest()
