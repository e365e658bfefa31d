"""A person at a browser who notices everything that is wrong: errors of scripts, of the security policy, of the server, pages too wide."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from backend.demo.people import DOMAIN
from backend.demo.settle import PASSWORD

LETTERS_SECONDS = 20.0


@dataclass
class Visitor:
    """One browser window of one person. `wrong` collects what nobody should see."""

    page: Any
    root: str
    scripts: bool = True
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(15_000)
        self.page.on("console", lambda message: self._notice(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self._notice(str(error)))
        self.page.on("response", lambda response: self._notice(f"{response.url} answered {response.status}") if response.status >= 500 else None)

    def _notice(self, words: str) -> None:
        self.wrong.append(f"{self.page.url}: {words}")

    def go(self, path: str) -> None:
        """Open a page of the market, and see that it fits."""
        answer = self.page.goto(path if path.startswith("http") else f"{self.root}{path}")
        assert answer.status == 200, f"{path} answered {answer.status}"
        self.look()

    def look(self) -> None:
        """The page in front of us must not scroll sideways."""
        if not self.scripts:
            return
        wide, room = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if wide > room:
            self._notice(f"{wide} px wide at {room}")

    def press(self, name: str, *, exact: bool = False) -> None:
        """Press a button and stand on the page that follows."""
        self.page.locator("main").get_by_role("button", name=name, exact=exact).first.click()
        self.settled()

    def follow(self, name: str) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()
        self.settled()

    def settled(self) -> None:
        self.page.wait_for_load_state("load")
        self.look()

    def fill(self, **fields: str) -> None:
        """By the names of the fields."""
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)

    def sees(self, words: str) -> None:
        """The words stand on the page (now, or in a moment)."""
        self.page.locator("main").get_by_text(words).first.wait_for()

    def sign_in(self, handle: str) -> Visitor:
        self.go("/accounts/login/")
        self.fill(login=f"{handle}@{DOMAIN}", password=PASSWORD)
        self.press("Sign in")
        self.page.wait_for_url(re.compile(r"^(?!.*/login/)"))
        return self

    def sign_up(self, name: str, email: str, password: str) -> Visitor:
        """With the code from the letter box of the demo."""
        self.go("/accounts/signup/")
        self.fill(name=name, email=email, password1=password)
        self.press("Open the account")
        self.sees("Enter the code")
        self.fill(code=self._code_for(email))
        self.press("Confirm", exact=True)
        self.page.wait_for_url(re.compile(r"^(?!.*confirm)"))
        return self

    def _code_for(self, email: str) -> str:
        box = self.page.context.new_page()
        deadline = time.monotonic() + LETTERS_SECONDS
        while True:
            box.goto(f"{self.root}/you/outbox/?to={email}")
            found = re.search(r"Your code: (\S+)", box.inner_text("main"))
            if found:
                box.close()
                return found[1]
            assert time.monotonic() < deadline, "the letter with the code does not come"
            box.wait_for_timeout(300)

    def see_in_a_moment(self, path: str, words: str) -> None:
        """What the worker does shortly: look again until it is there."""
        self._come_back(path, words, lambda: words in self.page.inner_text("main"))

    def follow_in_a_moment(self, path: str, name: str) -> None:
        """A link that is there shortly. The words alone would not do: a search that finds nothing says them too."""
        self._come_back(path, name, lambda: self.page.locator("main").get_by_role("link", name=name).count() > 0)
        self.follow(name)

    def _come_back(self, path: str, words: str, is_there: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LETTERS_SECONDS
        while True:
            self.go(path)
            if is_there():
                return
            assert time.monotonic() < deadline, f"“{words}” does not come on {path}: {self.page.inner_text('main')[:600]}"
            self.page.wait_for_timeout(400)


def photo(colour: str) -> dict[str, Any]:
    """A file as a person would choose it."""
    written = io.BytesIO()
    Image.radial_gradient("L").resize((700, 700)).convert("RGB").point(lambda value: 255 - value // 2).save(written, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}
