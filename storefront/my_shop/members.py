"""Who works in the shop, and the page behind an invitation's link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.users.queries import actor_of
from core import clock
from core.errors import Refusal
from storefront.my_shop.forms import InviteForm
from vendors.members import access, queries, roles
from vendors.members import operations as members
from vendors.members.models import Role
from vendors.profiles.models import Vendor

ROLE_WORDS = {
    "owner": gettext_lazy("Everything, also members and payouts."),
    "manager": gettext_lazy("Everything except members and payouts."),
    "lister": gettext_lazy("Write and publish listings."),
    "packer": gettext_lazy("See orders, pack and ship."),
    "accountant": gettext_lazy("See orders, balances and statements."),
    "support": gettext_lazy("See orders, cancel and refund."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def member_list(request: HttpRequest, slug: str) -> HttpResponse:
    may = roles.MANAGE_MEMBERS if request.method == "POST" else roles.VIEW_SHOP
    vendor = access.get_for(request.user, slug=slug, permission=may)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            members.invite(vendor=vendor, by=request.user, actor=actor_of(request.user), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("storefront:my_shop:members", slug=slug)
    return _page(request, vendor, form)


@require_POST
@login_required
def role(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    vendor = access.get_for(request.user, slug=slug, permission=roles.MANAGE_MEMBERS)
    try:
        members.change_role(vendor=vendor, reference=reference, role=request.POST.get("role", ""), actor=actor_of(request.user), at=clock.now())
    except Refusal as refusal:
        return _page(request, vendor, InviteForm(), refusal)
    messages.success(request, _("The role is changed."))
    return redirect("storefront:my_shop:members", slug=slug)


@require_POST
@login_required
def removal(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    vendor = access.get_to_remove(request.user, slug=slug, member=reference)
    try:
        members.remove(vendor=vendor, reference=reference, actor=actor_of(request.user), at=clock.now())
    except Refusal as refusal:
        return _page(request, vendor, InviteForm(), refusal)
    messages.success(request, _("The membership is ended."))
    inside = access.may_enter(request.user, vendor)
    return redirect("storefront:my_shop:members", slug=slug) if inside else redirect("storefront:account:overview")


@require_POST
@login_required
def withdrawal(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    vendor = access.get_for(request.user, slug=slug, permission=roles.MANAGE_MEMBERS)
    members.withdraw(vendor=vendor, reference=reference, actor=actor_of(request.user), at=clock.now())
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("storefront:my_shop:members", slug=slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what is offered; only the button accepts it, so that a mail scanner cannot."""
    found, refused = None, None
    try:
        found = queries.invitation_in(token, at=clock.now())
        if request.method == "POST":
            member = members.accept(token=token, user=request.user, actor=actor_of(request.user), at=clock.now())
            messages.success(request, _("Welcome to the team of {shop}.").format(shop=member.vendor.name))
            return redirect("storefront:my_shop:members", slug=member.vendor.slug)
    except Refusal as refusal:
        refused = refusal
    context = {"invitation": found, "refusal": refused, "role_words": ROLE_WORDS.get(found.role, "") if found else ""}
    return render(request, "my_shop/invitation.html", context, status=int(refused.kind) if refused else 200)


def _page(request: HttpRequest, vendor: Vendor, form: InviteForm, refusal: Refusal | None = None) -> HttpResponse:
    mine = access.permissions_in(request.user, vendor)
    manages = roles.MANAGE_MEMBERS in mine
    context = {
        "shop": vendor,
        "form": form,
        "refusal": refusal,
        "members": queries.of(vendor),
        "invitations": queries.open_invitations(vendor, at=clock.now()) if manages else [],
        "manages": manages,
        "mine": mine,
        "roles": [(code, label, ROLE_WORDS[code]) for code, label in Role.choices],
        "section": "members",
    }
    return render(request, "my_shop/members.html", context, status=int(refusal.kind) if refusal else 422 if form.errors else 200)
