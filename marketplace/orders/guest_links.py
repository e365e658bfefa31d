"""A guest's unguessable link. The database keeps its fingerprint; the link itself is derived again for each mail."""

import base64
import hashlib
import hmac


def key_of(*, secret: str, order: str) -> str:
    digest = hmac.new(secret.encode(), f"order-link:{order}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def matches(*, key: str, fingerprint: str) -> bool:
    return bool(fingerprint) and hmac.compare_digest(hashlib.sha256(key.encode()).hexdigest(), fingerprint)
