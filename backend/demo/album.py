"""Photos that hang on the wall before they are developed: the market lives while the darkroom works."""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.demo import pictures
from backend.demo.darkroom import Prints, Shot
from marketplace.catalog.photos import operations as photos


@dataclass(frozen=True)
class Frame:
    """How large every photo of the demo comes out."""

    width: int = pictures.SIDE
    height: int = pictures.SIDE
    widths: dict[int, int] = field(default_factory=lambda: {320: 320, pictures.SIDE: pictures.SIDE})


FRAME = Frame()


class Album:
    """Photos that hang already, each in a folder of its own, and are developed meanwhile."""

    def __init__(self, prints: Prints) -> None:
        self._prints = prints
        self._hung: list[tuple[Shot, str]] = []

    def hang(self, shot: Shot) -> str:
        """The folder in which this photo will lie."""
        folder = photos.new_folder()
        self._hung.append((shot, folder))
        return folder

    def fill(self) -> None:
        """Put every photo into its folder; until then nobody is let in."""
        for shot, folder in self._hung:
            encoded = self._prints[shot]()
            if (encoded.width, encoded.widths) != (FRAME.width, FRAME.widths):
                raise ValueError(f"{shot} came out in another size than its frame.")
            photos.store(encoded, folder)
        self._hung.clear()
