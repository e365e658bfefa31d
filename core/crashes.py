"""Named crash points: places where a test may let the process die, to prove that nothing is lost or done twice.

`CRASH_POINT=payment.session_opened` kills the process there with SIGKILL, as a power cut would; `name:3` at the third pass.
Only where SOUK_TESTING is on: anywhere else the process refuses to start with the variable set. An operation writes

    crashes.point("payment.session_opened")
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

POINTS: Final[dict[str, str]] = {
    "cart.line_written": "A line is in the cart, its version is not raised, nothing is committed.",
    "checkout.begun": "The draft is written, not committed.",
    "checkout.stock_reserved": "The units are reserved, no payment and no order is written.",
    "checkout.payment_requested": "The payment and its job are written, no order is.",
    "checkout.orders_opened": "Orders and holds are written, the basket still has its lines.",
    "checkout.placed": "Everything of the placement is written, not committed.",
    "door.effect_done": "The effect of a request with an Idempotency-Key is written, its answer is not.",
    "door.answer_lost": "The effect and its answer are committed, the caller never hears of it.",
    "payment.start_intended": "The wish to open a payment page is committed, the provider was not called.",
    "payment.session_opened": "The provider has opened its page, we have not noted it.",
    "payment.session_noted": "The address of the page is written, not committed.",
    "payment.read": "The provider said how the payment stands, nothing has moved.",
    "payment.succeeded": "The payment is marked as succeeded, no hold is funded, not committed.",
    "payment.session_closed": "The provider has closed its page, we have not noted it.",
    "payment.ended": "The payment is marked as ended, the stock is not back, not committed.",
    "webhook.written": "A message of the provider and its job are written, not committed.",
    "webhook.committed": "The message is kept, the provider has no answer and will send it again.",
    "webhook.object_read": "The object that a message names has moved, the message still waits.",
    "webhook.delivered": "The sandbox bank delivered its message and has not noted that it did.",
    "hold.fund_booked": "The entry that funds a hold is written, its state is not.",
    "hold.funded": "The hold is funded, its order does not know, not committed.",
    "hold.release_booked": "The entry that pays the seller is written, the hold has not moved.",
    "plan.opened": "A plan and its parts are agreed, not committed.",
    "plan.part_asked": "The payment of a plan's next part is asked for, not committed.",
    "plan.missed": "A part was not paid in time and the plan says so, not committed.",
    "chargeback.opened_booked": "The entry of a new chargeback is written, its holds are not stopped.",
    "chargeback.ended": "A chargeback is decided and booked, not committed.",
    "hold.released": "The holds are released, their orders do not know, not committed.",
    "hold.sweep_done": "A batch of due releases is written, not committed.",
    "hold.awaits_return": "A hold's clock waits for a return, the return has not moved, not committed.",
    "return.refunded": "The refund of a return is booked, the return has not ended, not committed.",
    "hold.refund_booked": "The entry of a refund is written, the hold has not moved.",
    "hold.refund_asked": "The refund is ordered, the order does not know, not committed.",
    "order.moved": "An order has its new state, its timeline does not, not committed.",
    "order.sold": "The units left the stock, the buyer and the seller were not told, not committed.",
    "parcel.sent": "The order is marked as sent, its parcel is not written.",
    "parcel.moved": "The carrier's news are written, the next look is not arranged.",
    "refund.written": "A refund and its job are written, not committed.",
    "refund.sent": "The provider has refunded, we have not noted it.",
    "refund.confirmed": "The confirmed refund is booked, not committed.",
    "payout.booked": "The seller's balance is in transit, the job that sends it is not written.",
    "payout.send_intended": "The wish to transfer is committed, the provider was not called.",
    "payout.transferred": "The provider has transferred, we have not noted it.",
    "payout.confirmed": "The transfer is booked, the bank leg is not asked for, not committed.",
    "payout.bank_accepted": "The provider has accepted the bank leg, we have not noted it.",
    "payout.paid": "The payout is marked as paid, not committed.",
    "settlement.copied": "Lines of the provider's statement are copied, none is explained.",
    "settlement.booked": "A line's entry is written, the line does not name it, not committed.",
    "ledger.sealed": "Transfers are sealed, not committed.",
    "outbox.noted": "A change of a listing is noted for the index, not committed.",
    "outbox.indexed": "The index has the change, the outbox still holds it.",
    "outbox.cleared": "The outbox is cleared, not committed.",
    "import.rows_written": "Rows of a table are listings, the import's progress is not written, not committed.",
    "import.progress_written": "Rows and progress are written, not committed.",
    "import.chunk_committed": "Rows and progress are committed, nobody was told.",
    "import.picture_fetched": "A picture was fetched, its listing does not show it yet.",
}


class UnknownPoint(ValueError):
    """There is no such crash point; the message names the nearest."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Where to die, and at which pass."""

    name: str
    passes: int


_wish: Wish | None = None
_passed = count(1)
_fate: Callable[[str], bool] | None = None


def parse(text: str) -> Wish:
    """`name` or `name:N`."""
    name, _colon, number = text.partition(":")
    if name not in POINTS:
        raise UnknownPoint(f"CRASH_POINT is {text!r}, but there is no such point. core/crashes.py lists them all.")
    if number and not (number.isdecimal() and int(number) > 0):
        raise UnknownPoint(f"CRASH_POINT is {text!r}; after the colon stands a whole number from 1.")
    return Wish(name, int(number or 1))


def arm(text: str) -> None:
    """Called once at the start of a process in test settings; '' disarms."""
    global _wish, _passed
    _wish, _passed = (parse(text) if text else None), count(1)


class Killed(BaseException):
    """A simulated death. No `except Exception` may survive it, as none survives SIGKILL."""


@contextmanager
def befalling(fate: Callable[[str], bool]) -> Iterator[None]:
    """Within one process, for simulations: at each point `fate` says whether whoever passes it dies there."""
    global _fate
    _fate = fate
    try:
        yield
    finally:
        _fate = None


def point(name: str) -> None:
    """The process ends here if it was asked to. Costs two comparisons otherwise."""
    if _fate is not None and _fate(name):
        raise Killed(name)
    if _wish is not None and _wish.name == name and next(_passed) == _wish.passes:
        os.kill(os.getpid(), signal.SIGKILL)
