"""The documentation in a browser: it is drawn, and nothing of it breaks our security policy."""

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]


def test_operations_are_drawn_without_a_word_in_the_console(live_server, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page, said = browser.new_page(viewport={"width": 1280, "height": 20_000}), []  # it draws no more than is in sight
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.goto(f"{live_server}/api/v1/docs/")
        page.wait_for_selector(".opblock >> nth=60")
        assert page.locator("h1").count() == 1
        browser.close()
    assert said == []
