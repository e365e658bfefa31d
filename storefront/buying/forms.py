"""What checkout and the order's pages ask. Right or wrong is decided by the operations; forms keep what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.addresses import rules
from accounts.addresses.rules import LIMITS
from core.errors import Refusal
from escrow.holds.states import Reason
from marketplace.checkout import details
from marketplace.checkout.details import ADDRESS_FIELDS, Details
from marketplace.checkout.quotes import Quote
from storefront.forms import PageForm

CHOICE = "choice-"
PLAN = "plan-"


def country_choices() -> list[tuple[str, str]]:
    return [("", _("Choose a country")), *((country.code, country.name) for country in countries)]


class CheckoutForm(PageForm):
    """Contact and address. What the chosen country does not use is not asked."""

    says_optional = False  # what is missing is for the operation to say, not for the browser

    email = forms.CharField(
        label=_("E-mail"), max_length=250, help_text=_("For the receipt and the tracking."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )  # fmt: skip
    name = forms.CharField(label=_("Full name"), max_length=LIMITS["name"], widget=forms.TextInput({"autocomplete": "name"}))
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, widget=forms.Select({"autocomplete": "country"}))
    street = forms.CharField(
        label=_("Street and number"), max_length=LIMITS["street"], required=False, widget=forms.TextInput({"autocomplete": "street-address"})
    )
    district = forms.CharField(label=_("District"), max_length=100, required=False, widget=forms.TextInput({"autocomplete": "address-level3"}))
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False, widget=forms.TextInput({"autocomplete": "postal-code"}))
    city = forms.CharField(label=_("Town or city"), max_length=100, required=False, widget=forms.TextInput({"autocomplete": "address-level2"}))
    region = forms.CharField(label=_("State or province"), max_length=100, required=False, widget=forms.TextInput({"autocomplete": "address-level1"}))
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, help_text=_("The carrier calls only when the door stays shut."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip

    def __init__(self, *arguments: Any, country: str = "", quote: Quote | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._fit_country(country)
        self.choices = {f"{CHOICE}{seller.vendor.reference}" for seller in quote.sellers} if quote else set()
        self.choices.add("method")
        for field in self.choices:  # so that a refusal about a delivery finds its field
            self.fields[field] = forms.CharField(required=False, widget=forms.HiddenInput())
        if quote is not None and not quote.needs_address:
            for name in set(ADDRESS_FIELDS) - {"name", "phone", "country"}:
                self.fields.pop(name, None)

    def show_only(self, refusal: Refusal) -> None:
        """The operation has judged; the form's own opinion would say it twice."""
        self.full_clean()
        self.errors.clear()
        self.refuse(refusal)

    def _fit_country(self, country: str) -> None:
        try:
            known = rules.of(country) if country else None
        except ValueError:
            known = None
        if known is None:
            for name in ("district", "region"):  # few countries ask for these
                self.fields.pop(name, None)
            return
        for name in ("district", "region", "postcode", "city", "street"):
            if name not in known.allowed:
                self.fields.pop(name, None)
            elif name in known.required:
                self.fields[name].required = True
        if known.regions and "region" in self.fields:
            self.fields["region"] = forms.ChoiceField(
                label=_("State or province"), choices=[("", _("Choose")), *known.regions], required="region" in known.required
            )

    @property
    def asked(self) -> list[forms.BoundField]:
        """The address's fields in their order, without the contact."""
        return [self[name] for name in self.fields if name not in ("email", *self.choices)]


def said(data: Mapping[str, str]) -> Details:
    """What a checkout's form (or nothing) says, as the operation wants it."""
    choices = {name.removeprefix(CHOICE): value for name, value in data.items() if name.startswith(CHOICE)}
    plans = [name.removeprefix(PLAN) for name, value in data.items() if name.startswith(PLAN) and value == "parts"]
    address = {name: data.get(name, "") for name in ADDRESS_FIELDS}
    return details.tidy(email=data.get("email", ""), address=address, choices=choices, plans=plans, method=data.get("method", ""))


class IssueForm(PageForm):
    reason = forms.ChoiceField(
        label=_("What is wrong?"), choices=Reason.choices, widget=forms.RadioSelect, error_messages={"required": _("Choose one of the reasons.")}
    )
    words = forms.CharField(
        label=_("Tell us what happened"),
        help_text=_("What did you expect, what did you get? The seller and our team read this."),
        widget=forms.Textarea({"rows": 6}),
        max_length=2000,
        error_messages={"required": _("Say in a few words what is wrong.")},
    )


class CancelForm(PageForm):
    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=2000, help_text=_("The seller reads this."), widget=forms.Textarea({"rows": 3})
    )
