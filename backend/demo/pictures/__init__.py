"""Product pictures of the demo market, drawn by the project itself: always the same for the same kind and look.

Style: one object, front on, in a sunlit niche. Warm light from the upper left, cool shade on the right, one soft shadow to the
lower right. Flat fills in three tones, no outlines, no text, no brand.
"""

from backend.demo.pictures.canvas import KINDS, photo, picture

__all__ = ["KINDS", "photo", "picture"]
