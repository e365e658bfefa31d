from tests.escrow.holds.conftest import at, book, maker, sound_book

__all__ = ["at", "book", "maker", "sound_book"]
