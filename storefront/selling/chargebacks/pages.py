"""The shop's cases, and adding evidence to one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.users.queries import actor_of
from core import clock
from core.errors import Refusal
from escrow.chargebacks import access, evidence, queries
from escrow.chargebacks.words import PIECES
from storefront.forms import PageForm
from vendors.members import access as shops
from vendors.members import roles

PAGE = 20


class EvidenceForm(PageForm):
    """What it shows, and the words or the file."""

    name = forms.ChoiceField(label=gettext_lazy("What this shows"), choices=list(PIECES.items()))
    words = forms.CharField(
        label=gettext_lazy("In words"), required=False, max_length=evidence.LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4})
    )
    file = forms.FileField(label=gettext_lazy("Or a file: PDF, JPEG or PNG"), required=False, max_length=120)


@require_safe
@login_required
def case_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Cases over this shop's orders, newest first."""
    shop = shops.get_for(request.user, slug=slug, permission=roles.VIEW_ORDERS)
    page = Paginator(queries.of_seller(shop.party.key), PAGE).get_page(request.GET.get("page"))
    return render(request, "selling/chargebacks.html", {"shop": shop, "section": "payouts", "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def case(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """One case; POST adds to what the bank will be told."""
    right = roles.REFUND_ORDERS if request.method == "POST" else roles.VIEW_ORDERS
    shop, found = access.for_shop(request.user, slug=slug, reference=reference, permission=right)
    form, status = EvidenceForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            evidence.add(
                case=found,
                name=form.cleaned_data["name"],
                words=form.cleaned_data["words"],
                file=file.read() if file else b"",
                file_name=file.name if file else "",
                actor=actor_of(request.user),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = int(refusal.kind)
        else:
            messages.success(request, _("Thank you. It goes to the bank with everything that we know."))
            return redirect("storefront:chargebacks:one", slug=slug, reference=reference)
    shares = found.shares.filter(hold__seller=shop.party.key).select_related("hold")
    context = {
        "shop": shop,
        "section": "payouts",
        "case": found,
        "step": queries.next_step(found),
        "form": form,
        "mine": found.evidence.filter(by_kind="user").order_by("id"),
        "shares": shares,
        "may_add": found.may_answer and shops.allowed(request.user, shop, roles.REFUND_ORDERS),
        "at": clock.now(),
    }
    return render(request, "selling/chargeback.html", context, status=422 if form.errors and status == 200 else status)
