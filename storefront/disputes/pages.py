"""One page for a side's view of a dispute; every form on it posts to its own address and lands on the page again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.users.queries import actor_of
from core import clock
from core.actors import Actor
from core.attachments import attachment
from core.errors import NotHere, Refusal
from escrow.appeals import operations as appeals
from escrow.disputes import access as disputes
from escrow.disputes import evidence, operations, queries, rulings
from escrow.disputes.models import Dispute
from escrow.disputes.states import Side
from marketplace.orders import access as orders
from marketplace.orders import operations as order_operations
from marketplace.orders import queries as order_queries
from marketplace.orders.models import Order
from storefront.buying import visitor
from storefront.disputes.forms import AcceptForm, AppealForm, ExhibitForm, ProposalForm, ReturnForm, WordsForm
from storefront.forms import PageForm
from vendors.members import roles


@dataclass(frozen=True)
class Case:
    """A dispute as one side has it: whose page it is, and where it lies."""

    order: Order
    dispute: Dispute
    side: str
    actor: Actor
    address: str


@require_safe
def buyers(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, _bought(request, reference))


@require_POST
def buyers_act(request: HttpRequest, reference: str, action: str) -> HttpResponse:
    return _act(request, _bought(request, reference), action)


@require_safe
def buyers_exhibit(request: HttpRequest, reference: str, exhibit: str) -> HttpResponse:
    return _file(_bought(request, reference), exhibit)


@require_safe
@login_required
def sellers(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    return _page(request, _sold(request, shop, reference))


@require_POST
@login_required
def sellers_act(request: HttpRequest, shop: str, reference: str, action: str) -> HttpResponse:
    return _act(request, _sold(request, shop, reference), action)


@require_safe
@login_required
def sellers_exhibit(request: HttpRequest, shop: str, reference: str, exhibit: str) -> HttpResponse:
    return _file(_sold(request, shop, reference), exhibit)


def _bought(request: HttpRequest, reference: str) -> Case:
    order = orders.get_for(user=visitor.user_of(request), reference=reference, guest_key=visitor.guest_key(request, reference))
    return Case(order, _of(order), Side.BUYER, visitor.actor_of(request), f"/orders/{order.reference}/dispute/")


def _sold(request: HttpRequest, shop: str, reference: str) -> Case:
    order = orders.get_for_vendor(user=request.user, slug=shop, reference=reference, permission=roles.REFUND_ORDERS)
    return Case(order, _of(order), Side.SELLER, actor_of(request.user), f"/sell/{shop}/orders/{order.reference}/dispute/")


def _of(order: Order) -> Dispute:
    found = order_queries.dispute_of(order)
    if found is None:
        raise NotHere
    return found


def _propose(case: Case, **said: Any) -> object:
    return operations.propose(dispute=case.dispute, side=case.side, at=clock.now(), actor=case.actor, **said)


def _show(case: Case, *, file: Any = None, **said: Any) -> object:
    held = {"file": file.read(), "file_name": file.name} if file else {}
    return evidence.show(dispute=case.dispute, side=case.side, at=clock.now(), actor=case.actor, **said, **held)


def _simply(operation: Callable[..., object], **more: Any) -> Callable[..., object]:
    """An operation of the case's own side."""

    def work(case: Case, **said: Any) -> object:
        sided = {} if more else {"side": case.side}
        return operation(dispute=case.dispute, at=clock.now(), actor=case.actor, **sided, **more, **said)

    return work


def _ship_back(case: Case, **said: Any) -> object:
    return rulings.ship_back(dispute=case.dispute, at=clock.now(), actor=case.actor, **said)


def _object(case: Case, **said: Any) -> object:
    return rulings.object_to_return(dispute=case.dispute, at=clock.now(), actor=case.actor, **said)


def _withdraw(case: Case) -> object:
    return order_operations.withdraw_issue(order=case.order, actor=case.actor, at=clock.now())


