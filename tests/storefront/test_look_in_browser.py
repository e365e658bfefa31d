"""What a person meets in a browser: no axe violation, nothing to scroll sideways, nothing the security policy drops, focus on the mistake."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import goods

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api")
axe_package = pytest.importorskip("axe_playwright_python")
AXE = (Path(axe_package.__file__).parent / "axe.min.js").read_text()

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]


@pytest.fixture(autouse=True)
def _allow_the_database_beside_the_browsers_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def browser(_allow_the_database_beside_the_browsers_loop: None) -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def _look_at(browser: playwright.Browser, address: str, *, language: str, theme: str, width: int) -> list[str]:
    """Everything that is wrong with a page."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    page, wrong = context.new_page(), []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    page.evaluate(AXE)
    for violation in page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]:
        wrong.append(f"{violation['id']}: {[node['target'] for node in violation['nodes']][:3]}")
    for narrow in {width, 320}:
        page.set_viewport_size({"width": narrow, "height": 900})
        seen = page.evaluate("document.documentElement.scrollWidth")
        if seen > narrow:
            wrong.append(f"{seen} px wide at {narrow}")
    context.close()
    return wrong


def test_pages_are_clean_for_everybody(browser: playwright.Browser, live_server: object) -> None:
    listing = goods.published()
    pages = ["/", "/look/", "/search/?q=lamp", listing.href, "/held/", "/help/", "/accounts/login/", "/basket/"]
    found = {}
    for path in pages:
        for language, theme, width in (("en", "light", 390), ("zh-hans", "dark", 390), ("en", "dark", 1280), ("zh-hans", "light", 1280)):
            wrong = _look_at(browser, f"{live_server}{path}", language=language, theme=theme, width=width)
            if wrong:
                found[f"{path} {language} {theme} {width}"] = wrong
    assert found == {}


def test_the_summary_of_mistakes_takes_the_focus_and_leads_to_the_field(browser: playwright.Browser, live_server: object) -> None:
    page = browser.new_page()
    page.goto(f"{live_server}/look/")
    assert page.evaluate("document.activeElement.matches('.errors')")
    page.click(".errors a >> nth=0")
    assert page.evaluate("location.hash") == "#id_name"
    page.close()


def test_a_form_is_sent_once_however_often_it_is_pressed(browser: playwright.Browser, live_server: object) -> None:
    page, sent = browser.new_page(), []
    page.goto(f"{live_server}/held/")
    page.route("**/language/", lambda route: sent.append(route.request.method))
    page.evaluate("const button = document.querySelector('.languages button'); button.click(); button.click(); button.click()")
    page.wait_for_timeout(500)
    assert sent == ["POST"]
    page.close()


def test_everything_is_reached_by_keyboard(browser: playwright.Browser, live_server: object) -> None:
    page = browser.new_page()
    page.goto(f"{live_server}/held/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.close()
