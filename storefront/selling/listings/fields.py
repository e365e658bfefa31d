"""Amounts, counts and days as a seller types them, and the rows of choices and of quantity prices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import AmountMalformed, read

BREAK_ROWS = 4
SPARE_ROWS = 2


class AmountField(forms.CharField):
    """An amount in the shop's currency; cleans to minor units or None."""

    def __init__(self, **options: Any) -> None:
        self.currency = "EUR"
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "input--short"}
        super().__init__(**{"required": False, "max_length": 24, "widget": forms.TextInput(attrs=attrs), **options})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read(text, self.currency).amount_minor
        except AmountMalformed:
            raise forms.ValidationError(_("Write an amount like 12.50.")) from None


class CountField(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "input--short"}
        messages = {"invalid": _("Write a whole number, like 3.")}
        widget = forms.TextInput(attrs=attrs)
        super().__init__(**{"required": False, "min_value": 0, "max_value": 1_000_000, "widget": widget, "error_messages": messages, **options})


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "input--short"}, format="%Y-%m-%d")
        super().__init__(**{"required": False, "widget": widget, **options})


class RowForm(forms.Form):
    """One variant. An empty row is no variant."""

    reference = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    first = forms.CharField(required=False, max_length=40, label=_("First option"))
    second = forms.CharField(required=False, max_length=40, label=_("Second option"))
    price = AmountField(label=_("Its own price"))
    on_hand = CountField(label=_("In stock"))
    on_hand_seen = CountField(widget=forms.HiddenInput)
    sku = forms.CharField(required=False, max_length=60, label=_("Article no."))
    drop = forms.BooleanField(required=False, label=_("Remove"))

    @property
    def is_empty(self) -> bool:
        data = self.cleaned_data
        return bool(data.get("drop")) or not (data.get("first") or data.get("second"))


class BreakForm(forms.Form):
    quantity = CountField(label=_("From this many"), min_value=2, max_value=100_000)
    price = AmountField(label=_("Each costs"))


Rows = forms.formset_factory(RowForm, extra=SPARE_ROWS, max_num=110, absolute_max=120)
Breaks = forms.formset_factory(BreakForm, extra=BREAK_ROWS, max_num=12, absolute_max=15)
