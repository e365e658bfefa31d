"""What the seller's page of an order asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.fulfilment.carriers import registry as carriers
from storefront.forms import PageForm


class ShipForm(PageForm):
    carrier = forms.ChoiceField(label=_("Carrier"), choices=carriers.choices)
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=60,
        required=False,
        help_text=_("From your receipt. Leave it empty and we give the parcel a number."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )


class CodeForm(PageForm):
    code = forms.CharField(
        label=_("The buyer's code"),
        max_length=40,
        help_text=_("Six letters and digits, on the buyer's order page."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "class": "input--short"}),
    )


class CancelForm(PageForm):
    reason = forms.CharField(label=_("Why do you cancel?"), max_length=2000, help_text=_("The buyer reads this."), widget=forms.Textarea({"rows": 3}))
    restock = forms.BooleanField(label=_("The goods can be sold again"), required=False)


class RefundForm(PageForm):
    amount = forms.CharField(
        label=_("Amount"), max_length=20, widget=forms.TextInput({"inputmode": "decimal", "class": "input--short", "autocomplete": "off"})
    )
    reason = forms.CharField(label=_("Why?"), max_length=2000, help_text=_("The buyer reads this."), widget=forms.Textarea({"rows": 3}))

    def __init__(self, *arguments: Any, currency: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["amount"].label = _("Amount in {currency}").format(currency=currency)
