from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.money import Money
from escrow.plans import terms
from escrow.plans.states import Kind, Late, Ships
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.categories.attributes import Attribute
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings.content import LANGUAGES, Content
from marketplace.catalog.listings.models import Condition, HandOver, Listing
from marketplace.catalog.listings.variants import VariantDraft
from marketplace.sale_formats.fixed_price.operations import PriceDraft, VariantOffer
from marketplace.sale_formats.fixed_price.pricing import Break
from storefront.selling.listings.days import after_last_moment, day_of_end, first_moment
from storefront.selling.listings.fields import BREAK_ROWS, AmountField, Breaks, CountField, DayField, Rows

NEEDED = ("title", "category", "condition", "price", "on_hand", "hand_overs")
NAMES = {
    "en": "English",
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "pt": "Português",
}


PAYMENT_KINDS = [("", _("Only at once")), *Kind.choices]


class ListingForm(forms.Form):
    """Everything but the photos. Nothing is required here: a draft may lack anything, publishing says what is missing."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(
        required=False,
        max_length=120,
        label=_("Title"),
        help_text=_("What it is, in the words a buyer would search for."),
        widget=forms.TextInput({"list": "titles", "autocomplete": "off"}),
    )
    category = forms.ChoiceField(required=False, label=_("Category"))
    condition = forms.ChoiceField(required=False, label=_("Condition"), widget=forms.RadioSelect)
    description = forms.CharField(
        required=False,
        max_length=8000,
        label=_("Description"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("How old it is, how it was used, what comes with it. Name every flaw: it saves you a return."),
    )
    language = forms.ChoiceField(required=False, label=_("Language of your text"), choices=[(code, NAMES[code]) for code in LANGUAGES])
    price = AmountField(label=_("Price"))
    on_hand = CountField(label=_("How many do you have?"))
    on_hand_seen = CountField(widget=forms.HiddenInput)
    hand_overs = forms.MultipleChoiceField(
        required=False, label=_("How does the buyer get it?"), choices=HandOver.choices, widget=forms.CheckboxSelectMultiple
    )
    place = forms.CharField(required=False, max_length=80, label=_("Place"), help_text=_("Town or district. Your address is never shown."))
    special_price = AmountField(label=_("Special price"))
    special_from = DayField(label=_("First day"), help_text=_("Empty: from now on."))
    special_until = DayField(label=_("Last day"), help_text=_("Empty: until you end it."))
    min_quantity = CountField(label=_("Smallest quantity per order"), min_value=1, max_value=100_000)
    payment_kind = forms.ChoiceField(required=False, label=_("May it be paid in parts?"), choices=PAYMENT_KINDS)
    payment_percent = CountField(label=_("Deposit in percent"), min_value=1, max_value=90)
    payment_count = CountField(label=_("How many monthly parts?"), min_value=2, max_value=12)
    payment_days = CountField(label=_("Days between two parts"), min_value=3, max_value=30)
    payment_steps = forms.CharField(
        required=False,
        max_length=1_000,
        label=_("Milestones"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, with its percentage at the end: Design 40"),
    )
    payment_ships = forms.ChoiceField(required=False, label=_("When do you send it?"), choices=[("", _("As usual")), *Ships.choices])
    payment_late = forms.ChoiceField(required=False, label=_("If the balance is never paid"), choices=Late.choices)
    payment_grace_days = CountField(label=_("Days of grace"), min_value=1, max_value=14)
    first_name = forms.CharField(required=False, max_length=40, label=_("First kind of option"), help_text=_("For example: Size"))
    second_name = forms.CharField(required=False, max_length=40, label=_("Second kind of option"), help_text=_("For example: Colour"))

    def __init__(self, listing: Listing, data: Any = None, *, at: datetime, category: Category | None = None) -> None:
        self.listing, self.vendor, self.at = listing, listing.vendor, at
        self.photo_problems: list[str] = []
        self.refused_photos: list[str] = []
        self.chosen = category or listing.category
        super().__init__(data, initial=initial_of(listing, at), label_suffix="")
        self.fields["category"].choices = _grouped_categories()  # type: ignore[attr-defined]
        self.fields["condition"].choices = Condition.choices  # type: ignore[attr-defined]
        self.asked = categories.attributes_of(self.chosen) if self.chosen else []
        for attribute in self.asked:
            self.fields[f"attr_{attribute.code}"] = _answer_field(attribute)
            self.initial[f"attr_{attribute.code}"] = _answer_shown(listing.attributes.get(attribute.code))
        variants = listing.offered  # type: ignore[attr-defined]  # see fixed_price.queries.with_offers
        self.rows = Rows(data, prefix="rows", initial=_rows_of(listing, variants))
        self.breaks = Breaks(data, prefix="breaks", initial=_breaks_of(self.vendor.currency, variants))
        self.breaks.extra = max(1, BREAK_ROWS - len(self.breaks.initial or []))
        for field in self._amounts():
            field.currency = self.vendor.currency
        for row in self.rows:
            row.fields["first"].label = self["first_name"].value() or _("First option")
            row.fields["second"].label = self["second_name"].value() or _("Second option")

    def _amounts(self) -> list[AmountField]:
        forms_here: list[forms.BaseForm] = [self, *self.rows, *self.breaks]
        return [field for form in forms_here for field in form.fields.values() if isinstance(field, AmountField)]

    @property
    def details(self) -> list[forms.BoundField]:
        return [self[f"attr_{attribute.code}"] for attribute in self.asked]

    @property
    def has_variants(self) -> bool:
        return any(variant.options for variant in self.listing.offered) or bool(self.data.get("first_name"))  # type: ignore[attr-defined]

    @property
    def has_prices(self) -> bool:
        values = ["special_price", "min_quantity"]
        bound = any(self[name].value() for name in values) or any(form["quantity"].value() for form in self.breaks)
        return bound or any(self.errors.get(name) for name in values)

    def is_valid(self) -> bool:
        # no shortcut: every part shows its own mistakes at once
        return all([super().is_valid(), self.rows.is_valid(), self.breaks.is_valid()]) and self._offers_reach_somebody()

    def _offers_reach_somebody(self) -> bool:
        """A special price that no choice would have is not dropped in silence."""
        data, rows = self.cleaned_data, [form.cleaned_data for form in self.rows if not form.is_empty]
        if not rows or any(row["price"] in (None, data["price"]) for row in rows):
            return True
        lost_special, lost_steps = data["special_price"] is not None, bool(self._steps())
        if lost_special:
            self.add_error("special_price", _("Every choice has a price of its own, so no buyer would see this one."))
        if lost_steps:
            self.breaks[0].add_error("quantity", _("Every choice has a price of its own, so no buyer would see these prices."))
        return not lost_special and not lost_steps

    def _steps(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.breaks if form.cleaned_data.get("quantity") and form.cleaned_data.get("price")]

    @property
    def every(self) -> list[forms.BaseForm]:
        return [self, *self.rows, *self.breaks]

    def content(self) -> Content:
        data = self.cleaned_data
        slug = data["category"]
        return Content(
            title=data["title"],
            description=data["description"],
            language=data["language"] or self.listing.language,
            category=categories.by_slug(slug) if slug else None,
            condition=data["condition"],
            attributes={attribute.code: data.get(f"attr_{attribute.code}") for attribute in self.asked},
            hand_overs=data["hand_overs"],
            place=data["place"],
            payment_terms=self._payment_terms(),
        )

    def _payment_terms(self) -> dict[str, Any]:
        names = ("kind", "percent", "count", "days", "ships", "late", "grace_days")
        said = {name: self.cleaned_data[f"payment_{name}"] for name in names}
        lines = [line.rstrip(" %").rpartition(" ") for line in self.cleaned_data["payment_steps"].splitlines() if line.strip()]
        return {**said, "steps": [{"name": name, "percent": percent} for name, _space, percent in lines]}

    def offers(self) -> list[VariantOffer] | None:
        """The rows as variants; without any, the thing itself is the one variant."""
        rows = [form.cleaned_data for form in self.rows if not form.is_empty]
        if not rows:
            return self._plain()
        names = self.cleaned_data["first_name"] or "Option", self.cleaned_data["second_name"] or "Option 2"
        return [
            VariantOffer(
                variant=VariantDraft(_options(names, row), row["sku"], row["reference"]),
                price=self._price(row["price"], row["reference"]),
                on_hand=row["on_hand"],
                on_hand_seen=row["on_hand_seen"],
            )
            for row in rows
        ]

    def _plain(self) -> list[VariantOffer]:
        data = self.cleaned_data
        variants = self.listing.offered  # type: ignore[attr-defined]
        plain = next((variant for variant in variants if not variant.options), None)
        draft = VariantDraft(reference=plain.reference if plain else "", sku=plain.sku if plain else "")
        return [VariantOffer(variant=draft, price=self._price(None), on_hand=data["on_hand"], on_hand_seen=data["on_hand_seen"])]

    def _price(self, own: int | None, reference: str = "") -> PriceDraft | None:
        """A row's own price stands alone; the listing's price brings its special and its quantity prices."""
        data, zone = self.cleaned_data, self.vendor.zone
        if own is not None and own != data["price"]:
            return self._kept(own, reference)
        if data["price"] is None:
            return None
        return PriceDraft(
            data["price"],
            data["min_quantity"] or 1,
            special_minor=data["special_price"],
            special_from=first_moment(data["special_from"], zone) if self._begins_anew() else None,
            special_until=after_last_moment(data["special_until"], zone) if data["special_until"] and data["special_price"] else None,
            breaks=[Break(step["quantity"], step["price"]) for step in self._steps()],
        )

    def _kept(self, own: int, reference: str) -> PriceDraft:
        """A price of its own. What a machine gave this variant beside it (the form has no field for that) stays while the price does."""
        smallest = self.cleaned_data["min_quantity"] or 1
        variants = self.listing.offered  # type: ignore[attr-defined]
        price = next((variant.price for variant in variants if variant.reference == reference and hasattr(variant, "price")), None)
        if price is None or price.price_minor != own:
            return PriceDraft(own, smallest)
        breaks = [Break(step.min_quantity, step.price_minor) for step in price.breaks if step.min_quantity > smallest]
        if price.special_minor is None or _is_over(price, self.at):
            return PriceDraft(own, smallest, breaks=breaks)
        return PriceDraft(own, smallest, price.special_minor, price.special_from, price.special_until, breaks)

    def _begins_anew(self) -> bool:
        """A day that the seller chose now; a running special keeps its very first moment."""
        data = self.cleaned_data
        return bool(data["special_from"] and data["special_price"] and data["special_from"] != self.initial.get("special_from"))

    def show_needed(self) -> None:
        """For the page only: a draft may lack them, but buyers need them, so they are not called optional."""
        _cleaned = self.errors  # validation happens once, and before this
        self.use_required_attribute = False
        for name in NEEDED:
            self.fields[name].required = True

    def anchor_of(self, field: str) -> str:
        if field == "photos":
            return field
        form, name = self._input_of(field)
        return str(form[name].auto_id) if name in form.fields else ""

    def look_again(self, listing: Listing) -> None:
        """After "it changed": keep what was typed, but start from the counts of now."""
        now = {variant.reference: variant for variant in listing.offered}  # type: ignore[attr-defined]
        for row in self.rows:
            if variant := now.get(row["reference"].value()):
                self.data[row.add_prefix("on_hand_seen")] = str(variant.on_hand)  # type: ignore[index]  # the editor passes a copy

    def mark(self, field: str | None, sentence: str) -> None:
        """Put a refusal of an operation beside the input it is about."""
        if field == "photos":
            self.photo_problems.append(sentence)
        form, name = self._input_of(field or "")
        form.add_error(name if name in form.fields else None, sentence)

    def _input_of(self, field: str) -> tuple[forms.BaseForm, str]:
        if field.startswith("attributes."):
            return self, f"attr_{field.removeprefix('attributes.')}"
        if field.startswith("payment_terms."):
            return self, f"payment_{field.removeprefix('payment_terms.')}"
        if not field.startswith("variants."):
            return self, {"stock": "on_hand", "quantity": "on_hand"}.get(field, field)
        _word, index, name = [*field.split(".", 2), ""][:3]
        rows = [form for form in self.rows if not form.is_empty]
        if rows and index.isdigit() and int(index) < len(rows):
            row = rows[int(index)]
            inside = {"options": "first", "on_hand": "on_hand", "sku": "sku"}.get(name)
            if inside or (name == "price" and row.cleaned_data.get("price") is not None):
                return row, inside or "price"
        return (self.breaks[0], "quantity") if name == "breaks" else (self, name)


def _options(names: tuple[str, str], row: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, value in zip(names, (row["first"], row["second"]), strict=True) if value}


def _grouped_categories() -> list[tuple[str, Any]]:
    groups = [(branch.name, [(leaf.slug, leaf.name) for leaf in leaves]) for branch, leaves in categories.where_things_go()]
    return [("", _("Choose")), *groups]


def _answer_field(attribute: Attribute) -> forms.Field:
    language = get_language() or "en"
    label = f"{attribute.label(language)} ({attribute.unit})" if attribute.unit else attribute.label(language)
    if attribute.kind == "choice":
        choices = [("", _("Choose")), *((choice.code, choice.label(language)) for choice in attribute.choices)]
        field: forms.Field = forms.ChoiceField(required=False, label=label, choices=choices)
    elif attribute.kind == "yes_no":
        field = forms.ChoiceField(required=False, label=label, choices=[("", _("Choose")), ("yes", _("Yes")), ("no", _("No"))])
    else:
        mode = {"inputmode": "decimal"} if attribute.kind == "number" else {}
        field = forms.CharField(required=False, label=label, max_length=120, widget=forms.TextInput(attrs={**mode, "class": "input--short"}))
    field.is_asked = attribute.required  # type: ignore[attr-defined]
    return field


def _answer_shown(answer: object) -> object:
    return {True: "yes", False: "no"}.get(answer, answer) if isinstance(answer, bool) else answer


def _plain_amount(minor: int | None, currency: str) -> str:
    return Money(minor, currency).plain() if minor is not None else ""


def _main_price(variants: Sequence[Any]) -> Any:
    """The price that the listing's own field shows: the one with special or breaks, else the first."""
    priced = [variant.price for variant in variants if hasattr(variant, "price")]
    return next((price for price in priced if price.special_minor is not None or price.breaks), priced[0] if priced else None)


