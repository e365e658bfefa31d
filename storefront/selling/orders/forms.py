"""What the seller's page of an order asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.fulfilment.carriers import registry as carriers
from marketplace.orders.models import Order, OrderLine
from storefront.forms import PageForm

QUANTITY = "quantity-"


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


class CancelPartForm(PageForm):
    """What is missing, line by line."""

    says_optional = False
    reason = forms.CharField(label=_("Why?"), max_length=2000, help_text=_("The buyer reads this."), widget=forms.Textarea({"rows": 3}))
    restock = forms.BooleanField(label=_("The goods can be sold again"), required=False)

    def __init__(self, *arguments: Any, order: Order, **options: Any) -> None:
        super().__init__(*arguments, **options)
        counts = {f"{QUANTITY}{line.reference}": _count_of(line) for line in order.lines.all() if line.left}
        self.fields = {**counts, **self.fields}


def _count_of(line: OrderLine) -> forms.IntegerField:
    title = f"{line.title} ({line.choice})" if line.choice else line.title
    hint = _("How many of {left} you cannot deliver.").format(left=line.left)
    widget = forms.NumberInput({"class": "input--short", "inputmode": "numeric"})
    return forms.IntegerField(label=title, help_text=hint, min_value=0, max_value=line.left, initial=0, required=False, widget=widget)


class RefundForm(PageForm):
    amount = forms.CharField(
        label=_("Amount"), max_length=20, widget=forms.TextInput({"inputmode": "decimal", "class": "input--short", "autocomplete": "off"})
    )
    reason = forms.CharField(label=_("Why?"), max_length=2000, help_text=_("The buyer reads this."), widget=forms.Textarea({"rows": 3}))

    def __init__(self, *arguments: Any, currency: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["amount"].label = _("Amount in {currency}").format(currency=currency)
