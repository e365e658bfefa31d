"""Which carriers there are. A new one is an adapter beside these and one line here."""

from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from marketplace.fulfilment.carriers.base import Carrier
from marketplace.fulfilment.carriers.sandbox import SandboxCarrier

CARRIERS: dict[str, Carrier] = {carrier.code: carrier for carrier in (SandboxCarrier(),)}


def get(code: str) -> Carrier:
    if code not in CARRIERS:
        raise Invalid("carrier", _("Choose one of the carriers."))
    return CARRIERS[code]


def choices() -> list[tuple[str, str]]:
    return [(carrier.code, carrier.name) for carrier in CARRIERS.values()]
