"""The arbiter's decision."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from escrow.holds.issues import LONGEST_WORDS

OUTCOMES = [("refund", _("All of it back to the buyer")), ("release", _("All of it to the seller"))]


class DecisionForm(forms.Form):
    """Who gets the money, and the words that both sides will read."""

    outcome = forms.ChoiceField(
        label=_("Where the money goes"),
        widget=forms.RadioSelect,
        choices=OUTCOMES,
        error_messages={"required": _("Choose where the money goes."), "invalid_choice": _("Choose one of the two.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Both sides will read it. Name what decided: the photos, the tracking, the description."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST_WORDS,
        error_messages={"required": _("Write the reason. Both sides will read it.")},
    )

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its field, or on top."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
