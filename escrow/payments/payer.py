"""Who pays and how, as far as we know. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """'' is what we do not know: the provider asks for it. `method` is the way to pay that the buyer has chosen; '' leaves it to the next page."""

    country: str = ""
    email: str = ""
    language: str = ""
    method: str = ""


UNKNOWN = Payer()
