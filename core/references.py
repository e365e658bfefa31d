"""Names for the outside: random references, secrets and their fingerprints. Database ids never leave the house."""

from __future__ import annotations

import base64
import hashlib
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
LENGTH = 12
_source: ContextVar[random.Random] = ContextVar("_source", default=secrets.SystemRandom())  # noqa: B039  # stateless
PATTERN = r"[0-9A-HJKMNP-TV-Z]{12}"


def new() -> str:
    """A random 60-bit reference of 12 characters."""
    number = _source.get().getrandbits(5 * LENGTH)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(0, 5 * LENGTH, 5))


def secret() -> str:
    """A 256-bit URL-safe secret, to be shown once and stored only as its fingerprint."""
    return base64.urlsafe_b64encode(_source.get().randbytes(32)).rstrip(b"=").decode()


def file_name() -> str:
    """128 random bits in 32 hexadecimal digits: a name for a file that nobody can guess."""
    return _source.get().randbytes(16).hex()


@contextmanager
def drawn_from(source: random.Random) -> Iterator[None]:
    """Within this block references, secrets and file names repeat with the seed of `source`: for demo data and simulations only."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def fingerprint(text: str) -> str:
    """SHA-256 in hex: enough for secrets of 256 random bits (passwords take argon2 instead)."""
    return hashlib.sha256(text.encode()).hexdigest()