def initial_of(listing: Listing, at: datetime) -> dict[str, Any]:
    variants = listing.offered  # type: ignore[attr-defined]
    price, currency, zone = _main_price(variants), listing.vendor.currency, listing.vendor.zone
    plain = next((variant for variant in variants if not variant.options), None)
    names = [*(list(variants[0].options) if variants else []), "", ""]
    return {
        "version": listing.version,
        **{name: getattr(listing, name) for name in ("title", "description", "language", "condition", "hand_overs", "place")},
        "category": listing.category.slug if listing.category else "",
        **_payment_shown(listing),
        "on_hand": _count_shown(listing, plain),
        "on_hand_seen": plain.on_hand if plain else "",
        "first_name": names[0],
        "second_name": names[1],
        "price": _plain_amount(price.price_minor, currency) if price else "",
        "min_quantity": price.min_quantity if price and price.min_quantity > 1 else "",
        **(_special_of(price, currency, zone) if price and not _is_over(price, at) else {}),
    }


def _payment_shown(listing: Listing) -> dict[str, Any]:
    told = terms.told(terms.read(listing.payment_terms))
    shown: dict[str, Any] = {f"payment_{name}": value for name, value in told.items() if name != "steps"}
    return {**shown, "payment_steps": "\n".join(f"{step['name']} {step['percent']}" for step in told.get("steps", []))}


