"""The parts that every page is made of: tags, icons, budgets, error pages, the showroom."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
from django.template import Context, Template
from django.utils import translation

from core.money import Money
from storefront.showroom.page import icon_names
from storefront.templatetags import souk

ROOT = Path(__file__).parents[2]
TEMPLATES = [
    path for app in ("storefront", "desk", "accounts") for path in (ROOT / app / "templates").rglob("*.html") if "letters" not in path.parts
]  # letters are read by mail programs
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minor", "currency", "language", "words"),
    [
        (123450, "EUR", "en", "€1,234.50"),
        (123450, "EUR", "zh-hans", "€1,234.50"),
        (880000, "HKD", "en", "HK$8,800.00"),
        (5200, "CNY", "zh-hans", "¥52.00"),
        (5200, "JPY", "en", "¥5,200"),
        (-99, "GBP", "en", "-£0.99"),
    ],
)
def test_money_is_written_in_the_readers_language(minor, currency, language, words):
    with translation.override(language):
        assert souk.money(Money(minor, currency)) == words


def test_signed_shows_the_direction_and_zero_has_none():
    assert [souk.signed(Money(minor, "EUR")) for minor in (500, -500, 0)] == ["+€5.00", "−€5.00", "€0.00"]


def test_filters_stay_silent_where_a_template_has_nothing():
    page = Template("{% load souk %}[{{ nothing|money }}{{ nothing|signed }}{{ nothing|local_time }}{{ none|money }}]")
    assert page.render(Context({"none": None})) == "[]"


@pytest.mark.parametrize(
    ("left", "words"),
    [(timedelta(days=2, hours=4), "2 d 4 h left"), (timedelta(hours=4, minutes=10), "4 h 10 min left"), (timedelta(minutes=-5), "0 min left")],
)
def test_time_left_is_said_in_two_units_and_never_negative(left, words):
    assert souk.time_left(NOW + left, NOW) == words


def test_deadline_turns_red_below_four_hours():
    assert not souk.deadline(NOW + timedelta(hours=5), None, NOW)["late"]
    assert souk.deadline(NOW + timedelta(hours=3), None, NOW)["late"]


def test_split_fills_the_bar_and_leaves_gaps():
    segments = souk.split_segments([Money(minor, "EUR") for minor in (19290, 6200, 5200)])
    assert segments[0].x == 0
    assert abs(segments[-1].x + segments[-1].width - 1000) <= 2
    assert segments[1].x - segments[0].width == 12


def test_every_icon_that_a_template_asks_for_is_in_the_sprite():
    known, asked = set(icon_names()), set()
    for template in TEMPLATES:
        asked |= set(re.findall(r"""{% icon ["']([\w-]+)["']""", template.read_text()))
        asked |= set(re.findall(r"""icon=["']([\w-]+)["']""", template.read_text()))
    assert asked - known == set()
    assert len(asked) > 25


def test_no_template_has_inline_styles_or_handlers():
    """The content security policy forbids both; the browser would drop them in silence."""
    inline = re.compile(r"""<[a-z][^>]*\s(style|on[a-z]+)\s*=\s*["']""")
    assert [str(template) for template in TEMPLATES if inline.search(template.read_text())] == []
    scripts = re.compile(r"<script(?![^>]*(\bsrc=|nonce=|application/(ld\+)?json))")
    assert [str(template) for template in TEMPLATES if scripts.search(template.read_text())] == []


def test_stylesheets_and_scripts_keep_their_budget():
    def compressed(pattern: str) -> int:
        return sum(len(brotli.compress(path.read_bytes())) for path in (ROOT / "storefront/static").glob(pattern))

    assert compressed("css/*.css") <= 25 * 1024
    assert compressed("js/*.js") <= 20 * 1024  # htmx brings another 17 KB


@pytest.mark.django_db
def test_showroom_shows_every_part(client):
    page = client.get("/look/")
    assert page.status_code == 200
    body = page.content.decode()
    assert "<title>Error: Showroom: Souk</title>" in body
    assert body.count('<div class="errors"') == 1
    assert "Enter a valid value" in body


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_missing_page_offers_one_search_and_keeps_the_language(client, language):
    client.cookies["django_language"] = language
    page = client.get("/nothing/here/")
    assert page.status_code == 404
    assert page.content.decode().count('role="search"') == 1
    assert f'<html lang="{souk.html_lang(language)}">' in page.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_answered_in_words():
    from django.test import Client

    page = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert page.status_code == 403
    assert "This form is too old" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["held", "help", "fees", "terms"])
def test_information_pages_open(client, page):
    assert client.get(f"/{page}/").status_code == 200
