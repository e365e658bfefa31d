"""What the pages about oneself ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries

from accounts.addresses import rules
from accounts.addresses.operations import REQUIRED
from accounts.addresses.rules import LIMITS, AddressData
from accounts.tokens import scopes
from accounts.users.models import Language
from accounts.users.queries import time_zones
from storefront.forms import NOT_CHOSEN, PageForm

SCOPE_WORDS = [
    (scopes.READ, _("Read what I can see")),
    (scopes.BUY, _("Buy: basket, checkout, orders")),
    (scopes.SELL, _("Sell: shop, listings, orders of my shops")),
    (scopes.MONEY, _("Money: ask for payouts")),
    (scopes.ACCOUNT, _("Account: profile, addresses, notifications")),
    (scopes.STAFF, _("Desk: what my staff groups allow")),
]
TOKEN_ENDS = [("30", _("30 days")), ("90", _("90 days")), ("365", _("One year"))]


def country_choices() -> list[tuple[str, str]]:
    """Countries by their name in the page's language, after a line that chooses nothing."""
    return [("", _("Choose a country")), *((country.code, country.name) for country in countries)]


class ProfileForm(PageForm):
    """Name, language, time zone."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("This is what other people see."), widget=forms.TextInput({"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in time_zones()],
        help_text=_("Deadlines are shown in this zone."),
    )


class AddressForm(PageForm):
    """An address of any country; what the country does not use is left out when it is stored."""

    says_optional = False  # which fields are needed depends on the country: the operation says it

    country = forms.ChoiceField(label=_("Country"), choices=country_choices, widget=forms.Select({"autocomplete": "country"}))
    name = forms.CharField(label=_("Name of the recipient"), max_length=LIMITS["name"], widget=forms.TextInput({"autocomplete": "name"}))
    street = forms.CharField(
        label=_("Street and number"), max_length=LIMITS["street"], required=False, widget=forms.TextInput({"autocomplete": "street-address"})
    )
    district = forms.CharField(
        label=_("District"), max_length=LIMITS["district"], required=False, widget=forms.TextInput({"autocomplete": "address-level3"})
    )
    postcode = forms.CharField(
        label=_("Postcode"), max_length=LIMITS["postcode"], required=False, widget=forms.TextInput({"autocomplete": "postal-code"})
    )
    city = forms.CharField(
        label=_("Town or city"), max_length=LIMITS["city"], required=False, widget=forms.TextInput({"autocomplete": "address-level2"})
    )
    region = forms.CharField(
        label=_("State or province"),
        max_length=LIMITS["region"],
        required=False,
        widget=forms.TextInput({"autocomplete": "address-level1"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=LIMITS["phone"],
        required=False,
        help_text=_("Only for the carrier."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    is_default = forms.BooleanField(label=_("Use this address first"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fit(str(self["country"].value() or "").upper())

    def _fit(self, country: str) -> None:
        """Ask what this country asks: leave out its unused fields, mark the needed ones, list its regions."""
        try:
            asked = rules.of(country) if country else None
        except ValueError:
            asked = None
        if asked is None:
            return
        for name in ("street", "district", "postcode", "city", "region"):
            if name not in asked.allowed:
                del self.fields[name]
            elif name in asked.required:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = REQUIRED[name]
        if "region" in self.fields and asked.regions:
            self._list_regions(asked.regions)

    def _list_regions(self, regions: tuple[tuple[str, str], ...]) -> None:
        old = self.fields["region"]
        choices = [("", _("Choose")), *regions]
        self.fields["region"] = forms.ChoiceField(
            label=old.label, choices=choices, required=old.required, error_messages={"required": str(REQUIRED["region"])}
        )

    def words(self) -> dict[str, Any]:
        """The address alone."""
        return {name: value for name, value in self.cleaned_data.items() if name != "is_default"}

    @staticmethod
    def initial_of(data: AddressData) -> dict[str, str]:
        """What is stored, to start from."""
        return asdict(data)


def scope_words(scopes: Sequence[str]) -> str:
    """ "Read what I can see · Buy: basket, checkout, orders"."""
    known = dict(SCOPE_WORDS)
    return " · ".join(str(known.get(scope, scope)) for scope in scopes)


class TokenForm(PageForm):
    """What the token is for, what it may do, and until when."""

    name = forms.CharField(label=pgettext_lazy("a thing", "Name"), max_length=60, help_text=_("Such as the program that will use it."))
    days = forms.ChoiceField(label=_("Ends after"), choices=TOKEN_ENDS, initial="90", widget=forms.RadioSelect)

    def __init__(self, *arguments: Any, staff: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        known = [(scope, words) for scope, words in SCOPE_WORDS if staff or scope != scopes.STAFF]  # nobody else sits at a desk
        words = {"required": NOT_CHOSEN}
        self.fields["scopes"] = forms.MultipleChoiceField(
            label=_("What it may do"), choices=known, widget=forms.CheckboxSelectMultiple, error_messages=words
        )
        self.order_fields(["name", "scopes", "days"])

    @property
    def lasts(self) -> timedelta:
        """How long."""
        return timedelta(days=int(self.cleaned_data["days"]))
