"""The holds' own maker and clock, and a dispute at every step of its way."""

from __future__ import annotations

from tests.escrow.holds.conftest import Maker, at, book, maker, sound_book, travel

__all__ = ["Maker", "at", "book", "maker", "sound_book", "travel"]
