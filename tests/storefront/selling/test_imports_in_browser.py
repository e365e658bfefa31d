"""A table as a seller brings it in Chromium: chosen, corrected beside its first rows, watched, on a desk and on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core import jobs
from marketplace.catalog.listings.models import Listing
from tests.factories import goods
from tests.factories.tables import written

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api")
axe_package = pytest.importorskip("axe_playwright_python")
AXE = (Path(axe_package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]
ROWS = [["A-1", "Aurelio 14 notebook", "899.00", 3], ["A-2", "Brisk mouse", "cheap", 5], ["A-3", "Halden keyboard", "59,90", 8]]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop in this thread
    goods.tree()
    owner = goods.person()
    request.node.vendor = goods.shop(owner)
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        opened = context.new_page()
        wrong: list[str] = []
        opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" and "422" not in message.text else None)
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        yield opened
        browser.close()
    assert wrong == []


def clean(page: Any) -> None:
    """Nothing to scroll sideways at any width, nothing that axe finds."""
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width}"
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == [], f"{page.url} at {width}"
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_seller_brings_a_table(page: Any, live_server: Any, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    table = tmp_path / "goods.csv"
    table.write_bytes(written(*ROWS, header=["sku", "what it is", "price", "stock"]))
    page.goto(f"{live_server.url}/sell/{request.node.vendor.slug}/imports/")
    clean(page)
    page.set_input_files("input[type=file]", table)
    page.get_by_label("Category of new listings").select_option("computers")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("heading", name="goods.csv").wait_for()
    page.get_by_label("what it is").select_option("title")
    page.get_by_role("button", name="Show the rows again").click()
    page.get_by_text("€899.00").wait_for()
    assert page.get_by_text("is not a price we can read").is_visible()
    clean(page)
    page.get_by_role("button", name="Take it in").click()
    page.get_by_role("progressbar").wait_for()
    clean(page)
    jobs.run_due()  # the worker's part; the page notices by itself
    page.get_by_text("The table is in").wait_for()
    assert page.get_by_text("Line 3").is_visible()
    clean(page)
    assert sorted(listing.title for listing in Listing.objects.all()) == ["Aurelio 14 notebook", "Halden keyboard"]
    with page.expect_download() as download:
        page.get_by_role("link", name="All problems and notes as CSV").click()
    assert "A-2" in Path(download.value.path()).read_text(encoding="utf-8-sig")
