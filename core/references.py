"""Names for the outside: random references, secrets and their fingerprints. Database ids never leave the house."""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
LENGTH = 12
PATTERN = r"[0-9A-HJKMNP-TV-Z]{12}"


def new() -> str:
    """A random 60-bit reference of 12 characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def secret() -> str:
    """A 256-bit URL-safe secret, to be shown once and stored only as its fingerprint."""
    return secrets.token_urlsafe(32)


def fingerprint(text: str) -> str:
    """SHA-256 in hex: enough for secrets of 256 random bits (passwords take argon2 instead)."""
    return hashlib.sha256(text.encode()).hexdigest()
