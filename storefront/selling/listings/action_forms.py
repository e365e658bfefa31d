from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.money import AmountMalformed, read
from marketplace.assortment import actions
from marketplace.assortment.actions import Action
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.listings.models import LARGEST_STOCK
from storefront.forms import PageForm

SHORT = {"inputmode": "decimal", "autocomplete": "off", "class": "input--short"}
WAYS = [("percent", _("By percent")), ("amount", _("By an amount")), ("set", _("To one price"))]
ENDINGS = [
    ("exact", _("As it comes out")),
    ("99", _("Ending in .99")),
    ("95", _("Ending in .95")),
    ("90", _("Ending in .90")),
    ("whole", _("Whole, without cents")),
]


class ActionForm(PageForm):
    """Reads one action; `action()` is what the operation takes."""

    def __init__(self, *args: Any, currency: str = "EUR", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def words(self) -> dict[str, Any]:
        raise NotImplementedError

    def action(self) -> Action | None:
        """The action, or None when something is wrong, which is then marked at its field."""
        if not self.is_valid():
            return None
        try:
            return actions.of(self.words())
        except Invalid as wrong:
            self.refuse(wrong)
            return None


class PriceForm(ActionForm):
    kind = forms.ChoiceField(label=_("Change the prices"), choices=WAYS, widget=forms.RadioSelect, initial="percent")
    value = forms.CharField(
        label=_("By how much, or to what"),
        max_length=16,
        help_text=_("With a minus to lower them: −10 is ten percent or ten less."),
        widget=forms.TextInput(attrs=SHORT),
    )
    ending = forms.ChoiceField(label=_("New prices"), choices=ENDINGS, initial="exact")

    def words(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"name": "price", "kind": data["kind"], "value": self._value(data["kind"], data["value"]), "ending": data["ending"]}

    def _value(self, kind: str, text: str) -> int | None:
        plain = text.strip().replace("−", "-").rstrip("%").strip()
        sign = -1 if plain.startswith("-") else 1
        try:
            if kind == "percent":
                return sign * int(Decimal(plain.lstrip("+-").replace(",", ".")) * 100)
            return sign * read(plain.lstrip("+-"), self.currency).amount_minor
        except (ArithmeticError, ValueError, AmountMalformed):
            return None


class StockForm(ActionForm):
    kind = forms.ChoiceField(
        label=_("Change the stock"), choices=[("add", _("Add to what is there")), ("set", _("Set to"))], widget=forms.RadioSelect, initial="add"
    )
    quantity = forms.IntegerField(
        label=_("How many"),
        min_value=-LARGEST_STOCK,
        max_value=LARGEST_STOCK,
        widget=forms.TextInput(attrs={**SHORT, "inputmode": "numeric"}),
        help_text=_("Of every variant. With a minus to take away."),
    )

    def words(self) -> dict[str, Any]:
        return {"name": "stock", "kind": self.cleaned_data["kind"], "quantity": self.cleaned_data["quantity"]}


class CategoryForm(ActionForm):
    slug = forms.ChoiceField(label=_("New category"), choices=lambda: _grouped())

    def words(self) -> dict[str, Any]:
        return {"name": "category", "slug": self.cleaned_data["slug"]}


def _grouped() -> list[tuple[str, Any]]:
    groups = [(branch.name, [(leaf.slug, leaf.name) for leaf in leaves]) for branch, leaves in categories.where_things_go()]
    return [("", _("Choose")), *groups]


class MoveForm(ActionForm):
    """Nothing to fill in: the move is in the address."""

    move = forms.CharField(widget=forms.HiddenInput, max_length=10)

    def words(self) -> dict[str, Any]:
        return {"name": "move", "move": self.cleaned_data["move"]}


FORMS: dict[str, type[ActionForm]] = {"price": PriceForm, "stock": StockForm, "category": CategoryForm}
"""By what the seller wants to do; every other word is a move."""


def form_for(do: str, data: Any, *, currency: str) -> ActionForm | None:
    """The questions of this action, with the answers in `data` when there are any."""
    if do in actions.MOVES:
        return MoveForm({"move": do}, currency=currency)
    kind = FORMS.get(do)
    if kind is None:
        return None
    answered = any(name in data for name in kind.base_fields if name != "kind")
    return kind(data if answered else None, currency=currency)
