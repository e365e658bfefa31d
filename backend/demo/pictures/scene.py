"""A thing in its niche: wall, sun or window light, one horizon at 73 %, one soft shadow to the lower right."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from backend.demo.pictures.brush import dim, disc, lit, path, rect
from backend.demo.pictures.looks import LOOKS, ROOMS, Room
from backend.demo.pictures.things import THINGS

SCALE = {
    "chair": 1.22, "guitar": 0.98, "bicycle": 0.94, "sofa": 1.06, "lamp": 1.14, "books": 1.14, "jacket": 1.12, "watch": 1.04, "console": 0.98, "phone": 1.06,
    "pallet": 1.1, "train": 1.04, "toolbox": 1.04, "watering": 1.08, "laptop": 1.06, "tea": 1.1,
}  # fmt: skip
SHADOW_WIDTH = {
    "lamp": 150,
    "plant": 130,
    "guitar": 150,
    "sneakers": 260,
    "camera": 260,
    "vases": 210,
    "books": 190,
    "espresso": 200,
    "watering": 190,
    "tea": 230,
}
FLAT = {"phone", "jacket", "watch", "console"}  # hung on the wall or laid flat: shadow behind, no floor
SHADOW_OFFSET, SHADOW_BLUR, SHADOW_STRENGTH = (20, 24), 12, 0.34


@dataclass(frozen=True)
class Scene:
    """The layers of one picture, back to front."""

    gradients: str
    background: str
    art: str
    on_wall: bool  # throws its own blurred shadow; what stands on a floor has one there already
    shadow_colour: str


def scene(kind: str, seed: int) -> Scene:
    """The layers of a picture, always the same for the same pair."""
    dice = Random(f"{kind}/{seed}")  # noqa: S311 (a brush, not a secret)
    room_name, main, second = LOOKS[kind][seed % len(LOOKS[kind])]
    room, flat, style = ROOMS[room_name], kind in FLAT, dice.choice(["arch", "arch", "sun", "window"])
    art = _placed(THINGS[kind](dice, main, second), SCALE.get(kind, 1.08), 300 if flat else 490)
    background = _wall(room) if flat else _niche(room, style) + _floor_shadow(SHADOW_WIDTH.get(kind, 250))
    return Scene(_gradients(dim(room.floor, 0.55)), background, art, flat, dim(room.wall, 0.7))


def _placed(drawing: str, scale: float, foot: float) -> str:
    return f'<g transform="translate({300 - 300 * scale:.1f} {foot * (1 - scale):.1f}) scale({scale})">{drawing}</g>'


def _wall(room: Room) -> str:
    sun = path("M0 0H600V600z", room.wall, fill_opacity=0.55) + path("M-40 420L420 -40H560L-40 560z", "#ffffff", fill_opacity=0.16)
    return rect(0, 0, 600, 600, 0, room.niche) + sun


def _niche(room: Room, style: str) -> str:
    if style == "arch":
        edge = path("M84 436V276a216 216 0 0 1 216-216a216 216 0 0 0-190 216V436z", dim(room.wall, 0.09))
        light = path("M84 436V276a216 216 0 0 1 432 0V436z", room.niche) + edge
    elif style == "sun":
        light = disc(300, 276, 214, room.niche)
    else:
        light = "".join(path(f"M{x} {y}h112l38 142h-112z", room.niche) for x, y in ((96, 40), (226, 40), (138, 200), (268, 200)))
    floor = rect(0, 436, 600, 164, 0, room.floor) + rect(0, 436, 600, 5, 0, lit(room.floor, 0.16))
    return rect(0, 0, 600, 600, 0, room.wall) + light + floor + path("M0 520L210 442H420L150 600H0z", "#ffffff", fill_opacity=0.13)


def _floor_shadow(width: float) -> str:
    return disc(322, 494, width, "url(#shade)", 30) + disc(306, 492, width * 0.86, "url(#shade)", 13)


def _gradients(shade: str) -> str:
    return (
        f'<radialGradient id="shade"><stop offset=".1" stop-color="{shade}" stop-opacity=".5"/><stop offset="1" stop-color="{shade}" stop-opacity="0"/></radialGradient>'
        '<linearGradient id="l" x2="0" y2="1"><stop stop-color="#fff1c2" stop-opacity=".6"/><stop offset="1" stop-color="#fff1c2" stop-opacity="0"/></linearGradient>'
    )
