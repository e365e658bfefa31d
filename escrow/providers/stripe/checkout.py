"""The buyer's side: one hosted Checkout Session for each payment. Its id is the payment's ref."""

from datetime import UTC, datetime, timedelta
from typing import Any

import stripe
from stripe.checkout import Session
from stripe.params.checkout import SessionCreateParams

from core.money import Money
from escrow.providers.base import PaymentRequest, PaymentStatus, ProviderPayment, ProviderRejected
from escrow.providers.methods import offered
from escrow.providers.stripe import methods, writes
from escrow.providers.stripe.amounts import from_stripe, to_stripe
from escrow.providers.stripe.connection import client
from escrow.providers.stripe.errors import answering

INTENT = "payment_intent.latest_charge"
# Stripe wants half an hour at least. We close the session ourselves when the payment's time is over; this is the safety net.
SHORTEST = timedelta(minutes=31)
LANGUAGES = {"en": "en", "zh-hans": "zh", "zh-hant": "zh-HK"}
NOT_CANCELLED = frozenset({"succeeded", "canceled", "processing"})


def create(request: PaymentRequest) -> ProviderPayment:
    """Open the page. Stripe refuses an end that is too near or too far: then the page lives a day, or until we close it."""
    with answering():
        params = _params(request)
        try:
            return seen(_open(request, params, request.key))
        except stripe.InvalidRequestError as refused:
            if refused.param != "expires_at":
                raise
            del params["expires_at"]  # a refused request is not kept under its key, so nothing was made: a key of its own is safe
            return seen(_open(request, params, f"{request.key}:day"))


def _open(request: PaymentRequest, params: SessionCreateParams, key: str) -> Session:
    return writes.once(
        key=request.key,
        asked_at=request.asked_at,
        write=lambda options: client().v1.checkout.sessions.create(params, {**options, "idempotency_key": _renamed(options, request.key, key)}),
        search=lambda: client().v1.checkout.sessions.list({"created": {"gte": writes.since(request.asked_at)}, "limit": 100}).auto_paging_iter(),
    )


def _renamed(options: stripe.RequestOptions, old: str, new: str) -> str:
    return str(options.get("idempotency_key")).replace(old, new, 1)


def _params(request: PaymentRequest) -> SessionCreateParams:
    metadata = writes.stamped(request.key, request.metadata)
    kinds = _kinds(request)
    params: SessionCreateParams = {
        "mode": "payment",
        "success_url": request.return_url,
        "cancel_url": request.return_url,
        "client_reference_id": metadata.get("payment", request.key),
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": request.amount.currency.lower(),
                    "unit_amount": to_stripe(request.amount),
                    "product_data": {"name": request.description or "Order"},
                },
            }
        ],
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata, "transfer_group": metadata.get("trade", request.key)},
        "excluded_payment_method_types": methods.excluded(kinds),
        "payment_method_options": methods.options(kinds, request.amount.currency, request.country),
        "adaptive_pricing": {"enabled": False},  # the payer pays what was agreed, in the currency of the agreement
        "expires_at": int((request.expires_at + SHORTEST).timestamp()),
        "expand": [INTENT],
    }
    if "customer_balance" in kinds:
        params["customer"] = _customer(request)
    elif request.email:
        params["customer_email"] = request.email
    if language := LANGUAGES.get(request.language.lower()):
        params["locale"] = language
    return params


def _kinds(request: PaymentRequest) -> list[Any]:
    fitting = [method.code for method in offered(methods.enabled(), request.amount, request.country)]
    kinds = [code for code in fitting if not request.methods or code in request.methods]
    if not kinds:
        raise ProviderRejected("no_payment_method", f"{request.amount} {request.country}")
    return kinds


def _customer(request: PaymentRequest) -> str:
    """Bank transfers are addressed to a customer."""
    metadata = writes.stamped(f"{request.key}:customer", request.metadata)
    params: Any = {"metadata": metadata, **({"email": request.email} if request.email else {})}
    return client().v1.customers.create(params, writes.options(f"{request.key}:customer")).id


