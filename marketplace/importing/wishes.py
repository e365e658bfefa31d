"""From a row of text to what its seller wishes for: cleaned values, or the reason why not, by column."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import nh3
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import money
from core.errors import Invalid
from marketplace.catalog.categories import attributes as answers
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.categories.attributes import Answer, Attribute
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings import content as words
from marketplace.catalog.listings.models import LARGEST_STOCK, Condition, HandOver
from marketplace.catalog.listings.variants import LONGEST_SKU, clean_options
from marketplace.importing.columns import ANSWER, OPTION
from marketplace.importing.tables import LONGEST_CELL, Row
from marketplace.sale_formats.fixed_price.models import LARGEST_PRICE_MINOR

LONGEST_GIVEN_TITLE = 1000
LONGEST_ADDRESS = 2000
MOST_PICTURES = 12
UNREADABLE = "\ufffd"
SYMBOLS = {"€": {"EUR"}, "£": {"GBP", "EGP"}, "¥": {"CNY", "JPY"}, "₩": {"KRW"}, "₹": {"INR"}, "zł": {"PLN"}}
DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "BRL", "CLP"})
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6]|/ul|/ol)\b[^<>]*>", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_THREE_AFTER = re.compile(r"^\D*[1-9]\d{0,2}[.,]\d{3}\D*$")
_CODE = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True)
class Remark:
    """Something to tell the seller about a row."""

    line: int
    sku: str
    field: str
    code: str
    sentence: str


@dataclass
class Wish:
    """What one row asks for. What is not in `content`, None, or empty was not said."""

    line: int
    sku: str = ""
    reference: str = ""
    price_minor: int | None = None
    on_hand: int | None = None
    group: str = ""
    options: dict[str, str] = field(default_factory=dict)
    follows: bool = False  # an earlier row of its group says what the listing is called
    content: dict[str, Any] = field(default_factory=dict)
    whole_title: str = ""
    loose_answers: dict[str, Any] = field(default_factory=dict)
    named_answers: dict[str, str] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
    notes: list[tuple[str, str, str | Promise]] = field(default_factory=list)


class CategoryBook:
    """Categories by short name and by every name, read once; and what each asks, remembered for the run."""

    def __init__(self) -> None:
        self._by_name: dict[str, Category] = {}
        for category in Category.objects.order_by("-path"):
            for name in (category.slug, *category.names.values()):
                self._by_name[name.casefold()] = category
        self._asked: dict[int, list[Attribute]] = {}

    def find(self, name: str) -> Category:
        """By "computers", "Computers", "电脑" or "Electronics > Computers"; only where listings may go."""
        last = re.split(r"\s*[>/|]\s*", name.strip())[-1]
        category = self._by_name.get(last.casefold())
        if category is None:
            sentence = _("There is no category “{name}”. Use one of ours, or leave this empty to take the one of the whole table.")
            raise Invalid("category", sentence, name=name[:60])
        if category.numchild:
            inside = ", ".join(sorted({one.slug for one in self._by_name.values() if one.path.startswith(category.path) and one != category}))
            raise Invalid("category", _("Choose one of the smaller categories inside “{name}”: {inside}."), name=category.name, inside=inside)
        return category

    def asked_of(self, category: Category) -> list[Attribute]:
        if category.pk not in self._asked:
            self._asked[category.pk] = categories.attributes_of(category)
        return self._asked[category.pk]


def wish_of(row: Row, columns: Mapping[str, str], currency: str, *, cents: bool, book: CategoryBook) -> Wish:
    """Raises Invalid with the field's name at the first thing that is wrong."""
    wish = Wish(line=row.line)
    for column, name in columns.items():
        text = row.cells.get(column, "")
        if not name or not text:
            continue
        if len(text) > LONGEST_CELL or UNREADABLE in text:
            sentence = _("This cell is too long or holds characters that cannot be read. Save the table as UTF-8 and try again.")
            raise Invalid(name, sentence)
        if name.startswith(ANSWER):
            wish.named_answers[name.removeprefix(ANSWER)] = text
        elif name.startswith(OPTION):
            wish.options[name.removeprefix(OPTION)] = text
        elif name == "price":
            _price(wish, text, currency, cents)
        elif name == "category":
            wish.content["category"] = book.find(text)
        else:
            READERS[name](wish, text)
            if name == "currency" and text.upper() != currency:
                raise Invalid("currency", _("This row is in {given}; your shop sells in {currency}."), given=text[:10], currency=currency)
    wish.options = clean_options(wish.options, "options")
    return wish


