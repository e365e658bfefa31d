"""What the shop pages ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.users.queries import time_zones
from core.money import EXPONENTS
from storefront.account.forms import AddressForm, country_choices
from storefront.forms import PageForm
from vendors.members.models import Role
from vendors.policies.models import HANDLING_DAYS, HIGHEST_TAX_BP, ReturnsPaidBy
from vendors.profiles.models import Vendor, VendorKind
from vendors.profiles.operations import CURRENCIES, LIMITS

FIRST_CURRENCIES = ("EUR", "USD", "GBP", "CNY", "HKD", "JPY", "CHF")


def currency_choices() -> list[tuple[str, str]]:
    """The usual ones first, then all."""
    rest = [code for code in CURRENCIES if code not in FIRST_CURRENCIES and code in EXPONENTS]
    return [(code, code) for code in (*FIRST_CURRENCIES, *rest)]


class OpenForm(PageForm):
    """The four things that a shop begins with."""

    kind = forms.ChoiceField(label=_("You sell as"), choices=VendorKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name of the shop"), max_length=LIMITS["name"], help_text=_("Your own name is fine. You can change it later."))
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, help_text=_("Where you send from. It cannot be changed later."))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, help_text=_("Of all your prices. It cannot be changed later."))


class ProfileForm(PageForm):
    """What the public page shows."""

    name = forms.CharField(label=_("Name of the shop"), max_length=LIMITS["name"])
    about = forms.CharField(
        label=_("About"),
        max_length=LIMITS["about"],
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("What you sell, and why people can rely on you."),
    )
    place = forms.CharField(
        label=_("Town"),
        max_length=LIMITS["place"],
        required=False,
        help_text=_("Needed to open the shop. Shown beside your things and used for pickup and distances."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=lambda: [(zone, zone.replace("_", " ")) for zone in time_zones()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].says_optional = False  # type: ignore[attr-defined]  # a draft may lack it, an open shop may not

    @staticmethod
    def initial_of(vendor: Vendor) -> dict[str, Any]:
        """What is stored, to start from."""
        return {name: getattr(vendor, name) for name in ("name", "about", "place", "time_zone")}


class BusinessForm(AddressForm):
    """Who the business is in law, and where it can be reached."""

    field_order = ["legal_name", "registration_number", "country", "name", "street", "district", "postcode", "city", "region", "phone"]

    legal_name = forms.CharField(
        label=_("Legal name"), max_length=LIMITS["legal_name"], help_text=_("With the legal form, such as Ltd, GmbH or 有限公司.")
    )
    registration_number = forms.CharField(
        label=_("Registration number"), max_length=LIMITS["registration_number"], help_text=_("From the commercial register or the business licence.")
    )
    is_default = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name on the letter box")

    def words(self) -> dict[str, Any]:
        """The address alone."""
        return {name: value for name, value in super().words().items() if name not in ("legal_name", "registration_number")}

    @staticmethod
    def initial_from(vendor: Vendor) -> dict[str, Any]:
        """What is stored, to start from."""
        address = vendor.address or {"name": vendor.name, "country": vendor.country.code}
        return {**address, "legal_name": vendor.legal_name, "registration_number": vendor.registration_number}


def _handling_choices() -> list[tuple[int, str]]:
    every = range(HANDLING_DAYS[0], HANDLING_DAYS[1] + 1)
    return [(days, ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}) for days in every]


class PolicyForm(PageForm):
    """What the shop promises."""

    handling_days = forms.TypedChoiceField(
        label=_("You ship within"),
        coerce=int,
        choices=_handling_choices,
        help_text=_("After payment. A late order cancels itself and the buyer gets the money back."),
    )
    returns_days = forms.TypedChoiceField(
        label=_("Returns when the buyer changes their mind"),
        coerce=int,
        choices=[(0, _("No returns")), (14, _("14 days")), (30, _("30 days"))],
        widget=forms.RadioSelect,
    )
    returns_paid_by = forms.ChoiceField(label=_("Who pays for the way back"), choices=ReturnsPaidBy.choices, widget=forms.RadioSelect)
    tax_percent = forms.DecimalField(
        label=_("Tax in your prices, in percent"),
        min_value=0,
        max_value=HIGHEST_TAX_BP // 100,
        decimal_places=2,
        required=False,
        help_text=_("Your prices include it; buyers see the amount. 0 where none is due."),
    )
    text = forms.CharField(label=_("In your own words"), max_length=4000, required=False, widget=forms.Textarea({"rows": 4}))

    @classmethod
    def of(cls, vendor: Vendor, *given: Any, **more: Any) -> PolicyForm:
        """Private persons are not asked about tax."""
        form = cls(*given, **more)
        if not vendor.is_business:
            del form.fields["tax_percent"]
        return form

    def promise(self) -> dict[str, Any]:
        """What was answered, as the room of policies takes it."""
        answers = dict(self.cleaned_data)
        return answers | {"tax_bp": int((answers.pop("tax_percent", None) or 0) * 100)}


class HolidayForm(PageForm):
    """When the shop is away, and what buyers read meanwhile."""

    first_day = forms.DateField(label=_("First day away"), widget=forms.DateInput({"type": "date", "class": "input--short"}, format="%Y-%m-%d"))
    last_day = forms.DateField(label=_("Last day away"), widget=forms.DateInput({"type": "date", "class": "input--short"}, format="%Y-%m-%d"))
    sells = forms.TypedChoiceField(
        label=_("Meanwhile"),
        choices=[("", _("Close the shop: things can be seen, not bought")), ("yes", _("Go on selling: what is bought leaves once you are back"))],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Selling goes on for four weeks at most. The longer wait is shown beside every thing, before people buy."),
    )
    words = forms.CharField(
        label=_("A sentence for your buyers"),
        max_length=300,
        required=False,
        help_text=_("Shown on your shop and beside your things. For example: “In the mountains until Sunday; I write back on Monday.”"),
    )

    @staticmethod
    def initial_of(vendor: Vendor) -> dict[str, Any]:
        """What is planned, to start from."""
        return {
            "first_day": vendor.first_day_away,
            "last_day": vendor.last_day_away,
            "words": vendor.away_words,
            "sells": "yes" if vendor.away_sells else "",
        }


class InviteForm(PageForm):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial="packer")
