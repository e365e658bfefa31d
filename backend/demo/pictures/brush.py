"""Strokes of the painter: SVG fragments in flat tones. Warm light, cool shade, no outline."""

from __future__ import annotations

import hashlib

WARM_LIGHT, COOL_SHADE = "#fff4dc", "#1c1740"
SOFT_EDGE = 0.0012  # of the gradient's length: about one pixel, so that a tone ends without a jagged edge


def mix(first: str, second: str, share: float) -> str:
    """A colour between two, `share` of the way."""
    pairs = zip(bytes.fromhex(first[1:]), bytes.fromhex(second[1:]), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in pairs)


def lit(colour: str, share: float = 0.3) -> str:
    """The colour in warm light."""
    return mix(colour, WARM_LIGHT, share)


def dim(colour: str, share: float = 0.25) -> str:
    """The colour in cool shade."""
    return mix(colour, COOL_SHADE, share)


def brightness(colour: str) -> int:
    """0 black to 765 white."""
    return sum(bytes.fromhex(colour[1:]))


def _attributes(extra: dict[str, object]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in extra.items())


def rect(x: float, y: float, width: float, height: float, radius: float, fill: str, **extra: object) -> str:
    """A rectangle with round corners."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}"{_attributes(extra)}/>'


def disc(x: float, y: float, radius: float, fill: str, radius_y: float | None = None, **extra: object) -> str:
    """A circle, or an ellipse when its height is given."""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{radius:g}" ry="{radius_y or radius:g}" fill="{fill}"{_attributes(extra)}/>'


def path(d: str, fill: str, **extra: object) -> str:
    """A filled path."""
    return f'<path d="{d}" fill="{fill}"{_attributes(extra)}/>'


def stroke(d: str, colour: str, width: float, **extra: object) -> str:
    """A line with round ends."""
    return path(d, "none", stroke=colour, stroke_width=width, stroke_linecap="round", stroke_linejoin="round", **extra)


def box(x: float, y: float, width: float, height: float, radius: float) -> str:
    """Path data of a rectangle with round corners."""
    across, down, r = width - 2 * radius, height - 2 * radius, radius
    return (
        f"M{x + r} {y}h{across}a{r} {r} 0 0 1 {r} {r}v{down}a{r} {r} 0 0 1 {-r} {r}h{-across}a{r} {r} 0 0 1 {-r} {-r}v{-down}a{r} {r} 0 0 1 {r} {-r}z"
    )


def turn(inner: str, degrees: float, x: float = 300, y: float = 300) -> str:
    """The drawing turned about a point."""
    return f'<g transform="rotate({degrees} {x} {y})">{inner}</g>'


def within(d: str, inner: str) -> str:
    """The part of a drawing that lies inside a path."""
    name = "c" + _name_of(d)
    return f'<clipPath id="{name}"><path d="{d}"/></clipPath><g clip-path="url(#{name})">{inner}</g>'


def solid(d: str, fill: str, shade_from: float, light_to: float | None = None, slant: float = 30, extra: str = "") -> str:
    """A body with a lit left side and a shaded right side, both ending at a slanted line; `extra` is drawn on it and ends at its edge.

    One path with a gradient of hard steps: clipping three layers looks the same and takes ten times as long to render.
    """
    tilt = slant / 300
    steps = [] if light_to is None else [(light_to, lit(fill, 0.26 if brightness(fill) > 300 else 0.12))]
    tones = [*steps, (shade_from, fill), (float("inf"), dim(fill, 0.2))]
    stops, start = "", 0.0
    for until, tone in tones:
        end = min(1.0, (until + slant) / 600)
        stops += f'<stop offset="{start:.4f}" stop-color="{tone}"/><stop offset="{end:.4f}" stop-color="{tone}"/>'
        start = min(1.0, end + SOFT_EDGE)
    x, y = 600 / (1 + tilt * tilt), 600 * tilt / (1 + tilt * tilt)
    name = "g" + _name_of(f"{stops}{slant}")
    shading = f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="{x:.2f}" y2="{y:.2f}">{stops}</linearGradient>'
    return shading + path(d, f"url(#{name})") + (within(d, extra) if extra else "")


def leg(x: float, y: float, height: float, lean: float, fill: str, width: float = 17) -> str:
    """A tapered leg of furniture."""
    return path(f"M{x - width / 2} {y}h{width}l{lean - width * 0.28} {height}h{-width * 0.44}z", fill)


def _name_of(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()