def _price(wish: Wish, text: str, currency: str, cents: bool) -> None:
    wish.price_minor = price_of(text, currency, cents=cents)
    if money.exponent(currency) < 3 and _THREE_AFTER.search(text):
        told = _("One sign with three digits behind it is read as thousands. If it was meant otherwise, write the price like 12.50.")
        wish.notes.append(("price", "price_thousands", told))


def price_of(text: str, currency: str, *, cents: bool) -> int:
    """ "1.234,56", "$12.50", "12,5 EUR" → minor units; never in another currency than the shop's."""
    bare = text.strip()
    for symbol, meant in (*SYMBOLS.items(), ("$", DOLLARS)):
        if symbol in bare and currency not in meant:
            raise Invalid("price", _("“{price}” is not in {currency}, the currency of your shop."), price=text[:40], currency=currency)
    code = _CODE.search(bare)
    if code and code.group().upper() in money.EXPONENTS:
        if code.group().upper() != currency:
            raise Invalid("price", _("“{price}” is not in {currency}, the currency of your shop."), price=text[:40], currency=currency)
        bare = bare.replace(code.group(), "")
    bare = bare.replace("US$", "$").replace("HK$", "$").replace("zł", "").strip(" .-–" if bare.endswith(("-", "–")) else " ")
    try:
        minor = int(bare) if cents and bare.isascii() and bare.isdigit() and len(bare) < 15 else money.read(bare, currency).amount_minor
    except money.AmountMalformed:
        raise Invalid("price", _("“{price}” is not a price we can read. Write it like 12.50."), price=text[:40]) from None
    if not 1 <= minor <= LARGEST_PRICE_MINOR:
        raise Invalid("price", _("Write a price above zero, like 12.50."))
    return minor


def _sku(wish: Wish, text: str) -> None:
    if len(text) > LONGEST_SKU:
        raise Invalid("sku", _("Keep your own article number under {longest} characters."), longest=LONGEST_SKU)
    wish.sku = text


def _reference(wish: Wish, text: str) -> None:
    wish.reference = text.upper()[:12]


def _group(wish: Wish, text: str) -> None:
    if len(text) > LONGEST_SKU:
        raise Invalid("group", _("Keep your own article number under {longest} characters."), longest=LONGEST_SKU)
    wish.group = text


def _options(wish: Wish, text: str) -> None:
    wish.options.update(options_in(text))


def options_in(text: str) -> dict[str, str]:
    """ "Size: M, Colour: blue", or the same as JSON where a comma or a colon belongs to a word."""
    try:
        given = json.loads(text) if text.startswith("{") else dict(part.split(":", 1) for part in re.split(r"[,;|]", text) if part.strip())
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not all(isinstance(word, str) for word in given.values()):
        raise Invalid("options", _("Write what makes this variant different like {example}."), example="“Size: M, Colour: blue”")
    return {str(name).strip(): word.strip() for name, word in given.items()}


def options_as_text(options: Mapping[str, str]) -> str:
    """The other way round."""
    plain = not any(mark in word for pair in options.items() for word in pair for mark in ",;|:{")
    return ", ".join(f"{name}: {value}" for name, value in options.items()) if plain else json.dumps(options, ensure_ascii=False)


def _title(wish: Wish, text: str) -> None:
    line = " ".join(as_plain_text(text).split())
    if len(line) > LONGEST_GIVEN_TITLE:
        sentence = _("This title has {length} characters; is it a description? Keep it under {longest}.")
        raise Invalid("title", sentence, length=len(line), longest=words.LONGEST_TITLE)
    wish.content["title"] = line
    if len(line) > words.LONGEST_TITLE:
        wish.content["title"], wish.whole_title = shortened(line, words.LONGEST_TITLE), line
        told = _("The title was longer than 120 characters: it is shortened, and stands whole above the description.")
        wish.notes.append(("title", "title_shortened", told))


def _description(wish: Wish, text: str) -> None:
    whole = as_plain_text(text)
    if len(whole) > words.LONGEST_DESCRIPTION:
        wish.notes.append(("description", "description_shortened", _("The description was too long and is shortened.")))
    wish.content["description"] = whole[: words.LONGEST_DESCRIPTION].rstrip()


def _currency(wish: Wish, text: str) -> None:
    """Compared by the caller, who knows the shop."""


def _stock(wish: Wish, text: str) -> None:
    try:
        wish.on_hand = int(float(text)) if float(text).is_integer() else -1
    except (ValueError, OverflowError):
        wish.on_hand = -1
    if not 0 <= wish.on_hand <= LARGEST_STOCK:
        raise Invalid("stock", _("Write how many you have as a whole number from 0 to {most}."), most=LARGEST_STOCK)


