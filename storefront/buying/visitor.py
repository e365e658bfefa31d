"""Whose basket and whose order a request is about: the signed-in person's, or that of the guest's cookie and links."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.users import queries as users
from core import clock
from core.actors import Actor
from marketplace.cart import access, operations, queries
from marketplace.cart.models import Cart
from storefront import numbers

COOKIE = "souk_basket"
KEPT_SECONDS = 90 * 24 * 3600
GUEST_KEYS = "order_keys"


def user_of(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def actor_of(request: HttpRequest) -> Actor:
    user = user_of(request)
    return users.actor_of(user) if user else Actor("guest")


def token_of(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")[:100]


def cart_of(request: HttpRequest) -> Cart | None:
    return access.find_for(user=user_of(request), token=token_of(request))


def cart_to_fill(request: HttpRequest, *, at: datetime) -> tuple[Cart, str]:
    """The visitor's cart, made when there is none, and the new cookie to set ('' when none is needed)."""
    if user := user_of(request):
        return operations.open_for(user=user, at=at), ""
    found = cart_of(request)
    return (found, "") if found else operations.open_for_guest(at=at)


def remember(response: HttpResponse, token: str) -> HttpResponse:
    if token:
        response.set_cookie(COOKIE, token, max_age=KEPT_SECONDS, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response


@receiver(user_logged_in)
def merge_basket_when_user_logged_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """What was put in as a guest is not lost by signing in."""
    guest = access.guest_cart(token=token_of(request)) if request else None
    if guest is not None:
        at = clock.now()
        operations.merge_guest(guest=guest, into=operations.open_for(user=user, at=at), at=at)


def guest_key(request: HttpRequest, reference: str) -> str:
    """The key of a guest's link: from the link itself, or remembered by the session since it was opened."""
    return request.GET.get("key", "")[:200] or str(request.session.get(GUEST_KEYS, {}).get(reference, ""))


def remember_guest_key(request: HttpRequest, reference: str, key: str) -> None:
    request.session[GUEST_KEYS] = {**request.session.get(GUEST_KEYS, {}), reference: key}


def basket(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the number beside the basket, read only where a template asks for it."""
    return {"basket_count": cache(lambda: _things_in_basket(request))} if hasattr(request, "user") else {}


def _things_in_basket(request: HttpRequest) -> int:
    user = user_of(request)
    return numbers.of(user).basket if user else queries.count_of_guest(token=token_of(request))
