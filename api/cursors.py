"""Cursors that tell nothing and cannot be invented: the place in a list, sealed for the one question that it belongs to."""

from __future__ import annotations

import base64
import binascii
import json
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.crypto import salted_hmac

LONGEST = 600


def seal(place: list[Any], *, question: str) -> str:
    """The place as a word for the address; the same place of the same question is the same word."""
    sealed = _cipher(settings.SECRET_KEY).encrypt(json.dumps(place, separators=(",", ":")).encode(), [question.encode()])
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def opened(cursor: str, *, question: str) -> list[Any] | None:
    """The place; None for a word that we did not write, or wrote for another question."""
    if not 22 <= len(cursor) <= LONGEST or not cursor.isascii():
        return None
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place: list[Any] = json.loads(_cipher(settings.SECRET_KEY).decrypt(sealed, [question.encode()]))
    except (binascii.Error, InvalidTag, ValueError):
        return None
    return place


@cache
def _cipher(secret: str) -> AESSIV:
    return AESSIV(salted_hmac("api.cursors", "", secret=secret, algorithm="sha512").digest())
