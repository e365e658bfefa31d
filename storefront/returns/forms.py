"""What buyer and seller say about a return. Right or wrong is decided by the operations; forms keep what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import AmountMalformed, Money, parse
from marketplace.catalog.listings.models import Variant
from marketplace.returns.models import Return
from marketplace.returns.moves import LONGEST_WORDS
from marketplace.returns.operations import LONGEST_ADDRESS, LONGEST_NUMBER
from marketplace.returns.queries import Choice
from marketplace.returns.states import ReturnReason, Wish
from storefront.forms import PageForm
from vendors.policies.models import ReturnsPaidBy

QUANTITY = "quantity-"


def _words(label: Any, *, required: bool = True, rows: int = 3, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST_WORDS, widget=forms.Textarea({"rows": rows}))


class AskForm(PageForm):
    """What comes back, why, and what the buyer wants for it."""

    reason = forms.ChoiceField(label=_("Why?"), choices=ReturnReason.choices, widget=forms.RadioSelect)
    words = _words(_("In your words"), required=False, hint=_("The seller reads this."))

    def __init__(self, *values: Any, choices: Sequence[Choice], variants: Sequence[Variant], **options: Any) -> None:
        super().__init__(*values, **options)
        for choice in choices:
            field = forms.TypedChoiceField(
                label=choice.line.title if not choice.line.choice else f"{choice.line.title} ({choice.line.choice})",
                choices=[(number, str(number)) for number in range(min(choice.left, 100) + 1)],
                coerce=int,
                initial=1 if len(choices) == 1 else 0,
                help_text=_("How many you send back."),
            )
            self.fields[f"{QUANTITY}{choice.line.reference}"] = field
        if variants:
            instead = [("", _("My money back")), *((variant.reference, variant.label) for variant in variants)]
            self.fields["variant"] = forms.ChoiceField(label=_("What do you want instead?"), choices=instead, required=False)
        first = [name for name in self.fields if name.startswith(QUANTITY)]
        self.order_fields([*first, "reason", "words", "variant"])

    @property
    def said(self) -> dict[str, Any]:
        """As the operation wants it."""
        data = self.cleaned_data
        variant = data.get("variant", "")
        quantities = {name.removeprefix(QUANTITY): value for name, value in data.items() if name.startswith(QUANTITY)}
        wish = Wish.EXCHANGE if variant else Wish.REFUND
        return {"quantities": quantities, "reason": data["reason"], "words": data["words"], "wish": wish, "variant": variant}


class SendForm(PageForm):
    """The parcel that is on its way."""

    carrier = forms.CharField(label=_("Carrier"), max_length=40, required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=LONGEST_NUMBER)


class ProtestForm(PageForm):
    """Why not."""

    words = _words(_("What is not right about it?"), hint=_("The seller and our team read this."))


class ApproveForm(PageForm):
    """Where it is to be sent."""

    send_to = forms.CharField(label=_("Where to send it"), max_length=LONGEST_ADDRESS, widget=forms.Textarea({"rows": 4}))
    paid_by = forms.ChoiceField(label=_("Who pays for the way back"), choices=ReturnsPaidBy.choices)
    words = _words(_("A word to the buyer"), required=False, rows=2)


class DeclineForm(PageForm):
    """No, and why."""

    words = _words(_("Why not?"), hint=_("The buyer reads this."))


class AcceptForm(PageForm):
    """It came back as it left."""

    restock = forms.BooleanField(label=_("It can be sold again: put it back on the shelf"), required=False)


class DeductForm(PageForm):
    """It came back worse than it left, or not at all."""

    deduction = forms.CharField(label=_("What you keep"), max_length=20, widget=forms.TextInput({"inputmode": "decimal", "class": "input--short"}))
    words = _words(_("Why?"), hint=_("The buyer reads this and may object."))
    restock = forms.BooleanField(label=_("It can be sold again: put it back on the shelf"), required=False)

    def __init__(self, *values: Any, asked: Return, **options: Any) -> None:
        super().__init__(*values, **options)
        self.currency = asked.currency
        self.fields["deduction"].help_text = _("In {currency}, at most {most}.").format(currency=asked.currency, most=asked.amount.plain())

    def clean_deduction(self) -> Money:
        try:
            return parse(self.cleaned_data["deduction"].strip().replace(",", "."), self.currency)
        except AmountMalformed:
            raise forms.ValidationError(_("Write an amount like 12.50.")) from None
