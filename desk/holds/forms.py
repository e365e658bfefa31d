"""What our team gives back after the seller was paid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.money import AmountMalformed, Money, parse
from escrow.holds.models import Hold
from escrow.late_refunds.operations import LONGEST_REASON


class LateRefundForm(forms.Form):
    """An amount of all lines in proportion, or of one line."""

    amount = forms.CharField(
        label=_("Back to the buyer"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input--short"}),
    )
    line = forms.ChoiceField(label=_("Of what"), required=False)
    reason = forms.CharField(label=_("Reason"), help_text=_("Both sides will read it."), max_length=LONGEST_REASON)

    def __init__(self, *values: Any, hold: Hold, titles: dict[str, str] | None = None, **options: Any) -> None:
        super().__init__(*values, **options)
        self.hold = hold
        named = [(part.line, (titles or {}).get(part.line) or part.line) for part in hold.parts.all()]
        self.fields["line"].choices = [("", _("Everything, in proportion")), *named]  # type: ignore[attr-defined]

    def clean_amount(self) -> Money:
        try:
            return parse(self.cleaned_data["amount"].strip().replace(",", "."), self.hold.currency)
        except AmountMalformed:
            raise forms.ValidationError(_("Write an amount like 12.50.")) from None

    @property
    def said(self) -> dict[str, Any]:
        """As the operation takes it."""
        amount, line, reason = (self.cleaned_data[name] for name in ("amount", "line", "reason"))
        return {"parts": {line: amount.amount_minor}, "reason": reason} if line else {"amount": amount, "reason": reason}

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
