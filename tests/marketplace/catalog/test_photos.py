import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from core import jobs
from core.errors import Invalid, NotHere
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings import queries
from marketplace.catalog.photos import access, encoding, operations
from marketplace.catalog.photos.encoding import Unreadable, encode
from tests.factories import goods
from tests.factories.goods import NOON, SELLER, picture


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(side: int = 30_000) -> bytes:
    """A few kilobytes that would unpack to gigabytes."""
    rows = zlib.compress(bytes(side // 8 + 1) * 2000, 9)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A small picture with 200 MB of compressed text inside."""
    whole = picture(300, 300)
    bomb = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"a" * 200_000_000, 9))
    return whole[:33] + bomb + whole[33:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not_a_picture"),
        (SVG, "not_a_picture"),
        (b"<?xml version='1.0'?>" + SVG, "not_a_picture"),
        (b"<html><body><script>alert(1)</script></body></html>", "not_a_picture"),
        (b"PK\x03\x04" + bytes(5000), "not_a_picture"),
        (b"%PDF-1.7" + bytes(500), "not_a_picture"),
        (b"GIF89a" + SVG, "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n" + SVG, "damaged"),
        (b"\xff\xd8\xff\xe0" + SVG, "damaged"),
        (picture(600, 400)[:-900], "damaged"),
        (picture(900, 900, form="JPEG")[:2000], "damaged"),
        (png_bomb(), "too_large"),
        (png_bomb(9_000), "too_large"),
        (text_bomb(), "damaged"),
        (picture(150, 900), "too_small"),
        (bytes(encoding.LARGEST_BYTES + 1), "too_heavy"),
    ],
)
def test_encode_refuses_what_is_no_harmless_picture(data, why):
    with pytest.raises(Unreadable) as refused:
        encode(data)
    assert refused.value.why == why
    assert why in operations.WORDS


def test_encode_makes_three_sizes_in_two_formats():
    encoded = encode(picture(2400, 1200))
    assert encoded.widths == {320: 320, 800: 800, 1600: 1600}
    assert (encoded.width, encoded.height) == (1600, 800)
    for file in encoded.files:
        opened = Image.open(io.BytesIO(file.data))
        assert opened.format == {"avif": "AVIF", "webp": "WEBP"}[file.extension]
        assert opened.size == (file.name, file.name // 2)


def test_encode_never_blows_a_small_picture_up():
    encoded = encode(picture(500, 400))
    assert encoded.widths == {320: 320, 800: 500}


def test_encode_turns_upright_and_strips_what_the_camera_wrote():
    original = Image.new("RGB", (400, 300), "#c65f43")
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    exif[0x010E] = "SECRET garden at home"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 29.9)
    written = io.BytesIO()
    original.save(written, "JPEG", exif=exif)
    encoded = encode(written.getvalue())
    assert (encoded.width, encoded.height) == (300, 400)
    for file in encoded.files:
        opened = Image.open(io.BytesIO(file.data))
        assert not opened.getexif()
        assert b"SECRET" not in file.data
        assert "xmp" not in opened.info


def test_encode_keeps_nothing_of_a_polyglot():
    encoded = encode(picture(600, 400) + b"<script>alert(document.cookie)</script>PK\x03\x04")
    assert all(b"<script>" not in file.data and b"PK\x03\x04" not in file.data for file in encoded.files)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "CMYK", "1", "I;16"])
def test_encode_reads_every_colour_mode(mode):
    written = io.BytesIO()
    Image.new(mode, (300, 300)).save(written, "JPEG" if mode == "CMYK" else "PNG")
    assert encode(written.getvalue()).width == 300


@pytest.mark.django_db
def test_add_puts_files_under_a_random_name():
    listing = goods.draft()
    photo = operations.add(listing=listing, file=io.BytesIO(picture()), actor=SELLER, at=NOON, alt="From above")
    shown = queries.picture_of(photo)
    assert default_storage.exists(f"{photo.folder}/320.avif")
    assert default_storage.exists(f"{photo.folder}/800.webp")
    assert shown.avif == f"/media/{photo.folder}/320.avif 320w, /media/{photo.folder}/800.avif 640w"
    assert shown.large.endswith("800.webp")
    assert photo.position == 1


