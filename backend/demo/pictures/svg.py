"""A picture as one SVG document."""

from __future__ import annotations

import re

from backend.demo.pictures.scene import SHADOW_BLUR, SHADOW_OFFSET, SHADOW_STRENGTH, scene

Box = tuple[float, float, float, float]
WHOLE: Box = (0, 0, 600, 600)


def document(inner: str, *, view: Box = WHOLE) -> str:
    """The frame about a drawing; `view` is the part of the field that is seen."""
    seen = " ".join(f"{number:g}" for number in view)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{seen}" width="600" height="600">{inner}</svg>\n'


def picture(kind: str, seed: int) -> str:
    """SVG text of one product picture."""
    layers = scene(kind, seed)
    shadow = ""
    if layers.on_wall:
        blur = (
            '<filter id="s" x="-20%" y="-20%" width="140%" height="140%">'
            f'<feFlood flood-color="{layers.shadow_colour}"/><feComposite in2="SourceAlpha" operator="in"/><feGaussianBlur stdDeviation="{SHADOW_BLUR}"/></filter>'
        )
        x, y = SHADOW_OFFSET
        shadow = f'{blur}<g filter="url(#s)" transform="translate({x} {y})" opacity="{SHADOW_STRENGTH}">{_silhouette(layers.art)}</g>'
    return document(f"<defs>{layers.gradients}</defs>{layers.background}{shadow}{layers.art}")


def _silhouette(art: str) -> str:
    """The drawing again, without the definitions that the drawing itself brings."""
    return re.sub(r"<clipPath.*?</clipPath>|<linearGradient.*?</linearGradient>", "", art)