def _condition(wish: Wish, text: str) -> None:
    known = {str(name).casefold(): value for value, label in Condition.choices for name in (value, value.replace("_", " "), label)}
    if text.casefold() not in known:
        raise Invalid("condition", _("“{given}” is no condition of ours. Use one of: {known}."), given=text[:40], known=", ".join(Condition.values))
    wish.content["condition"] = known[text.casefold()]


def _language(wish: Wish, text: str) -> None:
    wish.content["language"] = words.language(text.casefold().replace("_", "-").replace("zh-cn", "zh-hans"))


def _delivery(wish: Wish, text: str) -> None:
    given = [part.strip().casefold() for part in re.split(r"[,;|+ ]+", text) if part.strip()]
    if any(part not in HandOver.values for part in given):
        raise Invalid("delivery", _("Write “parcel”, “pickup”, or both with a comma between them."))
    wish.content["hand_overs"] = given


def _place(wish: Wish, text: str) -> None:
    wish.content["place"] = text


def _pictures(wish: Wish, text: str) -> None:
    """Several in a cell, apart by blanks, lines or bars. What is no web address is a note, like one that turns out to be dead."""
    for address in re.split(r"[\s|]+|,(?=https?://)", text):
        if not address.lower().startswith(("http://", "https://")) or len(address) > LONGEST_ADDRESS:
            wish.notes.append(("pictures", "picture_address", _("This is not an address of a picture that we can fetch; only http and https are.")))
        elif address not in wish.pictures and len(wish.pictures) < MOST_PICTURES:
            wish.pictures = (*wish.pictures, address)


def _attributes(wish: Wish, text: str) -> None:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Invalid("attributes", _("Write the attributes as JSON, like {example}."), example='{"brand": "Aurelio"}')
    wish.loose_answers = given


READERS: Mapping[str, Callable[[Wish, str], None]] = {
    "reference": _reference,
    "sku": _sku,
    "group": _group,
    "options": _options,
    "title": _title,
    "description": _description,
    "currency": _currency,
    "stock": _stock,
    "condition": _condition,
    "language": _language,
    "delivery": _delivery,
    "place": _place,
    "pictures": _pictures,
    "attributes": _attributes,
}


def as_plain_text(text: str) -> str:
    """Without markup; paragraphs and line breaks of HTML become lines. Text that only uses a “<” stays as it is."""
    if _TAG.search(text):
        text = html.unescape(nh3.clean(_BREAK.sub("\n", text), tags=set(), clean_content_tags={"script", "style"}))
    elif "&" in text:
        text = html.unescape(text)
    text = _CONTROLS.sub("", text)
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def shortened(line: str, longest: int) -> str:
    """Cut at a word, with an ellipsis."""
    cut = line[: longest - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > longest // 2 else cut).rstrip(" ,;:-–(") + "…"


def fitting_answers(wish: Wish, asked: list[Attribute]) -> dict[str, Answer]:
    """What the row says about the questions of its category. A column of its own must fit; of loose attributes those count that do."""
    known = {one.code: one for one in asked}
    fitting: dict[str, Answer] = {}
    for code, given in {**wish.loose_answers, **wish.named_answers}.items():
        if code not in known or answers.is_blank(given):
            continue
        try:
            fitting[code] = answers.fit(known[code], _meant(known[code], given))
        except ValueError as reason:
            if str(reason) == "too_long":
                fitting[code] = shortened(" ".join(str(given).split()), answers.LONGEST_TEXT)
                wish.notes.append((f"{ANSWER}{code}", "answer_shortened", _("This answer was longer than 120 characters and is shortened.")))
                continue
            if code in wish.named_answers:
                misfit = words.misfit_words(answers.Misfit(code, str(reason)), asked, "en")
                raise Invalid(f"{ANSWER}{code}", misfit.replace("{", "(").replace("}", ")")) from None
            wish.notes.append((f"{ANSWER}{code}", "answer_left_out", _("This answer does not fit what the category asks and is left out.")))
    return fitting


def _meant(attribute: Attribute, given: object) -> object:
    """What people write for the stored form: a choice by its label, a number with its unit, yes and no in a few spellings."""
    if not isinstance(given, str):
        return str(given) if attribute.kind in ("text", "choice") and not isinstance(given, (dict, list)) else given
    text = given.strip()
    if attribute.kind == "choice":
        labels = {name.casefold(): one.code for one in attribute.choices for name in (one.code, *one.labels.values())}
        return labels.get(text.casefold(), text)
    if attribute.kind == "number":
        return text.removesuffix(attribute.unit).strip().replace(",", ".") if attribute.unit else text.replace(",", ".")
    if attribute.kind == "yes_no":
        return {"1": "yes", "y": "yes", "是": "yes", "0": "no", "n": "no", "否": "no"}.get(text.casefold(), text)
    return text
