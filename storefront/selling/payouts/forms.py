"""Asking for a payout."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import AmountMalformed, Money, parse
from escrow.payouts.states import Schedule
from storefront.forms import PageForm


def _amount(text: str, currency: str) -> Money | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        return parse(text, currency)
    except AmountMalformed:
        raise forms.ValidationError(_("Write an amount like 25 or 25.50.")) from None


class RulesForm(PageForm):
    """When the shop is paid without asking, and from which amount on."""

    schedule = forms.ChoiceField(label=_("Pay me"), choices=Schedule.choices)
    minimum = forms.CharField(
        label=_("From this amount on"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input--short"}),
    )

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency = currency

    def clean_minimum(self) -> Money | None:
        """The amount as Money."""
        return _amount(self.cleaned_data["minimum"], self.currency)


class PayoutForm(PageForm):
    """How much; everything when it is left empty."""

    amount = forms.CharField(
        label=_("Amount"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input--short"}),
    )

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency = currency
        self.fields["amount"].help_text = _("In {currency}. Leave it empty to get everything that is available.").format(currency=currency)

    def clean_amount(self) -> Money | None:
        """The amount as Money."""
        return _amount(self.cleaned_data["amount"], self.currency)
