"""A picture as a photo: rendered at 800 × 800, from the front or close up."""

from __future__ import annotations

from io import BytesIO

import resvg_py
from PIL import Image, ImageFilter

from backend.demo.pictures.scene import SHADOW_BLUR, SHADOW_OFFSET, SHADOW_STRENGTH, Scene, scene
from backend.demo.pictures.svg import WHOLE, Box, document

SIDE, QUALITY = 800, 90
SHADOW_SIDE = 150  # a blurred shadow has no detail to lose
VIEWS = 5  # view 0 is the whole thing, 1 to 4 are close-ups

# Where a buyer looks twice: left, top and size of each close-up in the field of 600.
CLOSE_UPS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "bicycle": ((40, 270, 260), (320, 150, 240), (210, 300, 220), (150, 130, 260)),
    "books": ((120, 180, 270), (220, 60, 240), (210, 330, 250), (90, 90, 420)),
    "camera": ((165, 230, 270), (80, 165, 260), (330, 180, 200), (0, 190, 280)),
    "chair": ((150, 110, 280), (90, 250, 260), (260, 330, 260), (60, 60, 400)),
    "console": ((160, 60, 290), (170, 310, 240), (270, 300, 230), (130, 250, 330)),
    "espresso": ((250, 260, 230), (130, 130, 260), (260, 90, 250), (90, 300, 260)),
    "guitar": ((190, 270, 260), (220, 10, 230), (200, 140, 260), (170, 340, 240)),
    "jacket": ((180, 110, 260), (190, 300, 230), (70, 330, 230), (120, 80, 400)),
    "lamp": ((270, 80, 270), (110, 180, 260), (110, 350, 240), (160, 60, 380)),
    "laptop": ((110, 330, 280), (100, 110, 280), (290, 120, 260), (230, 340, 260)),
    "pallet": ((240, 120, 240), (130, 260, 240), (300, 240, 240), (90, 80, 400)),
    "phone": ((300, 90, 240), (110, 120, 260), (120, 300, 260), (80, 60, 440)),
    "plant": ((180, 90, 280), (190, 310, 250), (280, 130, 240), (110, 60, 400)),
    "sneakers": ((90, 220, 280), (330, 290, 240), (180, 200, 240), (60, 360, 240)),
    "sofa": ((80, 200, 280), (300, 200, 270), (60, 320, 260), (100, 140, 400)),
    "tea": ((110, 240, 240), (300, 280, 250), (100, 140, 260), (90, 120, 400)),
    "toolbox": ((120, 110, 270), (300, 120, 260), (120, 320, 250), (250, 300, 260)),
    "train": ((80, 200, 280), (340, 260, 250), (200, 190, 240), (80, 340, 250)),
    "vases": ((110, 180, 270), (270, 310, 260), (110, 40, 260), (80, 120, 400)),
    "watch": ((180, 180, 250), (210, 30, 230), (280, 200, 230), (200, 370, 220)),
    "watering": ((30, 180, 260), (180, 200, 280), (340, 260, 250), (180, 330, 250)),
}


def photo(kind: str, seed: int, *, view: int = 0) -> bytes:
    """A JPEG of 800 × 800; `view` 1 to 4 looks closer. The same bytes for the same arguments."""
    layers, seen = scene(kind, seed), _seen(kind, view)
    gradients = f"<defs>{layers.gradients}</defs>"
    if layers.on_wall:
        image = _render(document(gradients + layers.background, view=seen), SIDE)
        image.paste(layers.shadow_colour, mask=_shadow(layers, seen))
        image.alpha_composite(_render(document(gradients + layers.art, view=seen), SIDE))
    else:
        image = _render(document(gradients + layers.background + layers.art, view=seen), SIDE)
    file = BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _seen(kind: str, view: int) -> Box:
    if view == 0:
        return WHOLE
    left, top, size = CLOSE_UPS[kind][(view - 1) % len(CLOSE_UPS[kind])]
    return (left, top, size, size)


def _shadow(layers: Scene, view: Box) -> Image.Image:
    """The blurred silhouette as a mask. Done small: the renderer's own blur takes two seconds at full size."""
    left, top, width, _ = view
    margin = 3 * SHADOW_BLUR
    around = (left - SHADOW_OFFSET[0] - margin, top - SHADOW_OFFSET[1] - margin, width + 2 * margin, width + 2 * margin)
    small = _render(document(layers.art, view=around), SHADOW_SIDE).getchannel("A")
    pixel = SHADOW_SIDE / around[2]
    blurred = small.filter(ImageFilter.GaussianBlur(SHADOW_BLUR * pixel)).point(lambda alpha: round(alpha * SHADOW_STRENGTH))
    inner = (margin * pixel, margin * pixel, (margin + width) * pixel, (margin + width) * pixel)
    return blurred.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box=inner)


def _render(svg: str, side: int) -> Image.Image:
    drawn = resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side, skip_system_fonts=True)
    return Image.open(BytesIO(bytes(drawn))).convert("RGBA")
