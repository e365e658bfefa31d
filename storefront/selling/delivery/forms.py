"""What a delivery method and a pickup place are made of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core import money
from core.errors import Invalid
from core.money import Money
from marketplace.fulfilment.carriers import registry as carriers
from marketplace.fulfilment.kinds.pickup.models import PickupPlace
from marketplace.fulfilment.kinds.pickup.operations import PlaceDraft
from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from marketplace.fulfilment.kinds.shipping.operations import MethodDraft
from storefront.forms import PageForm

_UNION = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
EUROPEAN_UNION = frozenset(_UNION.split())
AMOUNTS = {"base": "base_minor", "each_more": "each_more_minor", "free_from": "free_from_minor"}


def _amount_field(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=20, widget=forms.TextInput({"inputmode": "decimal", "class": "input--short", "autocomplete": "off"}), **options
    )


class MethodForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As buyers read it, for example “Tracked to your door”."))
    carrier = forms.ChoiceField(label=_("Carrier"), choices=carriers.choices)
    everywhere = forms.BooleanField(label=_("Everywhere in the world"), required=False)
    european_union = forms.BooleanField(label=_("All countries of the European Union"), required=False)
    countries = forms.MultipleChoiceField(
        label=_("Countries"), required=False, help_text=_("Tick each country that you also send to."), widget=forms.CheckboxSelectMultiple
    )
    base = _amount_field(_("Price"), help_text=_("For the first item. 0 means free."))
    each_more = _amount_field(_("For each further item"), required=False)
    free_from = _amount_field(_("Free from"), required=False, help_text=_("Goods worth this much travel for nothing."))
    days_min = forms.IntegerField(label=_("Business days on the way, at least"), min_value=0, max_value=90, initial=1)
    days_max = forms.IntegerField(label=_("At most"), min_value=0, max_value=90, initial=3)

    def __init__(self, *args: Any, currency: str, home: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency
        chosen = {home, *(self.data.getlist("countries") if self.is_bound else self.initial.get("countries", ()))}  # type: ignore[attr-defined]
        named = [(country.code, country.name) for country in countries]
        self.fields["countries"].choices = sorted(named, key=lambda one: one[0] not in chosen)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Amounts become minor units; each that cannot be read is marked, all at once."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for shown, minor in AMOUNTS.items():
            try:
                said[minor] = _minor(said.get(shown, ""), self._currency, shown)
            except Invalid as unreadable:
                self.refuse(unreadable)
        return said

    def draft(self, currency: str) -> MethodDraft:
        """What the operation wants."""
        said = self.cleaned_data
        union = EUROPEAN_UNION if said["european_union"] else frozenset()
        return MethodDraft(
            name=said["name"],
            carrier=said["carrier"],
            zones=["*"] if said["everywhere"] else sorted(union | set(said["countries"])),
            base_minor=said["base_minor"] or 0,
            each_more_minor=said["each_more_minor"] or 0,
            free_from_minor=said["free_from_minor"],
            days_min=said["days_min"],
            days_max=said["days_max"],
        )

    def refuse(self, refusal: Any) -> None:
        """The operation's fields, under the names that this page shows."""
        names = {minor: shown for shown, minor in AMOUNTS.items()} | {"zones": "countries"}
        refusal.field = names.get(refusal.field, refusal.field)
        super().refuse(refusal)

    @staticmethod
    def initial_of(method: ShippingMethod) -> dict[str, Any]:
        amounts = {
            shown: Money(value, method.vendor.currency).plain() if (value := getattr(method, minor)) is not None else ""
            for shown, minor in AMOUNTS.items()
        }
        kept = {name: getattr(method, name) for name in ("name", "carrier", "days_min", "days_max")}
        zones = set(method.zones) - {"*"}
        union = zones >= EUROPEAN_UNION
        rest = sorted(zones - EUROPEAN_UNION if union else zones)
        return {**kept, **amounts, "everywhere": "*" in method.zones, "european_union": union, "countries": rest}


class PlaceForm(PageForm):
    name = forms.CharField(label=_("Name of the place"), max_length=80)
    street = forms.CharField(label=_("Street and number"), max_length=120, help_text=_("Buyers see it only after they have paid."))
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town or city"), max_length=80)
    country = forms.ChoiceField(
        label=_("Country"), choices=lambda: [("", _("Choose a country")), *((country.code, country.name) for country in countries)]
    )
    hours = forms.CharField(label=_("When"), max_length=160, required=False, help_text=_("For example “Any evening after six”."))
    directions = forms.CharField(label=_("How to find it"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))

    def draft(self, currency: str) -> PlaceDraft:
        return PlaceDraft(**self.cleaned_data)

    @staticmethod
    def initial_of(place: PickupPlace) -> dict[str, Any]:
        return {name: getattr(place, name) for name in ("name", "street", "postcode", "city", "country", "hours", "directions")}


def _minor(text: str, currency: str, field: str) -> int | None:
    if not text.strip():
        return None
    try:
        return money.parse(text.strip().replace(",", "."), currency).amount_minor
    except money.AmountMalformed as malformed:
        raise Invalid(field, _("Write an amount like 4.90.")) from malformed
