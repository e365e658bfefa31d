"""The brush: flat shapes in three tones. Light is warm and comes from the upper left, shade is cool."""

from __future__ import annotations

from itertools import count
from typing import Any


def mix(a: str, b: str, t: float) -> str:
    pair = zip(bytes.fromhex(a[1:]), bytes.fromhex(b[1:]), strict=True)
    return "#" + "".join(f"{round(x + (y - x) * t):02x}" for x, y in pair)

def lit(c: str, t: float = 0.3) -> str:
    return mix(c, "#fff4dc", t)  # light is warm

def dim(c: str, t: float = 0.25) -> str:
    return mix(c, "#1c1740", t)  # shade is cool

def attrs(kw: dict[str, Any]) -> str:
    return "".join(f' {k.replace("_", "-")}="{v}"' for k, v in kw.items())

def rect(x: float, y: float, w: float, h: float, r: float, f: str, **kw: Any) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{r:g}" fill="{f}"{attrs(kw)}/>'

def disc(x: float, y: float, r: float, f: str, ry: float | None = None, **kw: Any) -> str:
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{r:g}" ry="{ry or r:g}" fill="{f}"{attrs(kw)}/>'

def path(d: str, f: str, **kw: Any) -> str:
    return f'<path d="{d}" fill="{f}"{attrs(kw)}/>'

def stroke(d: str, c: str, w: float, **kw: Any) -> str:
    return path(d, "none", stroke=c, stroke_width=w, stroke_linecap="round", stroke_linejoin="round", **kw)

def box(x: float, y: float, w: float, h: float, r: float) -> str:
    return f"M{x+r} {y}h{w-2*r}a{r} {r} 0 0 1 {r} {r}v{h-2*r}a{r} {r} 0 0 1 {-r} {r}h{-(w-2*r)}a{r} {r} 0 0 1 {-r} {-r}v{-(h-2*r)}a{r} {r} 0 0 1 {r} {-r}z"

def turn(inner: str, deg: float, x: float = 300, y: float = 300) -> str:
    return f'<g transform="rotate({deg} {x} {y})">{inner}</g>'

_clips = count(1)


def new_drawing() -> None:
    """Clip names begin at 1 again, so that the same picture is the same text."""
    global _clips
    _clips = count(1)


def clip_name() -> str:
    """A name for the next clip path."""
    return f"c{next(_clips)}"


def solid(d: str, f: str, shade_from: float, light_to: float | None = None, slant: float = 30, extra: str = "") -> str:
    """A path with a lit left edge and a shaded right side; `extra` is drawn on it and clipped to it.

    The three tones are one gradient with hard stops: a renderer fills it in one pass, where clipped layers cost 0.1 s each.
    """
    i = clip_name()
    out = _tones(f"g{i}", f, shade_from, light_to, slant) + path(d, f"url(#g{i})")
    return out + f'<clipPath id="{i}"><path d="{d}"/></clipPath><g clip-path="url(#{i})">{extra}</g>' if extra else out


def _tones(name: str, f: str, shade_from: float, light_to: float | None, slant: float) -> str:
    """Light ends and shade begins at parallel slanted lines through (light_to, 300) and (shade_from, 300)."""
    start = light_to if light_to is not None else shade_from - 200
    bright = lit(f, 0.26 if sum(bytes.fromhex(f[1:])) > 300 else 0.12) if light_to is not None else f
    apart = (shade_from - start) * 600 / (360_000 + 4 * slant * slant)  # across the lines, per unit of their normal (600, 2 slant)
    stops = "".join(f'<stop offset="{offset}" stop-color="{colour}"/>' for offset, colour in ((0, bright), (0, f), (1, f), (1, dim(f, 0.2))))
    ends = f'x1="{start:g}" y1="300" x2="{start + apart * 600:.2f}" y2="{300 + apart * 2 * slant:.2f}"'
    return f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" {ends}>{stops}</linearGradient>'


def leg(x: float, y: float, h: float, lean: float, f: str, w: float = 17) -> str:
    return path(f"M{x-w/2} {y}h{w}l{lean-w*0.28} {h}h{-w*0.44}z", f)
