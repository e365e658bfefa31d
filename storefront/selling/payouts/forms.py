"""Asking for a payout."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import AmountMalformed, Money, parse
from storefront.forms import PageForm


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
        text = self.cleaned_data["amount"].strip().replace(",", ".")
        if not text:
            return None
        try:
            return parse(text, self.currency)
        except AmountMalformed:
            raise forms.ValidationError(_("Write an amount like 25 or 25.50.")) from None
