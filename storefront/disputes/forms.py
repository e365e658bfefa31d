"""What a side may say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import LARGEST_MINOR, AmountMalformed, Money, parse
from escrow.disputes.evidence import LARGEST
from escrow.disputes.moves import LONGEST_WORDS
from escrow.holds.models import Hold
from storefront.forms import PageForm


class WordsForm(PageForm):
    """A message, or the reasons of an appeal."""

    words = forms.CharField(label=_("Message"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4}))


class AcceptForm(PageForm):
    """The amount that was seen when it was accepted."""

    to_buyer_minor = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_MINOR, widget=forms.HiddenInput)


class AppealForm(PageForm):
    """Something new."""

    words = forms.CharField(label=_("What is new"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4}))


class ProposalForm(PageForm):
    """How much goes back to the buyer."""

    to_buyer = forms.CharField(
        label=_("Back to the buyer"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input--short"}),
    )
    words = forms.CharField(label=_("Why"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2}))

    for_all = forms.BooleanField(label=_("For all frozen parts of this order together"), required=False)

    def __init__(self, *values: Any, hold: Hold, together: Money | None = None, **options: Any) -> None:
        super().__init__(*values, **options)
        self.currency = hold.currency
        if together is None:
            del self.fields["for_all"]
        else:
            self.fields["for_all"].help_text = _("Then from 0 to {left}, from each part in proportion.").format(left=together.plain())
        self.fields["to_buyer"].help_text = _("In {currency}, from 0 to {left}. The rest goes to the seller.").format(
            currency=hold.currency, left=hold.left.plain()
        )

    def clean_to_buyer(self) -> Money:
        try:
            return parse(self.cleaned_data["to_buyer"].strip().replace(",", "."), self.currency)
        except AmountMalformed:
            raise forms.ValidationError(_("Write an amount like 12.50.")) from None


class ExhibitForm(PageForm):
    """A piece of evidence."""

    title = forms.CharField(label=_("What it shows"), max_length=120)
    words = forms.CharField(label=_("In words"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2}))
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("A PDF, JPEG, PNG or WebP of at most 10 MB. What a camera writes into a picture, like the place, is not kept."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("A file may have {most} MB.").format(most=LARGEST // 1_000_000))
        return file


class ReturnForm(PageForm):
    """The parcel that goes back."""

    carrier = forms.CharField(label=_("Carrier"), max_length=40)
    tracking = forms.CharField(label=_("Tracking number"), max_length=60)
