"""The address book."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.addresses import access
from accounts.addresses import operations as addresses
from core import clock
from core.errors import Refusal
from storefront.account.forms import AddressForm


@require_safe
@login_required
def address_list(request: HttpRequest) -> HttpResponse:
    return render(request, "account/addresses.html", {"addresses": access.of(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None, initial={"name": request.user.name, "country": request.GET.get("country", "")[:2]})
    if request.method == "POST" and form.is_valid():
        try:
            data = addresses.address_data(**form.words())
            addresses.add(user=request.user, data=data, is_default=form.cleaned_data["is_default"], at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The address is saved."))
            return redirect("storefront:account:addresses")
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    address = access.get_for(request.user, reference=reference)
    form = AddressForm(request.POST or None, initial={**AddressForm.initial_of(address.data), "is_default": address.is_default})
    if request.method == "POST" and form.is_valid():
        try:
            data = addresses.address_data(**form.words())
            addresses.change(user=request.user, reference=reference, data=data, is_default=form.cleaned_data["is_default"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The address is saved."))
            return redirect("storefront:account:addresses")
    return _form(request, form, address=address)


@require_POST
@login_required
def default(request: HttpRequest, reference: str) -> HttpResponse:
    addresses.set_default(user=request.user, reference=reference)
    messages.success(request, _("This address comes first now."))
    return redirect("storefront:account:addresses")


@require_POST
@login_required
def removal(request: HttpRequest, reference: str) -> HttpResponse:
    addresses.remove(user=request.user, reference=reference)
    messages.success(request, _("The address is removed. Orders keep their copy."))
    return redirect("storefront:account:addresses")


@require_safe
@login_required
def fields(request: HttpRequest) -> HttpResponse:
    """The fields again, for another country; what was typed stays."""
    return render(request, "account/_address_fields.html", {"form": AddressForm(initial=request.GET.dict())})


def _form(request: HttpRequest, form: AddressForm, **context: object) -> HttpResponse:
    return render(request, "account/address.html", {"form": form, **context}, status=422 if form.errors else 200)
