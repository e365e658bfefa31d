"""Asking for a return, and one page for each side of it; every form on it posts to its own address and lands on the page again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.users.queries import actor_of
from core import clock
from core.actors import Actor
from core.errors import NotHere, Refusal
from marketplace.orders import access as orders
from marketplace.orders.models import Order
from marketplace.returns import access, exchanges, operations, queries
from marketplace.returns.models import Return
from storefront.buying import visitor
from storefront.forms import PageForm
from storefront.returns.forms import AcceptForm, ApproveForm, AskForm, DeclineForm, DeductForm, ProtestForm, SendForm
from vendors.members import access as members
from vendors.members import roles

PAGE = 20


@dataclass(frozen=True)
class Case:
    """A return as one side has it: whose page it is, and where it lies."""

    asked: Return
    side: str
    actor: Actor
    address: str


# What may be posted, by the last word of the address: its form, its operation.
BUYERS: dict[str, tuple[type[PageForm] | None, Callable[..., object]]] = {
    "withdraw": (None, operations.withdraw),
    "send": (SendForm, operations.send),
    "arrive": (None, operations.arrive),
    "settle": (None, operations.settle),
    "protest": (ProtestForm, operations.protest),
    "finish": (None, exchanges.finish),
}
SELLERS: dict[str, tuple[type[PageForm] | None, Callable[..., object]]] = {
    "approve": (ApproveForm, operations.approve),
    "decline": (DeclineForm, operations.decline),
    "waive": (None, operations.waive),
    "accept": (AcceptForm, operations.accept),
    "deduct": (DeductForm, operations.deduct),
    "ship": (SendForm, exchanges.ship),
    "fall_back": (None, operations.fall_back),
}


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """What has been asked for already, and the form to ask for more."""
    order = _order(request, reference)
    at = clock.now()
    terms = queries.terms_of(order, at)
    choices = queries.choices_of(order) if terms else []
    only = choices[0] if len(choices) == 1 else None
    variants = exchanges.choices(only.line, quantity=1, at=at) if only else []
    form = AskForm(request.POST if request.method == "POST" else None, choices=choices, variants=variants)
    if request.method == "POST" and form.is_valid():
        try:
            asked = operations.ask(order=order, at=at, actor=visitor.actor_of(request), **form.said)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The seller knows it. Nothing is to be sent yet."))
            return redirect("storefront:returns:buyers", reference=order.reference, asked=asked.reference)
    context = {
        "order": order,
        "terms": terms,
        "choices": choices,
        "form": form,
        "before": queries.of_order(order),
        "no_tabbar": True,
    }
    return render(request, "returns/ask.html", context, status=422 if form.errors else 200)


@require_safe
def buyers(request: HttpRequest, reference: str, asked: str) -> HttpResponse:
    return _page(request, _bought(request, reference, asked))


@require_POST
def buyers_act(request: HttpRequest, reference: str, asked: str, action: str) -> HttpResponse:
    return _act(request, _bought(request, reference, asked), action)


@require_safe
@login_required
def shop_list(request: HttpRequest, shop: str) -> HttpResponse:
    vendor = members.get_for(request.user, slug=shop, permission=roles.VIEW_ORDERS)
    which = request.GET.get("which", "")
    page = Paginator(queries.of_shop(vendor, which=which), PAGE).get_page(request.GET.get("page"))
    tabs = [("", _("All")), ("to_do", _("To answer")), ("open", _("Under way")), ("ended", _("Ended"))]
    rows = [(asked, queries.next_step(asked)) for asked in page]
    context = {"shop": vendor, "section": "orders", "page": page, "rows": rows, "tabs": tabs, "which": which, "now": clock.now()}
    return render(request, "returns/list.html", context)


@require_safe
@login_required
def sellers(request: HttpRequest, shop: str, asked: str) -> HttpResponse:
    return _page(request, _sold(request, shop, asked, roles.VIEW_ORDERS))


@require_POST
@login_required
def sellers_act(request: HttpRequest, shop: str, asked: str, action: str) -> HttpResponse:
    permission = roles.FULFIL_ORDERS if action == "ship" else roles.REFUND_ORDERS
    return _act(request, _sold(request, shop, asked, permission), action)


def _order(request: HttpRequest, reference: str) -> Order:
    return orders.get_for(user=visitor.user_of(request), reference=reference, guest_key=visitor.guest_key(request, reference))


def _bought(request: HttpRequest, reference: str, asked: str) -> Case:
    found = access.get_among(_order(request, reference), reference=asked)
    return Case(found, "buyer", visitor.actor_of(request), f"/orders/{reference}/returns/{found.reference}/")


def _sold(request: HttpRequest, shop: str, asked: str, permission: str) -> Case:
    found = access.get_for_vendor(user=request.user, slug=shop, reference=asked, permission=permission)
    return Case(found, "seller", actor_of(request.user), f"/sell/{shop}/returns/{found.reference}/")


def _act(request: HttpRequest, case: Case, action: str) -> HttpResponse:
    form_class, work = (BUYERS if case.side == "buyer" else SELLERS).get(action, (None, None))
    if work is None:
        raise NotHere
    form = _form(form_class, case, request.POST) if form_class else None
    if form is not None and not form.is_valid():
        return _page(request, case, filled={action: form}, status=422)
    try:
        work(asked=case.asked, at=clock.now(), actor=case.actor, **(form.cleaned_data if form else {}))
    except Refusal as refusal:
        if form is not None:
            form.refuse(refusal)
        return _page(request, case, filled={action: form} if form else {}, refusal=refusal, status=int(refusal.kind))
    messages.success(request, _("Noted. The other side knows it too."))
    return redirect(case.address)


def _form(form_class: type[PageForm], case: Case, said: Any = None) -> PageForm:
    own: dict[str, Any] = {"asked": case.asked} if form_class is DeductForm else {}
    if form_class is ApproveForm:
        own["initial"] = {"send_to": operations.usual_address(case.asked), "paid_by": case.asked.paid_by}
    return form_class(said, auto_id=f"{form_class.__name__.lower()}-%s", **own)


def _page(
    request: HttpRequest, case: Case, *, filled: dict[str, PageForm] | None = None, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    verbs = BUYERS if case.side == "buyer" else SELLERS
    actions = queries.actions_of(case.asked, case.side)
    forms = {name: _form(verbs[name][0], case) for name in actions if verbs[name][0]}  # type: ignore[arg-type]
    context = {
        "asked": case.asked,
        "order": case.asked.order,
        "shop": case.asked.order.vendor if case.side == "seller" else None,
        "side": case.side,
        "step": queries.next_step(case.asked),
        "actions": actions,
        "asks": {**forms, **(filled or {})},
        "form": next(iter((filled or {}).values()), None),
        "base": case.address,
        "refusal": refusal,
        "now": clock.now(),
        "no_tabbar": True,
    }
    return render(request, "returns/page.html", context, status=status)