def retrieve(ref: str) -> ProviderPayment:
    """By session or, as some messages name it, by payment intent."""
    with answering():
        return seen(_session(ref))


def _session(ref: str) -> Session:
    if ref.startswith("pi_"):
        found = client().v1.checkout.sessions.list({"payment_intent": ref, "limit": 1, "expand": [f"data.{INTENT}"]}).data
        if not found:
            raise ProviderRejected("resource_missing", ref)
        return found[0]
    return client().v1.checkout.sessions.retrieve(ref, {"expand": [INTENT]})


def close(ref: str) -> ProviderPayment:
    """Only what Stripe says afterwards counts: it may have been paid meanwhile, or wait for a transfer that can still be called off."""
    with answering():
        try:
            return seen(client().v1.checkout.sessions.expire(ref, {"expand": [INTENT]}, writes.options(f"close:{ref}")))
        except stripe.InvalidRequestError as refused:
            if refused.code == "resource_missing":
                raise
        session = _session(ref)
        intent = session.payment_intent
        if session.payment_status == "unpaid" and isinstance(intent, stripe.PaymentIntent) and intent.status not in NOT_CANCELLED:
            _call_off(intent.id)
            session = _session(ref)
        return seen(session)


def _call_off(intent: str) -> None:
    try:
        client().v1.payment_intents.cancel(intent, {"cancellation_reason": "abandoned"}, writes.options(f"call_off:{intent}"))
    except stripe.InvalidRequestError:
        return  # it moved on in this moment: reading it again tells


def intent_of(ref: str) -> stripe.PaymentIntent:
    """The payment intent of a paid session, with its charge."""
    intent = _session(ref).payment_intent
    if not isinstance(intent, stripe.PaymentIntent):
        raise ProviderRejected("not_paid", ref)
    return intent


def session_of(intent: object) -> str:
    """The session that a payment intent belongs to: our ref of the payment, '' for one that is not ours."""
    ref = getattr(intent, "id", intent)
    if not ref:
        return ""
    found = client().v1.checkout.sessions.list({"payment_intent": str(ref), "limit": 1}).data
    return found[0].id if found else ""


def seen(session: Session) -> ProviderPayment:
    """Paid is what has arrived, not what was asked for."""
    intent = session.payment_intent if isinstance(session.payment_intent, stripe.PaymentIntent) else None
    charge = intent.latest_charge if intent and isinstance(intent.latest_charge, stripe.Charge) else None
    status = _status(session, intent)
    return ProviderPayment(
        ref=session.id,
        status=status,
        amount=_amount(session, intent, paid=status == "paid"),
        livemode=session.livemode,
        metadata={name: value for name, value in writes.words(session).items() if name != writes.KEY},
        hosted_url=session.url or "",
        method=_method(charge) if status == "paid" else "",
        paid_at=datetime.fromtimestamp(charge.created, UTC) if charge and status == "paid" else None,
        tries_failed=_tries_failed(intent) if status == "open" else 0,
    )


def _status(session: Session, intent: stripe.PaymentIntent | None) -> PaymentStatus:
    if session.payment_status in ("paid", "no_payment_required"):
        return "paid"
    if session.status == "expired" or (intent and intent.status == "canceled"):
        return "closed"
    if session.status == "open":
        return "open"
    return "failed" if intent and intent.status == "requires_payment_method" else "processing"


def _amount(session: Session, intent: stripe.PaymentIntent | None, *, paid: bool) -> Money:
    if intent and (paid or session.amount_total is None):
        return from_stripe(intent.amount_received if paid else intent.amount, intent.currency)
    return from_stripe(session.amount_total or 0, session.currency or "")


def _method(charge: stripe.Charge | None) -> str:
    details = charge.payment_method_details if charge else None
    if details is None:
        return ""
    brand = details.card.brand if details.type == "card" and details.card else None
    return "unionpay" if brand == "unionpay" else details.type


def _tries_failed(intent: stripe.PaymentIntent | None) -> int:
    if intent is None or intent.last_payment_error is None:
        return 0
    charges = client().v1.charges.list({"payment_intent": intent.id, "limit": 100}).data
    return max(1, sum(charge.status == "failed" for charge in charges))
