"""Pictures that strangers send: decoded within limits, upright, sRGB, and nothing but pixels. No Django.

Refuses with Unreadable(why); never raises anything else.
"""

from __future__ import annotations

import io
import warnings
from typing import Final

import filetype
from PIL import Image, ImageCms, ImageOps

LARGEST_BYTES = 12 * 1024 * 1024
LARGEST_PIXELS = 50_000_000
LONGEST_SIDE = 12_000
DECODERS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/avif": "AVIF"}
LONGEST_KEPT: Final = 4_000
QUALITY: Final = 90


class Unreadable(Exception):
    """`why`: too_heavy | not_a_picture | too_large | too_small | damaged."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def decoded(data: bytes, *, shortest: int = 1, enough: int | None = None) -> Image.Image:
    """`shortest`: the least that a side may have; `enough`: the longest side that the caller will keep."""
    if len(data) > LARGEST_BYTES:
        raise Unreadable("too_heavy")
    kind = filetype.guess(data[:4096])
    decoder = DECODERS.get(kind.mime) if kind else None
    if decoder is None:
        raise Unreadable("not_a_picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _upright(Image.open(io.BytesIO(data), formats=[decoder]), shortest, enough)
    except Unreadable:
        raise
    except Image.DecompressionBombError:
        raise Unreadable("too_large") from None
    except Exception:  # a decoder fed by strangers may raise anything at all
        raise Unreadable("damaged") from None


def cleaned(data: bytes, *, most_bytes: int) -> tuple[bytes, str]:
    """The same picture in the same format, without what the camera wrote into it; a PNG that became too heavy is a JPEG. With its media type."""
    picture = decoded(data, enough=LONGEST_KEPT)
    picture.thumbnail((LONGEST_KEPT, LONGEST_KEPT))
    kind = str(filetype.guess(data[:4096]).mime)
    written = encoded(picture, DECODERS[kind], quality=QUALITY)
    return (written, kind) if len(written) <= most_bytes else (encoded(picture, "JPEG", quality=QUALITY), "image/jpeg")


def encoded(picture: Image.Image, form: str, **options: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()


def _upright(opened: Image.Image, shortest: int, enough: int | None) -> Image.Image:
    width, height = opened.size
    if width * height > LARGEST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Unreadable("too_large")
    if min(width, height) < shortest:
        raise Unreadable("too_small")
    profile = opened.info.get("icc_profile")
    if enough is not None:
        opened.draft("RGB", (enough, enough))  # JPEG decodes faster at a half or a quarter when that is enough
    opened.seek(0)
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    return _plain(_in_srgb(upright, profile))


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return converted or picture


def _plain(picture: Image.Image) -> Image.Image:
    """RGB on white, in a new image that carries nothing but pixels."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        above = picture.convert("RGBA")
        canvas = Image.new("RGB", above.size, "white")
        canvas.paste(above, mask=above.getchannel("A"))
        return canvas
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain
