"""The whole trade as people click it, in Chromium, on the real server with the real worker."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from escrow.ledger import checks
from tests.journeys import market
from tests.journeys.visitor import Visitor, photo

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium, or set CHROMIUM"),
]
Enter = Callable[..., Visitor]
ATTIC = "Ida Blanc"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[market.Market]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop in this thread
    with market.opened(tmp_path) as opened:
        yield opened


@pytest.fixture
def enter(here: market.Market) -> Iterator[Enter]:
    """Opens a window for another person; at the end nobody may have met anything wrong."""
    visitors: list[Visitor] = []
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def window(*, width: int = 1280, scripts: bool = True) -> Visitor:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="en-GB", reduced_motion="reduce"
            )
            visitors.append(Visitor(context.new_page(), here.address, scripts=scripts))
            return visitors[-1]

        yield window
        browser.close()
    assert [words for visitor in visitors for words in visitor.wrong] == []


def open_a_shop(ida: Visitor) -> str:
    """A private person with a place for pickup; answers the shop's slug."""
    ida.go("/sell/open/")
    ida.fill(name=ATTIC)
    ida.page.select_option("main [name=country]", "FR")
    ida.press("Go on")
    slug = re.search(r"/sell/([^/]+)/settings/", ida.page.url)[1]  # type: ignore[index]
    ida.fill(place="Lyon")
    ida.press("Save the profile")
    ida.press("Open the doors")
    ida.sees("Your shop is open")
    ida.go(f"/sell/{slug}/shipping/places/")
    ida.fill(name="My kitchen", street="3 rue Burdeau", postcode="69001", city="Lyon")
    ida.page.select_option("main [name=country]", "FR")
    ida.page.locator("main form button.btn--primary").first.click()
    ida.settled()
    ida.sees("My kitchen")
    return slug


def sell(seller: Visitor, shop: str, **thing: Any) -> None:
    """Photos first, then words, price and stock, and out it goes."""
    seller.go(f"/sell/{shop}/listings/new/")
    seller.fill(title=thing["title"])
    with seller.page.expect_navigation():
        seller.page.set_input_files("#photos", [photo("front"), photo("back")][: thing.get("photos", 1)])
    seller.settled()
    assert seller.page.locator("main .photos img").count() == thing.get("photos", 1)
    page = seller.page
    with page.expect_response(re.compile("/details/")):
        page.select_option("main [name=category]", thing["category"])
    page.check(f"main [name=condition][value={thing['condition']}]", force=True)
    if "answer" in thing:
        label, value = thing["answer"]
        page.locator("#details").get_by_label(label).select_option(label=value)
    seller.fill(description=thing["words"], price=thing["price"], on_hand=str(thing["on_hand"]))
    for way in ("parcel", "pickup"):
        page.set_checked(f"main [name=hand_overs][value={way}]", way in thing["ways"], force=True)
    for row, (quantity, price) in enumerate(thing.get("steps", [])):
        if row == 0:
            page.locator("summary", has_text="quantity prices").click()
        page.fill(f"main [name$='-{row}-quantity']", str(quantity))
        page.fill(f"main [name*=break][name$='-{row}-price']", price)
    if "deposit" in thing:
        page.locator("summary", has_text="Paying in parts").click()
        page.select_option("main [name=payment_kind]", "deposit")
        seller.fill(payment_percent=str(thing["deposit"]), payment_days="14")
    page.wait_for_timeout(300)
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Publish").click()
    seller.settled()
    assert page.locator("main .errors").count() == 0, page.locator("main .errors").inner_text()


def put_into_basket(buyer: Visitor, title: str, quantity: int = 1) -> None:
    buyer.follow_in_a_moment(f"/search/?q={title.replace(' ', '+')}", title)
    if quantity > 1:
        buyer.fill(quantity=str(quantity))
    buyer.page.locator("main form[action='/basket/lines/'] button.btn--secondary").click()
    buyer.settled()


def pay(buyer: Visitor, *, guest: str = "", in_parts: bool = False) -> None:
    """From the basket to the page that says: paid and held. Whatever the language, by the classes of the look."""
    buyer.go("/basket/")
    buyer.page.locator("main form[action='/basket/checkout/'] button").click()
    buyer.settled()
    if guest:
        country = "main [name=country]"
        if buyer.page.locator(country).first.get_attribute("type") != "hidden":
            buyer.page.select_option(country, "FR")
            if buyer.scripts:
                buyer.page.wait_for_load_state("networkidle")
            else:
                buyer.page.locator("noscript button, button[name=update]:visible").last.click()
                buyer.settled()
        buyer.fill(email=guest, name="Noor Haddad", street="7 rue Sainte", postcode="13001", city="Marseille", phone="+33612349876")
    if in_parts:
        buyer.page.check("main [name^=plan-][value=parts]", force=True)
        buyer.sees("You pay now")
    buyer.page.locator("main button[name=pay]").click()
    at_the_bank(buyer, back=re.compile("/done/"))
    buyer.page.locator("main .held-box").wait_for()
    buyer.look()


def at_the_bank(buyer: Visitor, *, back: re.Pattern[str]) -> None:
    buyer.page.wait_for_url(re.compile("/pay/sandbox/"))
    buyer.look()
    buyer.page.locator("main aside button.btn--primary").click()
    buyer.page.wait_for_url(back)


def open_order(buyer: Visitor, shop: str) -> str:
    """From “paid and held” to one order; answers its reference."""
    buyer.page.locator("main .rows a", has_text=shop).click()
    buyer.settled()
    return buyer.page.url.rstrip("/").rsplit("/", 1)[-1]


def test_one_trade_from_sign_up_to_payout(here: market.Market, enter: Enter) -> None:
    ida, hanne, jonas, amina, rosa = enter(), enter(), enter(), enter(), enter()
    ida.sign_up("Ida Blanc", "ida@example.com", "a-long-enough-secret")
    attic = open_a_shop(ida)
    sell(ida, attic, title="Brass reading lamp", photos=2, category="lighting", condition="good", answer=("Where it goes", "Table"),
         words="Warm light, a scratch on the foot.", price="25", on_hand=1, ways=("pickup",))  # fmt: skip
    sell(hanne.sign_in("hanne"), "nordkarton", title="Double walled cartons", category="packaging", condition="new",
         words="30 × 20 × 15 cm, flat in the bundle.", price="2.90", on_hand=500, ways=("parcel",), steps=[(10, "2.40"), (50, "1.90")])  # fmt: skip
    shop = jonas.sign_in("jonas")
    sell(shop, "jonas-w", title="Folding travel camera", photos=2, category="cameras", condition="very_good", answer=("Type", "Film"),
         words="The bellows are tight.", price="89", on_hand=1, ways=("parcel",))  # fmt: skip

    amina.sign_in("amina")
    put_into_basket(amina, "Brass reading lamp")
    put_into_basket(amina, "Double walled cartons", 12)
    put_into_basket(amina, "Folding travel camera")
    amina.go("/basket/")
    amina.sees("2.40")
    pay(amina)
    done = amina.page.url
    orders = {}
    for name in (ATTIC, "Nordkarton", "Jonas W."):
        amina.go(done)
        orders[name] = open_order(amina, name)
        amina.sees("Paid, and held")

    the_seller_sends(hanne, "nordkarton", orders["Nordkarton"])
    the_seller_sends(jonas, "jonas-w", orders["Jonas W."])
    amina.see_in_a_moment(f"/orders/{orders['Nordkarton']}/", "Yes, confirm")
    amina.press("Yes, confirm")
    amina.sees("Paid to the seller")

    amina.go(f"/orders/{orders[ATTIC]}/")
    code = amina.page.inner_text("main .code b")
    ida.go(f"/sell/{attic}/orders/{orders[ATTIC]}/")
    ida.fill(code=code)
    ida.press("Handed over")
    amina.go(f"/orders/{orders[ATTIC]}/")  # she stays silent: the page says what that means
    amina.sees("If nobody does anything")

    report_and_decide(amina, rosa, orders["Jonas W."])
    hanne.see_in_a_moment("/sell/nordkarton/payouts/", "Ask for a payout")
    hanne.press("Pay out")
    hanne.sees("On its way to you")
    assert hanne.page.locator("main .rows li").count() == 1
    assert list(checks.violations()) == []


def test_deposit_and_balance_are_paid_held_and_released(here: market.Market, enter: Enter) -> None:
    jonas, amina = enter(), enter(width=390)
    sell(jonas.sign_in("jonas"), "jonas-w", title="Folding travel camera", category="cameras", condition="very_good", answer=("Type", "Film"),
         words="The bellows are tight.", price="400", on_hand=1, ways=("parcel",), deposit=25)  # fmt: skip
    put_into_basket(amina.sign_in("amina"), "Folding travel camera")
    pay(amina, in_parts=True)
    order = open_order(amina, "Jonas W.")
    amina.sees("Pay Balance")
    amina.page.locator("main").get_by_role("button", name=re.compile("^Pay .* now$")).click()
    at_the_bank(amina, back=re.compile(f"/orders/{order}/"))
    amina.sees("is getting it ready")
    the_seller_sends(jonas, "jonas-w", order)
    amina.see_in_a_moment(f"/orders/{order}/", "Yes, confirm")
    amina.press("Yes, confirm")
    amina.sees("Completed")
    assert amina.page.locator("main").get_by_text("paid to the seller", exact=False).count() >= 2
    assert list(checks.violations()) == []


def the_seller_sends(seller: Visitor, shop: str, order: str) -> None:
    seller.go(f"/sell/{shop}/orders/{order}/")
    seller.page.select_option("main [name=carrier]", "sandbox")
    seller.press("It is on its way")


def report_and_decide(buyer: Visitor, arbiter: Visitor, order: str) -> None:
    buyer.go(f"/orders/{order}/issue/")
    buyer.page.check("main [name=reason][value=not_as_described]", force=True)
    buyer.fill(words="The shutter does not open at all.")
    buyer.press("Send and freeze the money")
    buyer.sees("frozen")
    arbiter.sign_in("rosa")
    arbiter.go("/desk/issues/")
    arbiter.page.locator("main tbody a").first.click()
    arbiter.settled()
    arbiter.page.check("main [name=outcome][value=refund]", force=True)
    arbiter.fill(reason="The photos show it, and the seller agrees.")
    arbiter.press("Decide", exact=True)
    buyer.go(f"/orders/{order}/dispute/")
    buyer.sees("The photos show it, and the seller agrees.")


def test_a_dispute_from_claim_to_appeal(here: market.Market, enter: Enter) -> None:
    jonas, amina, rosa, tomas = enter(), enter(width=390), enter(), enter()
    sell(jonas.sign_in("jonas"), "jonas-w", title="Folding travel camera", category="cameras", condition="very_good", answer=("Type", "Film"),
         words="The bellows are tight.", price="89", on_hand=1, ways=("parcel",))  # fmt: skip
    put_into_basket(amina.sign_in("amina"), "Folding travel camera")
    pay(amina)
    order = open_order(amina, "Jonas W.")
    the_seller_sends(jonas, "jonas-w", order)
    amina.see_in_a_moment(f"/orders/{order}/", "Yes, confirm")
    amina.go(f"/orders/{order}/issue/")
    amina.page.check("main [name=reason][value=not_as_described]", force=True)
    amina.fill(words="The shutter does not open at all.")
    amina.press("Send and freeze the money")

    jonas.go(f"/sell/jonas-w/orders/{order}/dispute/")
    say(jonas, "proposals", to_buyer="10", words="It worked when I sent it.")
    jonas.sees("€10.00 back to the buyer")
    amina.go(f"/orders/{order}/dispute/")
    say(amina, "proposals", to_buyer="60")
    amina.page.locator("#exhibits").locator("xpath=..").locator("summary").click()
    amina.page.set_input_files("#exhibits [name=file]", photo("front"))
    amina.page.fill("#exhibits [name=title]", "The shutter, shut")
    amina.page.locator("#exhibits button").click()
    amina.settled()
    amina.press("Hand it to our team")
    amina.see_in_a_moment(f"/orders/{order}/dispute/", "As it was listed")

    rule(rosa, "rosa", outcome="divide", to_buyer="20", reason="It opens at slow speeds.")
    amina.go(f"/orders/{order}/dispute/")
    amina.sees("It opens at slow speeds.")
    say(amina, "appeal", words="Here is the repair shop's word.")
    rule(tomas, "tomas", outcome="refund", reason="The repair shop is right.")
    for person, page in ((amina, f"/orders/{order}/dispute/"), (jonas, f"/sell/jonas-w/orders/{order}/dispute/")):
        person.go(page)
        person.sees("The repair shop is right.")
        person.sees("The dispute is closed")
    assert list(checks.violations()) == []


def say(side: Visitor, form: str, **words: str) -> None:
    """Open one of the forms of a dispute, and send it."""
    side.page.locator(f"#{form}").locator("xpath=..").locator("summary").click()
    for name, value in words.items():
        side.page.fill(f"#{form} [name={name}]", value)
    side.page.locator(f"#{form} button").click()
    side.settled()


def rule(arbiter: Visitor, handle: str, *, outcome: str, reason: str, to_buyer: str = "") -> None:
    """Look at what the ledger would do, then decide."""
    arbiter.sign_in(handle)
    arbiter.go("/desk/issues/")
    arbiter.page.locator("main tbody a").first.click()
    arbiter.settled()
    arbiter.page.check(f"main [name=outcome][value={outcome}]", force=True)
    arbiter.fill(reason=reason, to_buyer=to_buyer)
    arbiter.press("Show what the ledger will do")
    arbiter.sees("It is balanced.")
    arbiter.press("Decide", exact=True)
    arbiter.sees(reason)


def test_everybody_can_buy_on_a_phone_in_chinese_and_without_scripts(here: market.Market, enter: Enter) -> None:
    sell(enter().sign_in("hanne"), "nordkarton", title="Double walled cartons", category="packaging", condition="new",
         words="30 × 20 × 15 cm, flat in the bundle.", price="2.90", on_hand=500, ways=("parcel",))  # fmt: skip
    phone = enter(width=390)
    put_into_basket(phone, "Double walled cartons", 3)
    pay(phone, guest="noor@example.com")

    chinese = enter(width=390)
    chinese.go("/")
    chinese.page.locator(".languages button[value=zh-hans]").click()
    chinese.settled()
    assert chinese.page.get_attribute("html", "lang") == "zh-Hans"
    put_into_basket(chinese, "Double walled cartons", 3)
    pay(chinese, guest="mei@example.com")

    plain = enter(scripts=False)
    put_into_basket(plain, "Double walled cartons", 3)
    pay(plain, guest="paul@example.com")
    assert list(checks.violations()) == []
