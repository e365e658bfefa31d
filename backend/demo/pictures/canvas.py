"""From a kind and a look to a finished picture: the room, the thing in it, its shadow; as SVG or as a rendered photo."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from random import Random

import resvg_py

from backend.demo.pictures import gadgets, home, new_things, wear_and_play
from backend.demo.pictures.brush import dim, disc, lit, new_drawing, path, rect
from backend.demo.pictures.palette import FLAT, LOOKS, ROOMS, SCALE, SHADOW

Draw = Callable[[Random, str, str], str]
KINDS: dict[str, Draw] = {
    kind: getattr(module, kind) for module in (home, gadgets, wear_and_play, new_things) for kind in LOOKS if hasattr(module, kind)
}
# The whole picture, then details: (x, y, side) in the 600 × 600 drawing.
VIEWS = ((0, 0, 600), (150, 190, 300), (70, 150, 330), (210, 150, 330), (170, 260, 300))
SIDE = 900
DEFINITIONS = re.compile(r"<(clipPath|linearGradient).*?</\1>")  # a shadow refers to those of its thing
PAINT = re.compile(r'\b(fill|stroke)="(?!none)[^"]*"')


def picture(kind: str, look: int, *, view: int = 0) -> str:
    """SVG text of one picture. `view` 0 is the whole thing, the others are details of it."""
    new_drawing()
    r = random.Random(f"{kind}/{look}")  # noqa: S311  # a drawing, not a secret
    room, a, b = LOOKS[kind][look % len(LOOKS[kind])]
    wall, niche, floor = ROOMS[room]
    style = r.choice(["arch", "arch", "sun", "window"])
    background = _wall(wall, niche) if kind in FLAT else _room(style, wall, niche, floor)
    scale = SCALE.get(kind, 1.08)
    art = KINDS[kind](r, a, b)
    down = (300 if kind in FLAT else 490) * (1 - scale)
    art = f'<g transform="translate({300 - 300 * scale:.1f} {down:.1f}) scale({scale})">{art}</g>'
    x, y, side = VIEWS[view % len(VIEWS)]
    body = _defs(dim(floor, 0.55)) + background + _shadow(kind, art, wall) + art
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {side} {side}" width="600" height="600">{body}</svg>\n'


def photo(kind: str, look: int, *, view: int = 0) -> bytes:
    """The picture as a PNG of 900 × 900 pixels."""
    return bytes(resvg_py.svg_to_bytes(svg_string=picture(kind, look, view=view), width=SIDE, height=SIDE, skip_system_fonts=True))


def _wall(wall: str, niche: str) -> str:
    light = path("M0 0H600V600z", wall, opacity=0.55) + path("M-40 420L420 -40H560L-40 560z", "#ffffff", opacity=0.16)
    return rect(0, 0, 600, 600, 0, niche) + light


def _room(style: str, wall: str, niche: str, floor: str) -> str:
    if style == "arch":
        hollow = path("M84 436V276a216 216 0 0 1 432 0V436z", niche)
        hollow += path("M84 436V276a216 216 0 0 1 216-216a216 216 0 0 0-190 216V436z", dim(wall, 0.09))
    elif style == "sun":
        hollow = disc(300, 276, 214, niche)
    else:
        hollow = "".join(path(f"M{x} {y}h112l38 142h-112z", niche) for x, y in ((96, 40), (226, 40), (138, 200), (268, 200)))
    ground = rect(0, 436, 600, 164, 0, floor) + rect(0, 436, 600, 5, 0, lit(floor, 0.16))
    return rect(0, 0, 600, 600, 0, wall) + hollow + ground + path("M0 520L210 442H420L150 600H0z", "#ffffff", opacity=0.13)


def _shadow(kind: str, art: str, wall: str) -> str:
    if kind in FLAT:
        shape = PAINT.sub(rf'\1="{dim(wall, 0.7)}"', DEFINITIONS.sub("", art))
        return "".join(f'<g opacity=".1" transform="translate({320 - 300 * k:g} {324 - 300 * k:g}) scale({k})">{shape}</g>' for k in (0.98, 1, 1.02))
    half = SHADOW.get(kind, 250)
    return disc(322, 494, half, "url(#g)", 30) + disc(306, 492, half * 0.86, "url(#g)", 13)


def _defs(shade: str) -> str:
    return (
        f'<defs><radialGradient id="g"><stop offset=".1" stop-color="{shade}" stop-opacity=".5"/>'
        f'<stop offset="1" stop-color="{shade}" stop-opacity="0"/></radialGradient>'
        '<linearGradient id="l" x2="0" y2="1"><stop stop-color="#fff1c2" stop-opacity=".6"/>'
        '<stop offset="1" stop-color="#fff1c2" stop-opacity="0"/></linearGradient>'
        "</defs>"
    )
