"""The ways to pay, in words: which fit this amount and this buyer, and why another does not. Reads no table and asks nobody outside."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Kind, Refusal, Sentence
from core.money import Money
from escrow.providers import registry
from escrow.providers.methods import Obstacle, PaymentMethod, longest_hold_days, obstacle, offered

NAMES: Final[dict[str, Sentence]] = {
    "card": gettext_lazy("Card"),
    "alipay": gettext_lazy("Alipay"),
    "wechat_pay": gettext_lazy("WeChat Pay"),
    "klarna": "Klarna",
    "affirm": "Affirm",
    "afterpay_clearpay": "Afterpay / Clearpay",
    "bank_transfer": gettext_lazy("Bank transfer"),
    "customer_balance": gettext_lazy("Bank transfer"),
}
REASONS: Final[dict[Obstacle, Sentence]] = {
    "currency": gettext_lazy("{way} cannot pay in {currency}. Choose another way to pay."),
    "country": gettext_lazy("{way} is not offered to buyers in this country. Choose another way to pay."),
    "country_currency": gettext_lazy("Buyers in this country can pay with {way} in {home} only. Choose another way to pay."),
    "too_small": gettext_lazy("{way} pays {smallest} or more. Choose another way to pay."),
    "too_large": gettext_lazy("{way} pays {largest} at most. Choose another way to pay."),
}


class WayNotOffered(Refusal):
    """Brings the sentence that says why."""

    code = "payment_method_not_offered"
    kind = Kind.UNPROCESSABLE
    sentence = gettext_lazy("This way to pay is not offered here. Choose another one.")

    def __init__(self, sentence: Sentence = "", **params: object) -> None:
        super().__init__(field="method", **params)
        if sentence:
            self.sentence = sentence  # type: ignore[misc,assignment]


@dataclass(frozen=True, slots=True)
class Way:
    """One line of the checkout. `notes` are what a buyer should know before choosing it."""

    code: str
    name: str
    notes: tuple[str, ...]
    refusal: str = ""  # why it cannot be chosen here

    @property
    def fits(self) -> bool:
        return not self.refusal


def ways_to_pay(*, amount: Money, country: str = "") -> list[Way]:
    """What the checkout shows. A country that we do not know ('') hides nothing: the provider's page decides then."""
    return [Way(method.code, name_of(method.code), _notes(method)) for method in offered(registry.get().methods(), amount, country)]


def ways_and_reasons(*, amount: Money, country: str = "") -> list[Way]:
    """All that are switched on: those that fit first, then the others, each with the reason."""
    found = [Way(method.code, name_of(method.code), _notes(method), _refusal(method, amount, country)) for method in registry.get().methods()]
    return sorted(found, key=lambda way: not way.fits)


def require(*, code: str, amount: Money, country: str = "") -> None:
    """Refuse a way that does not fit, with the reason."""
    method = next((method for method in registry.get().methods() if method.code == code), None)
    if method is None:
        raise WayNotOffered
    if refused := _why_not(method, amount, country):
        raise refused


def _refusal(method: PaymentMethod, amount: Money, country: str) -> str:
    refused = _why_not(method, amount, country)
    return refused.message if refused else ""


def _why_not(method: PaymentMethod, amount: Money, country: str) -> WayNotOffered | None:
    reason = obstacle(method, amount, country)
    if reason is None or amount.is_zero:  # nothing can be paid yet: no reason against anybody
        return None
    return WayNotOffered(
        REASONS[reason],
        way=name_of(method.code),
        currency=amount.currency,
        home=method.home_currency.get(country, ""),
        smallest=Money(method.smallest.get(amount.currency, 1), amount.currency),
        largest=Money(method.largest.get(amount.currency, amount.amount_minor), amount.currency),
    )


def name_of(code: str) -> str:
    return str(NAMES.get(code, code))


def longest_hold_of(*, provider: str, method: str) -> int:
    """Days that money paid this way may wait before it must be released or returned. An unknown method waits as long as a card."""
    rail, known = registry.get(provider), _known(provider, method)
    return longest_hold_days(known, rail_days=rail.rail_days()) if known else rail.rail_days()


def refund_days_of(*, provider: str, method: str) -> int | None:
    """For how many days after the payment money can go back this way; None when there is no such end."""
    known = _known(provider, method)
    return known.refund_days if known else None


def _known(provider: str, method: str) -> PaymentMethod | None:
    return next((each for each in registry.get(provider).methods() if method in (each.code, *each.brands)), None)


def _notes(method: PaymentMethod) -> tuple[str, ...]:
    notes = []
    if method.pays_later:
        notes.append(_("The money takes one to three working days; your order begins when it is here."))
    if method.refund_days:
        notes.append(_("Money can come back this way for {days} days after the payment.").format(days=method.refund_days))
    if method.refunds_later:
        notes.append(_("A refund takes some days to arrive."))
    return tuple(notes)
