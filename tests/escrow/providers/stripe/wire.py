"""A Stripe at the end of the wire: it reads the SDK's real requests, refuses what the SDK does not describe, and answers in Stripe's shapes.

The shapes are written by us after Stripe's reference. Faults strike the next POST: `429` `500` before acting, `lost` `garbage` `empty` after.
"""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import stripe

from tests.escrow.providers.stripe.params import decoded, problems

Thing = dict[str, Any]
START = 1_800_000_000


class Refused(Exception):
    def __init__(self, status: int, **error: str) -> None:
        self.status, self.error = status, {"type": "invalid_request_error", "message": "No.", **error}
        super().__init__(str(self.error))


def _without_boundary(body: bytes) -> bytes:
    """A form with a file, the same whenever the same is sent: each has a line of its own between its fields."""
    return body.replace(body.partition(b"\r\n")[0], b"--")


@dataclass
class Asked:
    method: str
    path: str
    given: Thing
    headers: dict[str, str]

    @property
    def key(self) -> str:
        return self.headers.get("Idempotency-Key", "")


@dataclass
class FakeStripe(stripe.HTTPClient):
    name = "fake"
    asked: list[Asked] = field(default_factory=list)
    things: dict[str, Thing] = field(default_factory=dict)
    faults: deque[str] = field(default_factory=deque)
    kept: dict[str, tuple[Any, int, Thing]] = field(default_factory=dict)
    seconds: int = START

    def __post_init__(self) -> None:
        super().__init__()

    # ── the wire ──────────────────────────────────────────────────────────────────────────────────
    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **_more: Any) -> Any:
        parts, method = urlsplit(url), method.upper()
        given = {"bytes": _without_boundary(post_data)} if parts.path == "/v1/files" else decoded(post_data if method == "POST" else parts.query)
        asked = Asked(method, parts.path, given, dict(headers))
        self.asked.append(asked)
        if parts.path != "/v1/files" and (found := problems(asked.method, asked.path, given)):
            raise AssertionError(found)
        fault = self.faults.popleft() if self.faults and asked.method == "POST" else ""
        if fault == "429":
            return self._answer(429, {"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "Slower."}})
        if fault == "unreachable":
            raise stripe.APIConnectionError("Nobody there.")
        status, body = (500, {"error": {"type": "api_error", "message": "Sorry."}}) if fault == "500" else self._act_once(asked)
        if fault == "lost":
            raise stripe.APIConnectionError("Connection reset.")
        if fault == "garbage":
            return b"<html>502", status, {}
        return self._answer(status, {} if fault == "empty" else body)

    def _answer(self, status: int, body: Thing) -> Any:
        return json.dumps(body).encode(), status, {"request-id": f"req_{len(self.asked)}"}

    def _act_once(self, asked: Asked) -> tuple[int, Thing]:
        """Stripe's idempotency: the same key answers the same, another body under it is an error."""
        known = self.kept.get(asked.key) if asked.key else None
        if known and known[0] != (asked.path, asked.given):
            return 400, {"error": {"type": "idempotency_error", "message": "Keys can only be used with the same parameters."}}
        if known:
            return known[1], known[2]
        try:
            status, body = 200, self._act(asked)
        except Refused as refused:
            return refused.status, {"error": refused.error}
        if asked.method == "POST" and asked.key:
            self.kept[asked.key] = ((asked.path, asked.given), status, body)
        return status, body

    def forget_keys(self) -> None:
        """A day has passed."""
        self.kept.clear()

    def posts(self, path: str) -> list[Asked]:
        return [one for one in self.asked if one.method == "POST" and one.path == path]

    # ── what it does ──────────────────────────────────────────────────────────────────────────────
    def _act(self, asked: Asked) -> Thing:
        steps = asked.path.removeprefix("/v1/").split("/")
        if asked.path.startswith("/v1/checkout/sessions"):
            steps = ["sessions", *steps[2:]]
        actions: dict[tuple[str, int, str], Callable[..., Thing]] = {
            ("sessions", 1, "POST"): self._open_session,
            ("sessions", 3, "POST"): self._expire_session,
            ("payment_intents", 3, "POST"): self._cancel_intent,
            ("refunds", 1, "POST"): self._refund,
            ("transfers", 1, "POST"): self._transfer,
            ("transfers", 3, "POST"): self._reverse,
            ("payouts", 1, "POST"): self._payout,
            ("accounts", 1, "POST"): self._account,
            ("accounts", 3, "POST"): lambda _asked, _steps: {"object": "login_link", "url": "https://connect.stripe.com/express/x"},
            ("account_links", 1, "POST"): lambda _asked, _steps: {"object": "account_link", "url": "https://connect.stripe.com/setup/x"},
            ("customers", 1, "POST"): lambda asked, _steps: self.new("cus", "customer", metadata=asked.given.get("metadata", {})),
            ("files", 1, "POST"): lambda asked, _steps: self.new("file", "file", content=str(asked.given["bytes"])),
            ("disputes", 2, "POST"): self._answer_dispute,
            ("disputes", 3, "POST"): self._close_dispute,
            ("balance", 1, "GET"): self._balance,
        }
        action = actions.get((steps[0], len(steps), asked.method))
        if action:
            return action(asked, steps)
        if len(steps) == 2:
            return self._shown(self.find(steps[1], asked), asked)
        return self._list(steps, asked)

    def new(self, prefix: str, object: str, **values: Any) -> Thing:
        self.seconds += 1
        ref = f"{prefix}_{len(self.things) + 1:04d}"
        self.things[ref] = {"id": ref, "object": object, "created": self.seconds, "livemode": False, "metadata": {}, **values}
        return self.things[ref]

    def find(self, ref: str, asked: Asked | None = None) -> Thing:
        thing = self.things.get(ref)
        if thing is None or (asked and thing.get("account", "") != asked.headers.get("Stripe-Account", "")):
            raise Refused(404, code="resource_missing", param="id")
        return thing

    def _shown(self, thing: Thing, asked: Asked) -> Thing:
        """With what was asked to be expanded, one level or two."""
        shown = dict(thing)
        for way in asked.given.get("expand", {}).values():
            first, _, second = way.removeprefix("data.").partition(".")
            if isinstance(shown.get(first), str):
                shown[first] = dict(self.things[shown[first]])
                if second and isinstance(shown[first].get(second), str):
                    shown[first][second] = self.things[shown[first][second]]
        return shown

    LISTED = {
        "sessions": "checkout.session",
        "transfers": "transfer",
        "balance_transactions": "balance_transaction",
        "charges": "charge",
        "accounts": "account",
        "payouts": "payout",
        "refunds": "refund",
        "disputes": "dispute",
        "events": "event",
    }

    def _list(self, steps: list[str], asked: Asked) -> Thing:
        kind = "transfer_reversal" if len(steps) == 3 else self.LISTED[steps[0]]
        wanted = {name: asked.given[name] for name in ("payment_intent", "destination") if name in asked.given}
        wanted |= {"transfer": steps[1]} if len(steps) == 3 else {}
        wanted |= {"account": asked.headers["Stripe-Account"]} if "Stripe-Account" in asked.headers else {}
        since = int(asked.given.get("created", {}).get("gte", 0))
        rows = [
            thing
            for thing in sorted(self.things.values(), key=lambda thing: (thing["created"], thing["id"]), reverse=True)
            if thing["object"] == kind and thing["created"] >= since and all(thing.get(name) == value for name, value in wanted.items())
        ]
        refs, limit = [row["id"] for row in rows], int(asked.given.get("limit", 10))
        begin, end = 0, len(rows)
        if after := asked.given.get("starting_after"):
            begin = refs.index(after) + 1
        if before := asked.given.get("ending_before"):
            end = refs.index(before)
            begin = max(0, end - limit)
        page = rows[begin : min(end, begin + limit)]
        more = begin > 0 if "ending_before" in asked.given else begin + limit < end
        return {"object": "list", "url": asked.path, "has_more": more, "data": [self._shown(row, asked) for row in page]}

    # ── the buyer's side ──────────────────────────────────────────────────────────────────────────
    def _open_session(self, asked: Asked, _steps: list[str]) -> Thing:
        given = asked.given
        if "expires_at" in given and not 1800 <= int(given["expires_at"]) - self.seconds <= 86400:
            raise Refused(400, param="expires_at", message="The `expires_at` timestamp must be less than 24 hours from creation.")
        price = given["line_items"]["0"]["price_data"]
        session = self.new(
            "cs_test",
            "checkout.session",
            **{name: given.get(name) for name in ("client_reference_id", "success_url")},
            amount_total=int(price["unit_amount"]),
            currency=price["currency"],
            status="open",
            payment_status="unpaid",
            payment_intent=None,
            url="https://checkout.stripe.com/c/pay/x#fid",
            metadata=given.get("metadata", {}),
            intent_data=given.get("payment_intent_data", {}),
        )
        return self._shown(session, asked)

    def begin(self, session_ref: str, *, status: str = "requires_action", complete: bool = False) -> Thing:
        """The payer has chosen a method."""
        session = self.things[session_ref]
        intent = self.new(
            "pi",
            "payment_intent",
            amount=session["amount_total"],
            amount_received=0,
            currency=session["currency"],
            status=status,
            latest_charge=None,
            last_payment_error=None,
            metadata=session["intent_data"].get("metadata", {}),
            transfer_group=session["intent_data"].get("transfer_group"),
        )
        session["payment_intent"] = intent["id"]
        session["status"] = "complete" if complete else "open"
        return intent

    def decline(self, session_ref: str) -> None:
        session = self.things[session_ref]
        intent = self.things[session["payment_intent"]] if session["payment_intent"] else self.begin(session_ref)
        intent["last_payment_error"] = {"type": "card_error", "code": "card_declined"}
        self.new("ch", "charge", payment_intent=intent["id"], status="failed", amount=intent["amount"], currency=intent["currency"])

    def pay(self, session_ref: str, *, received: int | None = None, brand: str = "visa", fee: int = 175) -> Thing:
        session = self.things[session_ref]
        intent = self.things[session["payment_intent"]] if session["payment_intent"] else self.begin(session_ref)
        minor = intent["amount"] if received is None else received
        charge = self.new(
            "ch",
            "charge",
            amount=minor,
            currency=intent["currency"],
            status="succeeded",
            payment_intent=intent["id"],
            metadata=intent["metadata"],
            payment_method_details={"type": "card", "card": {"brand": brand}},
        )
        intent |= {"status": "succeeded", "amount_received": minor, "latest_charge": charge["id"]}
        session |= {"status": "complete", "payment_status": "paid"}
        self.line("charge", charge, minor, fee=fee)
        return charge

    def _expire_session(self, asked: Asked, steps: list[str]) -> Thing:
        session = self.find(steps[1])
        if session["status"] != "open":
            raise Refused(400, message="Only Checkout Sessions with a status in [open] can be expired.")
        session["status"] = "expired"
        return self._shown(session, asked)

    def _cancel_intent(self, _asked: Asked, steps: list[str]) -> Thing:
        intent = self.find(steps[1])
        if intent["status"] in ("succeeded", "processing", "canceled"):
            raise Refused(400, code="payment_intent_unexpected_state")
        intent["status"] = "canceled"
        return intent

    def _refund(self, asked: Asked, _steps: list[str]) -> Thing:
        intent, minor = self.find(asked.given["payment_intent"]), int(asked.given["amount"])
        refunded = sum(one["amount"] for one in self.things.values() if one["object"] == "refund" and one["payment_intent"] == intent["id"])
        if minor > intent["amount_received"] - refunded:
            raise Refused(400, code="charge_already_refunded", param="amount")
        refund = self.new(
            "re",
            "refund",
            amount=minor,
            currency=intent["currency"],
            payment_intent=intent["id"],
            status="succeeded",
            metadata=asked.given["metadata"],
        )
        self.line("refund", refund, -minor)
        return refund

    # ── the sellers' side ─────────────────────────────────────────────────────────────────────────
    def _account(self, asked: Asked, _steps: list[str]) -> Thing:
        return self.new(
            "acct",
            "account",
            country=asked.given["country"],
            default_currency=asked.given["default_currency"],
            payouts_enabled=False,
            capabilities={"transfers": "inactive"},
            requirements={"currently_due": ["external_account", "tos_acceptance.date"], "past_due": []},
            metadata=asked.given["metadata"],
        )

    def verify(self, account_ref: str) -> None:
        self.things[account_ref] |= {
            "payouts_enabled": True,
            "capabilities": {"transfers": "active"},
            "requirements": {"currently_due": [], "past_due": []},
        }

    def _transfer(self, asked: Asked, _steps: list[str]) -> Thing:
        minor = int(asked.given["amount"])
        if minor > self.total():
            raise Refused(400, code="balance_insufficient", message="Insufficient funds in Stripe account.")
        transfer = self.new(
            "tr",
            "transfer",
            **{name: asked.given.get(name) for name in ("transfer_group", "source_transaction", "destination", "currency")},
            amount=minor,
            amount_reversed=0,
            reversed=False,
            metadata=asked.given["metadata"],
        )
        self.line("transfer", transfer, -minor)
        return transfer

    def _reverse(self, asked: Asked, steps: list[str]) -> Thing:
        transfer, minor = self.find(steps[1]), int(asked.given["amount"])
        transfer["amount_reversed"] += minor
        transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
        reversal = self.new(
            "trr", "transfer_reversal", amount=minor, currency=transfer["currency"], transfer=transfer["id"], metadata=asked.given["metadata"]
        )
        self.line("transfer_refund", reversal, minor)
        return reversal

    def _payout(self, asked: Asked, _steps: list[str]) -> Thing:
        return self.new(
            "po",
            "payout",
            account=asked.headers["Stripe-Account"],
            amount=int(asked.given["amount"]),
            currency=asked.given["currency"],
            status="pending",
            arrival_date=self.seconds + 86400,
            failure_code=None,
            metadata=asked.given["metadata"],
        )

    # ── disputes and the balance ──────────────────────────────────────────────────────────────────
    def dispute(self, session_ref: str, *, status: str = "needs_response", minor: int | None = None) -> Thing:
        intent = self.things[self.things[session_ref]["payment_intent"]]
        dispute = self.new(
            "du",
            "dispute",
            amount=minor or intent["amount"],
            currency=intent["currency"],
            payment_intent=intent["id"],
            charge=intent["latest_charge"],
            status=status,
            reason="product_not_received",
            balance_transactions=[],
            evidence_details={"due_by": self.seconds + 7 * 86400, "submission_count": 0, "has_evidence": False},
        )
        if status == "needs_response":
            dispute["balance_transactions"] = [self.line("adjustment", dispute, -dispute["amount"], fee=1500, category="dispute")]
        return dispute

    def win(self, dispute: Thing) -> None:
        dispute["status"] = "won"
        dispute["balance_transactions"].append(self.line("adjustment", dispute, dispute["amount"], category="dispute_reversal"))

    def _answer_dispute(self, asked: Asked, steps: list[str]) -> Thing:
        dispute = self.find(steps[1])
        if asked.given["submit"] == "true":
            dispute["status"] = "under_review"
            dispute["evidence_details"]["submission_count"] += 1
        return dispute

    def _close_dispute(self, _asked: Asked, steps: list[str]) -> Thing:
        dispute = self.find(steps[1])
        dispute["status"] = "lost"
        return dispute

    def happens(self, name: str, ref: str, **changes: Any) -> Thing:
        """Stripe's own note of what happened, whether the message of it reaches us or not."""
        return self.new("evt", "event", type=name, data={"object": {"id": ref}}, **changes)

    def line(self, kind: str, source: Thing, minor: int, *, fee: int = 0, category: str = "", currency: str = "") -> Thing:
        return self.new(
            "txn",
            "balance_transaction",
            type=kind,
            reporting_category=category or kind,
            source=source["id"],
            amount=minor,
            fee=fee,
            net=minor - fee,
            currency=currency or source["currency"],
            available_on=self.seconds,
        )

    def total(self) -> int:
        return sum(thing["net"] for thing in self.things.values() if thing["object"] == "balance_transaction")

    def _balance(self, _asked: Asked, _steps: list[str]) -> Thing:
        available = [{"amount": self.total(), "currency": "eur"}, {"amount": 7, "currency": "usd"}]
        return {"object": "balance", "livemode": False, "available": available, "pending": [{"amount": 0, "currency": "eur"}]}
