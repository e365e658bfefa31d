"""Bodies made to hurt: too large, too deep, not what they say they are. A clear 4xx, and nothing half-written."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from marketplace.catalog.photos.models import Photo
from tests.factories import goods

pytestmark = pytest.mark.django_db(transaction=True)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb() -> bytes:
    """A few hundred bytes that say 50,000 × 50,000 pixels."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 100_000)) + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", b"\x00" * 20_000_000)
    return written.getvalue()


PICTURES = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    "png bomb": png_bomb(),
    "zip bomb": zip_bomb(),
    "html": b"<!doctype html><script>alert(1)</script>",
    "half a jpeg": goods.picture(form="JPEG")[:500],
    "nothing": b"",
    "a gif that lies": b"GIF89a" + b"\xff" * 300,
}


@pytest.mark.parametrize("form", PICTURES)
def test_hostile_pictures_are_refused_on_api_and_page(form: str) -> None:
    owner = goods.person()
    vendor = goods.shop(owner)
    listing = goods.draft(vendor)
    before = Photo.objects.count()
    client = Client(raise_request_exception=False)
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    sent = lambda: SimpleUploadedFile("photo.jpg", PICTURES[form], "image/jpeg")  # noqa: E731
    answer = client.post(f"/api/v1/my_listings/{listing.reference}/photos/", {"file": sent()})
    assert 400 <= answer.status_code < 500, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    page = client.post(f"/sell/{vendor.slug}/listings/{listing.reference}/", {"title": "Kept as I typed it", "photos": sent()})
    assert 400 <= page.status_code < 500
    assert b"Kept as I typed it" in page.content
    assert Photo.objects.count() == before


@pytest.mark.parametrize("path", ["/api/v1/cart/lines/", "/api/v1/checkouts/"])
def test_huge_and_deep_json_is_refused(path: str) -> None:
    client = Client(raise_request_exception=False)
    huge = client.post(path, json.dumps({"variant": "A" * 10_000_000}), content_type="application/json")
    assert (huge.status_code, huge["Content-Type"]) == (413, "application/problem+json")
    for body in [
        "[" * 100_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        '{"quantity": 1e999}',
        '{"variant": "\\u0000"}',
        '{"variant": "\\ud800"}',
        "nope",
        "",
    ]:
        answer = client.post(path, body, content_type="application/json")
        assert 400 <= answer.status_code < 500, (body[:20], answer.content)
        assert answer["Content-Type"] == "application/problem+json"


def test_huge_forms_are_refused() -> None:
    client = Client(raise_request_exception=False)
    assert client.post("/basket/lines/", {"variant": "A" * 10_000_000}).status_code in (400, 413)
    assert client.post("/basket/lines/", {f"field{number}": "x" for number in range(5_000)}).status_code in (400, 413)


def test_unknown_api_addresses_answer_problems() -> None:
    for path in ("/api/v1/nothing/", "/api/v1/orders/%00/", "/api/"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["code"] == "not_found"
