from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.catalog.categories import queries as categories
from marketplace.catalog.listings.models import LARGEST_STOCK, Condition, HandOver
from marketplace.importing import queries
from marketplace.importing.models import Import
from marketplace.importing.terms import Terms
from storefront.forms import PageForm
from storefront.selling.listings.forms import NAMES as LANGUAGE_NAMES

SHORT = {"inputmode": "numeric", "autocomplete": "off", "class": "input--short"}


def category_choices() -> list[Any]:
    leaves = [(branch.name, [(leaf.slug, leaf.name) for leaf in inside]) for branch, inside in categories.where_things_go()]
    return [("", _("Choose a category")), *leaves]


class UploadForm(PageForm):
    """The table, and what most tables leave out."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_(
            "CSV, packed CSV (.csv.gz) or XLSX, at most 100 MB. Its first line names the columns. "
            "Rows with the same “group” become one listing with variants."
        ),
        error_messages={"empty": _("This file is empty. Send a table whose first line names its columns."), "required": _("Choose a file.")},
    )
    category = forms.ChoiceField(
        label=_("Category of new listings"), required=False, choices=category_choices, help_text=_("A column of the table may say otherwise.")
    )
    stock = forms.IntegerField(
        label=_("How many of each new thing"),
        required=False,
        min_value=0,
        max_value=LARGEST_STOCK,
        help_text=_("Where the table has no column for it."),
        widget=forms.TextInput(SHORT),
    )

    def terms(self, currency: str) -> Terms:
        return Terms(currency=currency, category=self.cleaned_data["category"], stock=self.cleaned_data["stock"])


class SetupForm(PageForm):
    """What each column is, and what new listings have where their row says nothing."""

    category = UploadForm.base_fields["category"]
    stock = UploadForm.base_fields["stock"]
    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices)
    language = forms.ChoiceField(label=_("Language of the texts"), choices=list(LANGUAGE_NAMES.items()))
    delivery = forms.MultipleChoiceField(label=_("Delivery"), choices=HandOver.choices, widget=forms.CheckboxSelectMultiple)
    prices = forms.ChoiceField(
        label=_("Whole numbers in the price column are"),
        choices=[("whole", _("whole units: 4995 is 4,995.00")), ("cents", _("cents: 4995 is 49.95"))],
        widget=forms.RadioSelect,
    )
    publish = forms.BooleanField(label=_("Show new listings to buyers at once"), required=False)

    def __init__(self, data: Any = None, *, batch: Import) -> None:
        kept = Terms.from_json(batch.terms).as_json()
        super().__init__(data, initial={**kept, **{f"column_{place}": field for place, field in enumerate(batch.mapping.values())}})
        self._currency, self._columns = kept["currency"], list(batch.mapping)
        choices = [("", _("(left out)")), *queries.choices_of(batch)]
        for place, column in enumerate(self._columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(label=column, required=False, choices=choices)

    def columns(self) -> list[tuple[str, Any]]:
        return [(column, self[f"column_{place}"]) for place, column in enumerate(self._columns)]

    def general(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith("column_")]

    def mapping(self) -> dict[str, str]:
        return {column: self.cleaned_data[f"column_{place}"] for place, column in enumerate(self._columns)}

    def terms(self) -> Terms:
        names = ("category", "stock", "condition", "language", "delivery", "prices", "publish")
        return Terms(currency=self._currency, **{name: self.cleaned_data[name] for name in names})