@pytest.mark.django_db
def test_add_refuses_bad_files_and_the_thirteenth_photo():
    listing = goods.draft()
    with pytest.raises(Invalid) as refused:
        operations.add(listing=listing, file=io.BytesIO(SVG), actor=SELLER, at=NOON)
    assert refused.value.field == "photo"
    encoded = encode(picture(200, 200))
    for _ in range(11):
        operations.add_encoded(listing=listing, encoded=encoded, actor=SELLER, at=NOON)
    before = len(list(default_storage.listdir("photos")[0]))
    with pytest.raises(operations.TooManyPhotos):
        operations.add(listing=listing, file=io.BytesIO(picture(200, 200)), actor=SELLER, at=NOON)
    with pytest.raises(operations.TooManyPhotos):
        operations.add_encoded(listing=listing, encoded=encoded, actor=SELLER, at=NOON)
    assert (
        len(
            [
                f
                for d in default_storage.listdir("photos")[0]
                for f in default_storage.listdir(f"photos/{d}")[0]
                if default_storage.listdir(f"photos/{d}/{f}")[1]
            ]
        )
        == 12
    )
    assert before <= 12


@pytest.mark.django_db
def test_reorder_and_move():
    listing = goods.draft()
    operations.add_encoded(listing=listing, encoded=encode(picture(200, 200)), actor=SELLER, at=NOON)
    first, second = listing.photos.all()
    operations.move(photo=second, by=-1, actor=SELLER, at=NOON)
    assert list(listing.photos.all()) == [second, first]
    operations.move(photo=second, by=-1, actor=SELLER, at=NOON)
    assert list(listing.photos.all()) == [second, first]
    with pytest.raises(Invalid):
        operations.reorder(listing=listing, references=[first.reference], actor=SELLER, at=NOON)


@pytest.mark.django_db
def test_last_photo_of_a_published_listing_stays():
    listing = goods.published()
    with pytest.raises(listings.NotReady):
        operations.remove(photo=listing.photos.get(), actor=SELLER, at=NOON)
    assert listing.photos.count() == 1


@pytest.mark.django_db(transaction=True)
def test_files_that_a_version_shows_stay_and_others_go():
    listing = goods.draft()
    spare = operations.add_encoded(listing=listing, encoded=encode(picture(200, 200)), actor=SELLER, at=NOON)
    operations.remove(photo=spare, actor=SELLER, at=NOON)
    goods.offer(listing)
    listings.publish(listing=listing, actor=SELLER, at=NOON)
    shown = listing.photos.get()
    operations.add_encoded(listing=listing, encoded=encode(picture(200, 200)), actor=SELLER, at=NOON)
    operations.remove(photo=shown, actor=SELLER, at=NOON)
    jobs.run_due()
    assert not default_storage.exists(f"{spare.folder}/320.webp")
    assert default_storage.exists(f"{shown.folder}/320.webp")
    assert listing.versions.first().body["photos"][0]["reference"] == shown.reference


@pytest.mark.django_db
def test_photo_of_another_listing_or_shop_is_not_here():
    owner = goods.person()
    vendor = goods.shop(owner)
    mine, other, foreign = goods.draft(vendor), goods.draft(vendor), goods.draft()
    photo = mine.photos.get()
    assert access.get_for(owner, listing_reference=mine.reference, reference=photo.reference) == photo
    for user, listing, reference in [
        (owner, other, photo.reference),
        (owner, foreign, foreign.photos.get().reference),
        (owner, mine, foreign.photos.get().reference),
        (goods.person(), mine, photo.reference),
    ]:
        with pytest.raises(NotHere):
            access.get_for(user, listing_reference=listing.reference, reference=reference)


def test_media_is_served_as_a_picture_and_nothing_else(client, settings):
    folder = settings.MEDIA_ROOT / "photos" / "ab"
    folder.mkdir(parents=True)
    (folder / "320.webp").write_bytes(b"RIFF")
    answer = client.get("/media/photos/ab/320.webp")
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "image/webp"
    assert "immutable" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline")
    for path in ("/media/../souk", "/media/photos/", "/media/photos/ab/", "/media/photos/ab/x.webp", "/media/%2e%2e/secret"):
        assert client.get(path).status_code == 404