def _count_shown(listing: Listing, plain: Any) -> object:
    """A private person mostly sells one of a thing: a new draft says 1."""
    if plain is None:
        return ""
    if plain.on_hand or listing.was_published:
        return plain.on_hand
    return 1 if listing.vendor.kind == "individual" else ""


def _is_over(price: Any, at: datetime) -> bool:
    return price.special_until is not None and price.special_until <= at


def _special_of(price: Any, currency: str, zone: Any) -> dict[str, Any]:
    special_from: datetime | None = price.special_from
    return {
        "special_price": _plain_amount(price.special_minor, currency),
        "special_from": special_from.astimezone(zone).date() if special_from else None,
        "special_until": day_of_end(price.special_until, zone) if price.special_until else None,
    }


def _rows_of(listing: Listing, variants: Sequence[Any]) -> list[dict[str, Any]]:
    main, currency = _main_price(variants), listing.vendor.currency
    rows = []
    for variant in variants:
        if not variant.options:
            continue
        own = variant.price.price_minor if hasattr(variant, "price") and main and variant.price.price_minor != main.price_minor else None
        values = [*variant.options.values(), "", ""]
        rows.append(
            {
                "reference": variant.reference,
                "first": values[0],
                "second": values[1],
                "price": _plain_amount(own, currency),
                "on_hand": variant.on_hand,
                "on_hand_seen": variant.on_hand,
                "sku": variant.sku,
            }
        )
    return rows


def _breaks_of(currency: str, variants: Sequence[Any]) -> list[dict[str, Any]]:
    price = _main_price(variants)
    steps = price.breaks if price else []
    return [{"quantity": step.min_quantity, "price": _plain_amount(step.price_minor, currency)} for step in steps]