# What may be posted, by the last word of the address: its form, its operation, and whose it is.
ACTIONS: dict[str, tuple[type[PageForm] | None, Callable[..., object], tuple[str, ...]]] = {
    "proposals": (ProposalForm, _propose, (Side.BUYER, Side.SELLER)),
    "acceptance": (AcceptForm, _simply(operations.accept), (Side.BUYER, Side.SELLER)),
    "messages": (WordsForm, _simply(operations.write), (Side.BUYER, Side.SELLER)),
    "exhibits": (ExhibitForm, _show, (Side.BUYER, Side.SELLER)),
    "escalation": (None, _simply(operations.escalate), (Side.BUYER, Side.SELLER)),
    "appeal": (AppealForm, _simply(appeals.appeal), (Side.BUYER, Side.SELLER)),
    "ruling_acceptance": (None, _simply(rulings.accept_ruling), (Side.BUYER, Side.SELLER)),
    "withdrawal": (None, _withdraw, (Side.BUYER,)),
    "return_shipment": (ReturnForm, _ship_back, (Side.BUYER,)),
    "return_receipt": (None, _simply(rulings.arrive, by=Side.SELLER), (Side.SELLER,)),
    "return_objection": (WordsForm, _object, (Side.SELLER,)),
}


def _act(request: HttpRequest, case: Case, action: str) -> HttpResponse:
    form_class, work, sides = ACTIONS.get(action, (None, None, ()))  # type: ignore[assignment]
    if work is None or case.side not in sides:
        raise NotHere
    form = _form(form_class, case, action, request) if form_class else None
    if form is not None and not form.is_valid():
        return _page(request, case, action, form, status=422)
    try:
        work(case, **(form.cleaned_data if form else {}))
    except Refusal as refusal:
        if form is None:
            return _page(request, case, refusal=refusal, status=int(refusal.kind))
        form.refuse(refusal)
        return _page(request, case, action, form, status=int(refusal.kind))
    messages.success(request, _("Done. The other side is told."))
    return redirect(case.address)


def _form(form_class: type[PageForm], case: Case, action: str, request: HttpRequest | None = None) -> PageForm:
    """Several stand on the page: each has ids of its own."""
    more: dict[str, Any] = {"auto_id": f"{action}_%s"}
    if form_class is ProposalForm:
        more |= {"hold": case.dispute.hold, "together": queries.frozen_together(case.dispute)}
    return form_class(request.POST, request.FILES, **more) if request else form_class(**more)


def _page(
    request: HttpRequest, case: Case, action: str = "", form: PageForm | None = None, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    found = queries.with_everything(case.dispute) if request.method in ("GET", "HEAD") else queries.read_case(case.dispute)
    wanted = {"propose": "proposals", "write": "messages", "show": "exhibits", "appeal": "appeal", "ship_back": "return_shipment",
              "object": "return_objection"}  # fmt: skip
    actions, step = queries.actions_of(found, case.side, at=at), queries.next_step(found)
    forms = {}
    for name in actions:
        if name in wanted and (form_class := ACTIONS[wanted[name]][0]):
            bound = form if wanted[name] == action and form is not None else _form(form_class, case, wanted[name])
            forms[name] = bound
    context = {
        "order": case.order,
        "shop": case.order.vendor if case.side == Side.SELLER else None,
        "section": "orders",
        "dispute": found,
        "step": step,
        "offer": queries.open_proposal(found, at=at),
        "rulings": queries.rulings_for_parties(found),
        "actions": actions,
        "appeal": queries.late_appeal_of(found),
        "appeal_until": queries.appeal_until(found) if "appeal" in actions and not step else None,
        "asks": forms,
        "form": form,
        "side": case.side,
        "base": case.address,
        "refusal": refusal,
        "now": at,
        "no_tabbar": True,
    }
    return render(request, "disputes/page.html", context, status=status)


def _file(case: Case, exhibit: str) -> HttpResponse:
    piece = disputes.exhibit_of(case.dispute, exhibit)
    return attachment(evidence.content(piece), kind=evidence.ENDINGS[piece.media_type], name=piece.reference)
