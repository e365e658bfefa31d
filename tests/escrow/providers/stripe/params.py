"""Whether a request is one that Stripe's own SDK describes: each parameter exists, and its value has the right shape."""

import re
from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import typing_extensions
from stripe import RequestOptions, params
from stripe.params import checkout

DESCRIBED: list[tuple[str, str, Any]] = [
    ("POST", "/v1/checkout/sessions", checkout.SessionCreateParams),
    ("GET", "/v1/checkout/sessions", checkout.SessionListParams),
    ("GET", "/v1/checkout/sessions/[^/]+", checkout.SessionRetrieveParams),
    ("POST", "/v1/checkout/sessions/[^/]+/expire", checkout.SessionExpireParams),
    ("POST", "/v1/payment_intents/[^/]+/cancel", params.PaymentIntentCancelParams),
    ("POST", "/v1/customers", params.CustomerCreateParams),
    ("GET", "/v1/charges", params.ChargeListParams),
    ("POST", "/v1/refunds", params.RefundCreateParams),
    ("GET", "/v1/refunds", params.RefundListParams),
    ("GET", "/v1/refunds/[^/]+", params.RefundRetrieveParams),
    ("POST", "/v1/accounts", params.AccountCreateParams),
    ("GET", "/v1/accounts", params.AccountListParams),
    ("GET", "/v1/accounts/[^/]+", params.AccountRetrieveParams),
    ("POST", "/v1/account_links", params.AccountLinkCreateParams),
    ("POST", "/v1/accounts/[^/]+/login_links", params.AccountLoginLinkCreateParams),
    ("POST", "/v1/transfers", params.TransferCreateParams),
    ("GET", "/v1/transfers", params.TransferListParams),
    ("GET", "/v1/transfers/[^/]+", params.TransferRetrieveParams),
    ("POST", "/v1/transfers/[^/]+/reversals", params.TransferReversalCreateParams),
    ("GET", "/v1/transfers/[^/]+/reversals", params.TransferReversalListParams),
    ("POST", "/v1/payouts", params.PayoutCreateParams),
    ("GET", "/v1/payouts", params.PayoutListParams),
    ("GET", "/v1/payouts/[^/]+", params.PayoutRetrieveParams),
    ("GET", "/v1/disputes", params.DisputeListParams),
    ("GET", "/v1/disputes/[^/]+", params.DisputeRetrieveParams),
    ("POST", "/v1/disputes/[^/]+", params.DisputeUpdateParams),
    ("POST", "/v1/disputes/[^/]+/close", params.DisputeCloseParams),
    ("GET", "/v1/events", params.EventListParams),
    ("GET", "/v1/balance", params.BalanceRetrieveParams),
    ("GET", "/v1/balance_transactions", params.BalanceTransactionListParams),
]
ELSEWHERE = {"StripeContext": object, "Mapping": Mapping}  # names that the SDK imports for type checkers only
NOT_PARAMETERS = set(get_type_hints(RequestOptions, localns=ELSEWHERE))


def decoded(text: str) -> dict[str, Any]:
    """`a[b][0]=c` as {a: {b: {0: c}}}."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
        *way, last = re.findall(r"[^\[\]]+", name)
        place = tree
        for step in way:
            place = place.setdefault(step, {})
        assert last not in place, f"{name} twice"
        place[last] = value
    return tree


def problems(method: str, path: str, given: dict[str, Any]) -> list[str]:
    """Everything in a request that the SDK does not describe."""
    for verb, pattern, description in DESCRIBED:
        if verb == method and re.fullmatch(pattern, path):
            return list(_of_dict(given, description, ""))
    return [f"{method} {path} is not described"]


def _of_dict(given: Any, description: Any, where: str) -> Any:
    if not isinstance(given, dict):
        yield f"{where} must have parts"
        return
    hints = get_type_hints(description, localns=ELSEWHERE, include_extras=True)
    known = {name: hint for name, hint in hints.items() if name not in NOT_PARAMETERS}
    for name in given.keys() - known.keys():
        yield f"{where}{name} is unknown"
    for name in {name for name, hint in known.items() if get_origin(hint) not in (NotRequired, typing_extensions.NotRequired)} - given.keys():
        if name in getattr(description, "__required_keys__", ()):
            yield f"{where}{name} is missing"
    for name in given.keys() & known.keys():
        if not _fits(given[name], known[name]):
            yield f"{where}{name} is {given[name]!r}: " + "; ".join(_reasons(given[name], known[name], f"{where}{name}."))


def _reasons(value: Any, hint: Any, where: str) -> list[str]:
    described = [one for one in _alternatives(hint) if hasattr(one, "__required_keys__")]
    return [reason for one in described for reason in _of_dict(value, one, where)] or [f"not {hint}"]


def _alternatives(hint: Any) -> list[Any]:
    origin = get_origin(hint)
    if origin in (NotRequired, Required, typing_extensions.NotRequired, typing_extensions.Required):
        return _alternatives(get_args(hint)[0])
    if origin in (Union, UnionType):
        return [one for part in get_args(hint) for one in _alternatives(part)]
    return [hint]


def _fits(value: Any, hint: Any) -> bool:
    return any(_fits_one(value, one) for one in _alternatives(hint))


def _fits_one(value: Any, hint: Any) -> bool:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Literal, typing_extensions.Literal):
        return value in args
    if hasattr(hint, "__required_keys__"):
        return isinstance(value, dict) and not list(_of_dict(value, hint, ""))
    if origin is list:
        rows = value if isinstance(value, dict) else {}
        return list(rows) == [str(number) for number in range(len(rows))] and all(_fits(one, args[0]) for one in rows.values())
    if origin is dict:
        return isinstance(value, dict) and all(isinstance(one, str) and one for one in value.values())
    if hint is int:
        return isinstance(value, str) and re.fullmatch(r"-?[0-9]+", value) is not None
    if hint is bool:
        return value in ("true", "false")
    return hint is str and isinstance(value, str)
