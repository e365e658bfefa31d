"""What a person meets in a browser: no axe violation, nothing to scroll sideways, nothing the security policy drops, focus on the mistake."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client

from accounts.users.queries import actor_of
from core import clock
from marketplace.orders import operations as orders
from tests.factories import goods, people, trade

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api")
axe_package = pytest.importorskip("axe_playwright_python")
AXE = (Path(axe_package.__file__).parent / "axe.min.js").read_text()

# Both languages, both themes and both widths; SOUK_PROVE=1 (`./souk prove`) adds the other pairs. Every look is also squeezed to 320 px.
LOOKS = [("zh-hans", "dark", 390), ("en", "light", 1280)]
if os.environ.get("SOUK_PROVE"):
    LOOKS += [("en", "dark", 390), ("zh-hans", "light", 1280), ("en", "light", 390), ("zh-hans", "dark", 1280)]

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


def _look_at(browser: playwright.Browser, address: str, *, language: str, theme: str, width: int, session: str = "") -> list[str]:
    """Everything that is wrong with a page."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    if session:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
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
        for language, theme, width in LOOKS:
            wrong = _look_at(browser, f"{live_server}{path}", language=language, theme=theme, width=width)
            if wrong:
                found[f"{path} {language} {theme} {width}"] = wrong
    assert found == {}


def test_pages_of_people_and_staff_are_clean(browser: playwright.Browser, live_server: object) -> None:
    """Each page once, in the hardest of the four looks: Chinese, dark, narrow."""
    order, disputed = trade.delivered_order(), trade.delivered_order()
    orders.report_issue(order=disputed, reason="damaged", words="It broke.", actor=actor_of(disputed.user), at=clock.now())
    issue = disputed.hold.issues.get()
    staff = people.make_user("staff@example.com", is_staff=True)
    staff.groups.add(Group.objects.get(name="admins"))
    mine = ["/you/", "/you/profile/", "/you/addresses/new/", "/you/tokens/", "/you/notifications/", "/orders/", "/fees/"]
    mine += [f"/orders/{order.reference}/{page}" for page in ("", "proof/", "issue/")]
    desk = [
        "/desk/orders/",
        "/desk/holds/",
        "/desk/issues/",
        "/desk/ledger/",
        "/desk/ledger/transfers/",
        f"/desk/ledger/accounts/hold:{order.hold.reference}/",
    ]
    desk += [f"/desk/issues/{issue.reference}/", f"/desk/holds/{disputed.hold.reference}/", f"/desk/orders/{disputed.reference}/"]
    seller, _actor = trade.seller_of(order)
    slug = order.vendor.slug
    selling = [
        "/sell/",
        f"/sell/{slug}/orders/{order.reference}/",
        *(f"/sell/{slug}/{page}/" for page in ("orders", "payouts", "members", "shipping")),
    ]
    found = {}
    for person, paths in ((order.user, mine), (staff, desk), (seller, selling)):
        type(person).objects.filter(pk=person.pk).update(language="zh-hans")
        client = Client()
        client.force_login(person)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        for path in paths:
            if wrong := _look_at(browser, f"{live_server}{path}", language="zh-hans", theme="dark", width=390, session=key):
                found[path] = wrong
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
