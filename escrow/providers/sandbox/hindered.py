"""A sandbox that is too busy now and then, and says so before it does anything."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from escrow.providers.base import ProviderUnavailable
from escrow.providers.sandbox.provider import Sandbox

# Not the balance and the statement: the proof of the book reads them, and a proof is not what is tried here.
WORK = frozenset(
    {"create_payment", "close_payment", "refund", "open_account", "transfer", "reverse", "payout", "list_events"}
    | {"upload_evidence", "submit_evidence", "accept_dispute", "list_disputes"}
)
READS = frozenset({"retrieve_payment", "retrieve_refund", "retrieve_account", "retrieve_transfer", "retrieve_payout", "retrieve_dispute"})


class HinderedSandbox(Sandbox):
    """Asks `strikes(name)` before each question."""

    def __init__(self, strikes: Callable[[str], bool]) -> None:
        self._strikes = strikes

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in WORK | READS:
            return found

        @wraps(found)
        def asked(*values: Any, **named: Any) -> Any:
            if self._strikes(name):
                raise ProviderUnavailable("too_many_requests", "the sandbox is busy")
            return found(*values, **named)

        return asked
