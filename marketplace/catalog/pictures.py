"""A picture in its sizes: where its files are, and what a page writes to show it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WIDTHS = (320, 800, 1600)
FORMATS = ("avif", "webp")


@dataclass(frozen=True)
class Picture:
    """`folder` is the address of the folder that holds `<name>.avif` and `<name>.webp` for each name in `widths`.

    `widths` maps a file's name (320, 800, 1600: its longest side) to its real width. A small original is never blown up:
    it has fewer files.
    """

    reference: str
    folder: str
    widths: Mapping[int, int]
    width: int
    height: int
    alt: str = ""

    def address(self, wanted: int, extension: str = "webp") -> str:
        """The smallest file that is at least `wanted` wide, else the largest there is."""
        name = next((name for name in sorted(self.widths) if name >= wanted), max(self.widths))
        return f"{self.folder}/{name}.{extension}"

    def _srcset(self, extension: str) -> str:
        return ", ".join(f"{self.folder}/{name}.{extension} {width}w" for name, width in sorted(self.widths.items()))

    @property
    def avif(self) -> str:
        return self._srcset("avif")

    @property
    def webp(self) -> str:
        return self._srcset("webp")

    @property
    def small(self) -> str:
        return self.address(320)

    @property
    def medium(self) -> str:
        return self.address(800)

    @property
    def large(self) -> str:
        return self.address(1600)

    def kept(self) -> dict[str, Any]:
        """How a listing's version remembers it."""
        return {
            "reference": self.reference,
            "folder": self.folder,
            "widths": {str(name): width for name, width in self.widths.items()},
            "width": self.width,
            "height": self.height,
            "alt": self.alt,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Picture:
        return cls(**{**kept, "widths": {int(name): width for name, width in kept["widths"].items()}})
