"""The page of a shop's money."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.step_up.freshness import ask_again_unless_fresh
from accounts.users.queries import actor_of
from core import clock
from core.errors import Refusal
from escrow.payouts import access, daily, queries
from escrow.payouts import onboarding as provider_pages
from escrow.payouts import operations as ops
from storefront.selling.payouts.forms import PayoutForm, RulesForm
from vendors.members import access as shops
from vendors.members import roles
from vendors.profiles.models import Vendor

PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def payouts(request: HttpRequest, slug: str) -> HttpResponse:
    """Balance and payouts; POST asks for one."""
    right = roles.MANAGE_PAYOUTS if request.method == "POST" else roles.VIEW_MONEY
    vendor = shops.get_for(request.user, slug=slug, permission=right)
    if request.method == "POST":
        ask_again_unless_fresh(request)
    form = PayoutForm(request.POST or None, currency=vendor.currency)
    if request.method != "POST" or not form.is_valid():
        return _page(request, vendor, form, status=422 if form.errors else 200)
    try:
        ops.request(
            seller=vendor.party.key, currency=vendor.currency, amount=form.cleaned_data["amount"], actor=actor_of(request.user), at=clock.now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, vendor, form, status=int(refusal.kind))
    messages.success(request, _("The payout is on its way."))
    return redirect("storefront:payouts:list", slug=slug)


@require_POST
@login_required
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """When the shop is paid without asking."""
    vendor = shops.get_for(request.user, slug=slug, permission=roles.MANAGE_PAYOUTS)
    form = RulesForm(request.POST, currency=vendor.currency)
    if not form.is_valid():
        return _page(request, vendor, PayoutForm(currency=vendor.currency), rules=form, status=422)
    try:
        ops.choose(party=vendor.party.key, actor=actor_of(request.user), at=clock.now(), **form.cleaned_data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, vendor, PayoutForm(currency=vendor.currency), rules=form, status=int(refusal.kind))
    messages.success(request, _("Saved."))
    return redirect("storefront:payouts:list", slug=slug)


@require_POST
@login_required
def account(request: HttpRequest, slug: str) -> HttpResponse:
    """Set up the payout account."""
    vendor = shops.get_for(request.user, slug=slug, permission=roles.MANAGE_PAYOUTS)
    ask_again_unless_fresh(request)
    ops.ensure_account(party=vendor.party.key, currency=vendor.currency, country=str(vendor.country), actor=actor_of(request.user), at=clock.now())
    messages.success(request, _("Your payout account is being opened. This takes a minute."))
    return redirect("storefront:payouts:list", slug=slug)


@require_http_methods(["GET", "POST"])
@login_required
def onboarding(request: HttpRequest, slug: str) -> HttpResponse:
    """To the provider's questions; its page sends back here when its address is used up."""
    vendor = shops.get_for(request.user, slug=slug, permission=roles.MANAGE_PAYOUTS)
    ask_again_unless_fresh(request)
    back, again = (request.build_absolute_uri(reverse(f"storefront:payouts:{name}", args=[slug])) for name in ("returned", "onboarding"))
    address = provider_pages.link(
        party=vendor.party.key,
        currency=vendor.currency,
        country=str(vendor.country),
        return_url=back,
        refresh_url=again,
        actor=actor_of(request.user),
        at=clock.now(),
    )
    return redirect(address)


@require_safe
@login_required
def returned(request: HttpRequest, slug: str) -> HttpResponse:
    """Back from the provider's questions: say how it stands."""
    vendor = shops.get_for(request.user, slug=slug, permission=roles.MANAGE_PAYOUTS)
    account = provider_pages.look_again(party=vendor.party.key, at=clock.now())
    if account.ready:
        messages.success(request, _("Your payouts are set up."))
    else:
        messages.info(request, _("The payment provider still checks your answers, or wants to know more. We look again by ourselves."))
    return redirect("storefront:payouts:list", slug=slug)


@require_POST
@login_required
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """To the provider's page about the shop's money and bank account."""
    vendor = shops.get_for(request.user, slug=slug, permission=roles.MANAGE_PAYOUTS)
    ask_again_unless_fresh(request)
    return redirect(provider_pages.dashboard(party=vendor.party.key))


@require_POST
@login_required
def retry(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Send a returned payout to the bank again."""
    payout = access.get_for(request.user, slug=slug, reference=reference, permission=roles.MANAGE_PAYOUTS)
    ops.try_again(payout=payout, actor=actor_of(request.user), at=clock.now())
    messages.success(request, _("The payout is on its way to the bank again."))
    return redirect("storefront:payouts:list", slug=slug)


def _page(request: HttpRequest, vendor: Vendor, form: PayoutForm, *, rules: RulesForm | None = None, status: int) -> HttpResponse:
    account, at = queries.account_of(vendor.party.key), clock.now()
    if account and rules is None:
        chosen = {"schedule": account.schedule, "minimum": daily.least_of(account).plain()}
        rules = RulesForm(initial=chosen, currency=vendor.currency)
    context = {
        "rules": rules,
        "at": at,
        "frozen": bool(account and account.is_frozen(at)),
        "reserve_percent": account.reserve_bp / 100 if account else 0,
        "shop": vendor,
        "section": "payouts",
        "dashboard": bool(account and account.provider != "sandbox"),
        "form": form,
        "balance": queries.balance_of(vendor.party.key, vendor.currency),
        "account": account,
        "page": Paginator(queries.payouts_of(vendor.party.key), PAGE).get_page(request.GET.get("page")),
        "may_ask": shops.allowed(request.user, vendor, roles.MANAGE_PAYOUTS),
        "threshold": daily.least_of(account) if account else daily.threshold(vendor.currency),
    }
    return render(request, "selling/payouts.html", context, status=status)
