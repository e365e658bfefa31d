"""What an arbiter says: a ruling, words to both sides, a second person's word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.money import AmountMalformed, Money, parse
from escrow.holds.issues import LONGEST_WORDS
from escrow.holds.models import Hold

OUTCOMES = [("refund", _("All of it back to the buyer")), ("release", _("All of it to the seller")), ("divide", _("Divide it"))]


class DeskForm(forms.Form):
    """A form that shows refusals at their field, or on top."""

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class DecisionForm(DeskForm):
    """Who gets how much, whether the goods go back first, and the words that both sides will read."""

    outcome = forms.ChoiceField(
        label=_("Where the money goes"),
        widget=forms.RadioSelect,
        choices=OUTCOMES,
        error_messages={"required": _("Choose where the money goes."), "invalid_choice": _("Choose one of them.")},
    )
    to_buyer = forms.CharField(
        label=_("Back to the buyer"),
        required=False,
        max_length=20,
        help_text=_("Only when you divide it; the rest goes to the seller."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input--short"}),
    )
    must_return = forms.BooleanField(label=_("The goods go back to the seller first"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Both sides will read it. Name what decided: the photos, the tracking, the description."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST_WORDS,
        error_messages={"required": _("Write the reason. Both sides will read it.")},
    )

    def __init__(self, *values: Any, hold: Hold, **options: Any) -> None:
        super().__init__(*values, **options)
        self.hold = hold

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("outcome") == "divide":
            try:
                said["amount"] = parse((said.get("to_buyer") or "").strip().replace(",", "."), self.hold.currency)
            except AmountMalformed:
                self.add_error("to_buyer", _("Write an amount like 12.50."))
        return said

    @property
    def amount(self) -> Money:
        """What the buyer gets back."""
        outcome = self.cleaned_data["outcome"]
        if outcome == "refund":
            return self.hold.left
        return Money.zero(self.hold.currency) if outcome == "release" else self.cleaned_data["amount"]


class AppealForm(DeskForm):
    """The second look after the money has moved."""

    more = forms.CharField(
        label=_("More back to the buyer"),
        max_length=20,
        help_text=_("Beside what the ruling gave; it is taken from the seller's balance. 0 leaves the decision as it was."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input--short"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Both sides will read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_WORDS,
        error_messages={"required": _("Write the reason. Both sides will read it.")},
    )

    def __init__(self, *values: Any, hold: Hold, **options: Any) -> None:
        super().__init__(*values, **options)
        self.hold = hold

    def clean_more(self) -> Money:
        try:
            return parse(self.cleaned_data["more"].strip().replace(",", "."), self.hold.currency)
        except AmountMalformed:
            raise forms.ValidationError(_("Write an amount like 12.50.")) from None


class WordsForm(DeskForm):
    """A message to both sides, or a note between our people; and why a ruling is sent back."""

    words = forms.CharField(
        label=_("Message"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
        error_messages={"required": _("Write a few words.")},
    )
    is_internal = forms.BooleanField(label=_("Only our team reads it"), required=False)
