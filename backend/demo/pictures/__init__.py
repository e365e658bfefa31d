"""Product pictures for the demo market, painted by rule: the same picture for the same (kind, seed), no file, no photographer.

`picture(kind, seed)` is SVG; `photo(kind, seed, view=n)` is a JPEG as a seller's camera would give it. Seeds 0–3 are the four looks of
a kind; seed + 4 is the same look with other details. A new kind: a function in `things/`, four looks in `looks.py`, a check at 160 px.
"""

from backend.demo.pictures.photo import SIDE, VIEWS, photo
from backend.demo.pictures.svg import picture
from backend.demo.pictures.things import THINGS

KINDS = tuple(THINGS)

__all__ = ["KINDS", "SIDE", "VIEWS", "photo", "picture"]
